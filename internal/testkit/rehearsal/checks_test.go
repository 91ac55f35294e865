package rehearsal

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/smoke"
	"pizzasaga/internal/workflow"
)

type check struct {
	name  string
	check func(tester, *stack)
}

// checks are the checks of a stack with fault injection, in sequence.
var checks = []check{
	{"the API has its routes", routes},
	{"every outcome is correct", smokes},
	{"dead letters are redriven", redriven},
	{"an order whose execution was stopped is rolled back at once", stopped},
	{"a refund that fails again becomes a dead letter", stoppedAndOwed},
	{"an order whose event was lost is found within an hour", lostEvent},
}

// routes reads the gateway's routes. Requests are not enough, because the open catch-all
// route answers for a missing one.
func routes(t tester, s *stack) {
	var apis struct {
		Items []struct{ Name, APIID string }
	}
	s.read(t, &apis, "apigatewayv2", "get-apis")
	for _, api := range apis.Items {
		if api.Name != s.name {
			continue
		}
		var got []string
		var routes struct{ Items []struct{ RouteKey string } }
		s.read(t, &routes, "apigatewayv2", "get-routes", "--api-id", api.APIID)
		for _, r := range routes.Items {
			got = append(got, r.RouteKey)
		}
		require.ElementsMatch(t, []string{"POST /{proxy+}", "$default"}, got)
	}
}

// smokes runs the smoke and then compares the executions that it started with the
// outcomes.
func smokes(t tester, s *stack) {
	began := time.Now()
	out := &strings.Builder{}
	err := smoke.Run(t.Context(), smoke.Config{URL: s.output["ApiUrl"], Transport: s.transport, Timeout: patience, Out: out})
	t.Logf("%s", out)
	require.NoError(t, err)

	list, err := s.workflow().ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: aws.String(s.output["StateMachineArn"])})
	require.NoError(t, err)
	compared := 0
	for _, e := range list.Executions {
		o := s.order(t, *e.Name)
		if o.CreatedAt.Before(began.Truncate(time.Millisecond)) || o.CancelRequestedAt != nil {
			continue // any step after the payment may have found the cancellation
		}
		want := outcomes.All()[o.ErrorOnStep]
		status, entered := s.history(t, o.ID)
		require.Equal(t, want.Execution, status, "errorOnStep %d", want.Fault)
		require.Equal(t, want.Main, entered, "errorOnStep %d", want.Fault)
		compared++
	}
	require.Equal(t, len(outcomes.All()), compared)
}

// requireUndone requires that the order was rolled back because its execution ended
// before it.
func requireUndone(t tester, o order.Order) {
	t.Helper()
	require.Equal(t, order.Cancelled, o.Status)
	require.Equal(t, order.PaymentRefunded, o.Payment)
	require.NotEqual(t, order.LoyaltyAdded, o.Loyalty)
	require.Equal(t, "ExecutionEnded", o.Failure.Error)
	require.NotNil(t, o.NotifiedAt)
}

// redrive makes the function redrive every dead letter, and returns the orders.
func (s *stack) redrive(t tester) map[string]order.Summary {
	t.Helper()
	orders := map[string]order.Summary{}
	for more := true; more; {
		var report struct {
			Queues []struct {
				Redriven []order.Summary
				Kept     []struct{ OrderID, Error string }
			}
			More bool
		}
		s.invoke(t, &report, `{"action":"redriveDeadLetters"}`)
		for _, q := range report.Queues {
			for _, k := range q.Kept {
				// A repeated deletion, because the first answer was late. AWS accepts it,
				// the emulator does not.
				require.Contains(t, k.Error, "ReceiptHandleIsInvalid")
				orders[k.OrderID] = s.order(t, k.OrderID).Summary()
			}
			for _, o := range q.Redriven {
				orders[o.ID] = o
			}
		}
		more = report.More
	}
	return orders
}

func redriven(t tester, s *stack) {
	var placed []string
	faults := []order.Fault{workflow.FaultAddLoyaltyPoints, workflow.FaultRefundPayment, workflow.FaultReclaimLoyaltyPoints}
	for _, f := range faults {
		placed = append(placed, s.place(t, f, 0))
	}
	for _, id := range placed {
		require.Len(t, s.ended(t, id).DeadLetters, 1)
	}
	orders := s.redrive(t)
	for i, id := range placed {
		require.Contains(t, orders, id, "errorOnStep %d", faults[i])
		o := s.order(t, id)
		require.Empty(t, o.DeadLetters)
		if faults[i] == workflow.FaultAddLoyaltyPoints {
			require.Equal(t, order.LoyaltyAdded, o.Loyalty)
		} else {
			require.Equal(t, order.Cancelled, o.Status)
		}
	}
}

// stopped relies on the rule: the emulator sends it the event that the execution was
// stopped.
func stopped(t tester, s *stack) {
	id := s.stopPaid(t)
	requireUndone(t, s.ended(t, id))
}

// stoppedAndOwed stops an execution whose refund fails, so that the function must send
// the dead letter.
func stoppedAndOwed(t tester, s *stack) {
	id := s.place(t, workflow.FaultRefundPayment, 2)
	s.awaitStatus(t, id, order.RollingBack)
	s.stop(t, id)
	o := s.ended(t, id)
	require.Equal(t, order.RollbackFailed, o.Status)
	require.Equal(t, []order.Queue{workflow.RefundPaymentQueue}, o.DeadLetters)
	require.Equal(t, order.PaymentRefunded, s.redrive(t)[id].Payment)
}

// lostEvent disables the rule for events and sends the hourly rule's event. It stops the
// order in its payment, because the emulator does not stop a Parallel.
func lostEvent(t tester, s *stack) {
	byEvent := s.resource(t, "UnfinishedOrdersRule")
	s.run(t, "events", "disable-rule", "--name", byEvent)
	defer s.run(t, "events", "enable-rule", "--name", byEvent)
	id := s.place(t, workflow.FaultNone, 3)
	s.awaitStatus(t, id, order.TakingPayment)
	s.stop(t, id)
	s.awaitStatus(t, id, order.Paid)
	var hourly struct{ Targets []struct{ Input string } }
	s.read(t, &hourly, "events", "list-targets-by-rule", "--rule", s.resource(t, "HourlyRule"))
	var found struct {
		Reconciled []order.Summary
		Failed     []any
		Complete   bool
	}
	s.invoke(t, &found, hourly.Targets[0].Input)
	require.Empty(t, found.Failed)
	require.True(t, found.Complete)
	require.NotEmpty(t, found.Reconciled)
	requireUndone(t, s.order(t, id))
}
