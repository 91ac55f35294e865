package statemachine_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
	"pizzasaga/statemachine"
)

// The ends of a task.
var (
	done    = asltest.Payload(`{"orderId": "A", "status": "DELIVERY_CONFIRMED", "payment": "COMPLETE", "loyalty": "ADDED"}`)
	sent    = asltest.Return(`{"MessageId": "1"}`)
	refused = asltest.Throw("SimulatedFailure", "errorOnStep")
	broken  = asltest.Throw("Lambda.Unknown", "no connection") // in all retries
)

// flaky is a task that fails once before it ends.
func flaky(end asltest.Response) asltest.Mock { return asltest.InOrder(broken, end) }

// pizza returns the definition that is deployed.
func pizza(t *testing.T) *asltest.Machine {
	definition, err := asl.Load(statemachine.Pizza, map[string]string{
		"Partition": "aws", "FunctionArn": "pizza-saga", "AddLoyaltyPointsDLQUrl": "a", "RefundPaymentDLQUrl": "b", "ReclaimLoyaltyPointsDLQUrl": "c",
	})
	require.NoError(t, err)
	return asltest.New(definition)
}

// mocks returns tasks that all end well, but for the given ones.
func mocks(others asltest.Mocks) asltest.Mocks {
	all := asltest.Mocks{}
	for _, name := range []string{"CreateOrder", "ProcessPayment", "AddLoyaltyPoints", "PrepareOrder", "ProcessOrder", "CompleteOrder",
		"RefundPayment", "ReclaimLoyaltyPoints", "NotifyCustomer"} {
		all[name] = done
	}
	for _, name := range []string{"AddLoyaltyPointsDLQ", "RefundPaymentDLQ", "ReclaimLoyaltyPointsDLQ"} {
		all[name] = sent
	}
	maps.Copy(all, others)
	return all
}

func TestEveryPathOfTheDefinitionIsTaken(t *testing.T) {
	const (
		forward = "CreateOrder ProcessPayment FulfilOrder AddLoyaltyPoints PrepareOrder "
		cooked  = forward + "CookPizza ProcessOrder "
		told    = "NotifyCustomer OrderFailed"
	)
	machine := pizza(t)
	for _, test := range []struct {
		name    string
		others  asltest.Mocks
		visited string
		fails   string // the execution's error; empty if it succeeds
	}{
		{"all goes well, after one retry of each step", asltest.Mocks{"CreateOrder": flaky(done), "ProcessPayment": flaky(done), "CompleteOrder": flaky(done)},
			cooked + "DeliverPizza CompleteOrder", ""},
		{"the order is not created", asltest.Mocks{"CreateOrder": refused, "NotifyCustomer": flaky(done)}, "CreateOrder " + told, "OrderFailed"},
		{"the customer cannot be told", asltest.Mocks{"CreateOrder": refused, "NotifyCustomer": broken}, "CreateOrder " + told, "OrderFailed"},
		{"the payment is declined", asltest.Mocks{"ProcessPayment": asltest.Throw("PaymentDeclined", "")}, "CreateOrder ProcessPayment " + told, "OrderFailed"},
		{"the payment's end is not known", asltest.Mocks{"ProcessPayment": broken, "RefundPayment": flaky(done), "ReclaimLoyaltyPoints": flaky(done)},
			"CreateOrder ProcessPayment RefundPayment ReclaimLoyaltyPoints " + told, "OrderFailed"},
		{"there are no points", asltest.Mocks{"AddLoyaltyPoints": refused, "AddLoyaltyPointsDLQ": flaky(sent)},
			forward + "AddLoyaltyPointsDLQ CookPizza ProcessOrder DeliverPizza CompleteOrder", ""},
		{"the letter of the points is lost", asltest.Mocks{"AddLoyaltyPoints": refused, "AddLoyaltyPointsDLQ": broken},
			forward + "AddLoyaltyPointsDLQ CookPizza LoyaltyDeadLetterLost ProcessOrder DeliverPizza CompleteOrder", ""},
		{"the kitchen does not begin", asltest.Mocks{"PrepareOrder": refused}, forward + "KitchenFailed RefundPayment ReclaimLoyaltyPoints " + told, "OrderFailed"},
		{"the kitchen is flaky, and so are the points", asltest.Mocks{"PrepareOrder": flaky(done), "ProcessOrder": flaky(done), "AddLoyaltyPoints": flaky(done)},
			cooked + "DeliverPizza CompleteOrder", ""},
		{"the hand-over fails, and so does the refund", asltest.Mocks{"ProcessOrder": refused, "RefundPayment": broken, "RefundPaymentDLQ": flaky(sent)},
			cooked + "KitchenFailed RefundPayment RefundPaymentDLQ " + told, "OrderFailed"},
		{"the letter of the refund is lost", asltest.Mocks{"ProcessOrder": refused, "RefundPayment": broken, "RefundPaymentDLQ": broken},
			cooked + "KitchenFailed RefundPayment RefundPaymentDLQ " + told, "OrderFailed"},
		{"the points are not taken back", asltest.Mocks{"ProcessOrder": refused, "ReclaimLoyaltyPoints": broken, "ReclaimLoyaltyPointsDLQ": flaky(sent)},
			cooked + "KitchenFailed RefundPayment ReclaimLoyaltyPoints ReclaimLoyaltyPointsDLQ " + told, "OrderFailed"},
		{"the letter of the reclaim is lost", asltest.Mocks{"ProcessOrder": refused, "ReclaimLoyaltyPoints": broken, "ReclaimLoyaltyPointsDLQ": broken},
			cooked + "KitchenFailed RefundPayment ReclaimLoyaltyPoints ReclaimLoyaltyPointsDLQ " + told, "OrderFailed"},
		{"the delivered order is not confirmed", asltest.Mocks{"CompleteOrder": refused}, cooked + "DeliverPizza CompleteOrder", "SimulatedFailure"},
	} {
		t.Run(test.name, func(t *testing.T) {
			run := machine.Run(t, `{"orderId": "A", "perStepDelaySeconds": 20}`, mocks(test.others))
			run.Visited(t, strings.Fields(test.visited)...)
			if test.fails != "" {
				run.Failed(t, test.fails, "*")
				return
			}
			run.Succeeded(t, `{"orderId": "A", "status": "DELIVERY_CONFIRMED", "payment": "COMPLETE", "loyalty": "ADDED"}`)
		})
	}
	machine.Covered(t, nil)
}
