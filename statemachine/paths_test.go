package statemachine_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
	"pizzasaga/statemachine"
)

// ending is how a task ends.
type ending struct {
	name  string
	fails bool // including all retries
	mock  asltest.Mock
}

var (
	broken   = asltest.Throw("Lambda.Unknown", "no connection")
	declined = ending{"is declined", true, asltest.Throw("PaymentDeclined", "")}
	endings  = []ending{
		declined,
		{"is refused", true, asltest.Throw("SimulatedFailure", "")},
		{"is broken", true, broken},
		{"is flaky", false, asltest.Func(func(c asltest.Call) asltest.Response {
			if c.Attempt == 0 {
				return broken
			}
			return done(c)
		})},
		{"goes well", false, asltest.Func(done)},
	}
)

// done is the success of a task, whether it runs a step or sends a message.
func done(c asltest.Call) asltest.Response {
	if strings.Contains(c.Resource, ":sqs:") {
		return asltest.Return(`{"MessageId": "1"}`)
	}
	return asltest.Payload(`{"orderId": "A", "status": "DELIVERY_CONFIRMED", "payment": "COMPLETE", "loyalty": "ADDED"}`)
}

// drawn draws at random how each task ends; three of four succeed.
func drawn(tasks []string, chance *rand.Rand) map[string]ending {
	ends := map[string]ending{}
	for _, name := range tasks {
		ends[name] = endings[min(chance.IntN(4*len(endings)-4), len(endings)-1)]
	}
	return ends
}

// TestHoweverTasksEndAnOrderIsDeliveredOrUndone runs the deployed definition with random
// results of its tasks, often enough to cover every part of it.
func TestHoweverTasksEndAnOrderIsDeliveredOrUndone(t *testing.T) {
	var parsed machine
	require.NoError(t, json.Unmarshal(statemachine.Pizza, &parsed))
	var tasks, uncaught []string
	parsed.visit(nil, func(name string, s state, _ *state) {
		if s.Type == "Task" {
			tasks = append(tasks, name)
		}
		if s.Type == "Task" && s.Catch == nil {
			uncaught = append(uncaught, name)
		}
	})
	slices.Sort(tasks)
	pizza, err := asl.Load(statemachine.Pizza, map[string]string{
		"Partition": "aws", "FunctionArn": "pizza-saga", "AddLoyaltyPointsDLQUrl": "a", "RefundPaymentDLQUrl": "b", "ReclaimLoyaltyPointsDLQUrl": "c",
	})
	require.NoError(t, err)
	saga := asltest.New(pizza)
	for seed := range uint64(2000) {
		ends, mocks := drawn(tasks, rand.New(rand.NewPCG(seed, 0))), asltest.Mocks{}
		for name, e := range ends {
			mocks[name] = e.mock
		}
		run := saga.Run(t, `{"orderId": "A", "perStepDelaySeconds": 20}`, mocks)
		checkPath(t, run, ends, uncaught, fmt.Sprintf("seed %d: %v", seed, run.States()))
	}
	saga.Covered(t, nil)
}

// checkPath checks the rules for the path of an execution.
func checkPath(t *testing.T, run *asltest.Run, ends map[string]ending, uncaught []string, path string) {
	t.Helper()
	visited := run.States()
	switch {
	case run.Status == asl.Succeeded:
		require.NotContains(t, visited, "RefundPayment", "%s: a delivered order is not refunded", path)
	case run.Error == "OrderFailed":
		require.Contains(t, visited, "NotifyCustomer", "%s: the customer is notified", path)
		if slices.Contains(visited, "ProcessPayment") && ends["ProcessPayment"].name != declined.name {
			require.Contains(t, visited, "RefundPayment", "%s: the money is refunded", path)
		}
	default:
		require.Contains(t, uncaught, visited[len(visited)-1], "%s: only a state without a Catch fails the execution", path)
	}
	for _, name := range []string{"RefundPayment", "ReclaimLoyaltyPoints"} {
		if slices.Contains(visited, name) && ends[name].fails {
			require.Contains(t, visited, name+"DLQ", "%s: the remaining work is in a dead letter", path)
		}
	}
}
