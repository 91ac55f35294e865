package console

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// orders has orders by id.
type orders map[string]order.Order

func (s orders) Get(_ context.Context, id string) (order.Order, error) {
	if o, ok := s[id]; ok {
		return o, nil
	}
	return order.Order{}, order.ErrNotFound
}

// told returns what is printed for an execution whose events are a second apart.
func told(s orders, id string, events ...asl.Event) string {
	var out bytes.Buffer
	p := NewProgress(&out, s)
	for i, e := range events {
		e.ID, e.PreviousID = int64(i+1), int64(i)
		e.Time = time.Date(2026, 11, 22, 11, 10, i, 0, time.UTC)
		p.Observe(id, e)
	}
	p.Close()
	return out.String()
}

func TestAnOrdersProgressIsPrinted(t *testing.T) {
	cause := `{"errorType":"SimulatedFailure","errorMessage":"createOrder: simulated failure"}`
	o := order.Order{Request: order.Request{ID: "PYHWA52WTS7L", Flavour: "Pineapple", ErrorOnStep: workflow.FaultCreateOrder},
		Status: order.Failed, Payment: order.PaymentNone, Loyalty: order.LoyaltyNone}
	require.Equal(t, `11:10:00.000  PYHWA5  Pineapple pizza, order PYHWA52WTS7L, createOrder will fail
11:10:01.000  PYHWA5    CreateOrder
11:10:03.000  PYHWA5    CreateOrder ✗ attempt 1: SimulatedFailure: createOrder: simulated failure
11:10:05.000  PYHWA5    CreateOrder ✗ attempt 2: States.Timeout
11:10:06.000  PYHWA5  ■ FAILED, payment NONE, loyalty NONE, after 6s
`, told(orders{o.ID: o}, o.ID,
		asl.Event{Type: asl.ExecutionStarted},
		asl.Event{Type: "TaskStateEntered", Details: &asl.StateEnteredDetails{Name: "CreateOrder"}},
		asl.Event{Type: asl.TaskScheduled},
		asl.Event{Type: asl.TaskFailed, Details: &asl.TaskFailureDetails{Error: "SimulatedFailure", Cause: cause}},
		asl.Event{Type: asl.TaskScheduled},
		asl.Event{Type: asl.TaskTimedOut, Details: &asl.TaskFailureDetails{Error: "States.Timeout"}},
		asl.Event{Type: asl.ExecutionFailed},
	))
}

func TestEventsBeforeARestartAreRememberedAndNotPrinted(t *testing.T) {
	at := func(id int64, kind asl.EventType, details asl.Details) asl.Event {
		return asl.Event{ID: id, PreviousID: id - 1, Time: time.Date(2026, 11, 22, 11, 10, int(id), 0, time.UTC), Type: kind, Details: details}
	}
	var out bytes.Buffer
	p := NewProgress(&out, orders{})
	p.Resumed("test", []asl.Event{
		at(1, asl.ExecutionStarted, nil),
		at(2, "TaskStateEntered", &asl.StateEnteredDetails{Name: "CreateOrder"}),
		at(3, asl.TaskScheduled, nil),
	})
	p.Observe("test", at(4, asl.TaskTimedOut, &asl.TaskFailureDetails{Error: "States.Timeout"}))
	p.Observe("test", at(5, asl.ExecutionFailed, nil))
	p.Close()
	require.Equal(t, `11:10:04.000  test    CreateOrder ✗ attempt 1: States.Timeout
11:10:05.000  test  ■ ExecutionFailed after 4s
`, out.String())
}

func TestAnExecutionWithoutAnOrderIsPrintedToo(t *testing.T) {
	require.Equal(t, `11:10:00.000  test  execution started
11:10:01.000  test  ■ ExecutionSucceeded after 1s
`, told(nil, "test", asl.Event{Type: asl.ExecutionStarted}, asl.Event{Type: asl.ExecutionSucceeded}))
}

func TestAnOrderThatEndsAfterItsExecutionIsPrintedAgain(t *testing.T) {
	request := order.Request{ID: "PYHWA52WTS7L", Flavour: "Pineapple"}
	stored := orders{request.ID: {Request: request, Status: order.CookingStarted, Payment: order.PaymentPaid, Loyalty: order.LoyaltyAdded}}
	var out bytes.Buffer
	p := NewProgress(&out, stored)
	at := time.Date(2026, 11, 22, 11, 10, 0, 0, time.UTC)
	p.Observe(request.ID, asl.Event{ID: 1, Type: asl.ExecutionStarted, Time: at})
	p.Observe(request.ID, asl.Event{ID: 2, Type: asl.ExecutionAborted, Time: at.Add(3 * time.Second)})
	stored[request.ID] = order.Order{Request: request, Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyReclaimed}
	p.Reconciled(stored[request.ID])
	p.Close()
	require.Regexp(t, `^11:10:00.000  PYHWA5  Pineapple pizza, order PYHWA52WTS7L
11:10:03.000  PYHWA5  ✗ ExecutionAborted after 3s, at COOKING_STARTED, payment COMPLETE, loyalty ADDED
\d\d:\d\d:\d\d.\d\d\d  PYHWA5  ■ CANCELLED, payment REFUNDED, loyalty RECLAIMED, reconciled
$`, out.String())
}

// stuck is a terminal that stops reading until it is released.
type stuck struct {
	bytes.Buffer
	release chan struct{}
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.release
	return s.Buffer.Write(p)
}

func TestASlowTerminalLosesLinesAndSaysHowMany(t *testing.T) {
	out := &stuck{release: make(chan struct{})}
	p := NewProgress(out, orders{})
	for range backlog + 100 {
		p.Observe("test", asl.Event{ID: 1, Type: asl.ExecutionStarted})
	}
	close(out.release)
	p.Close()
	require.Regexp(t, `… \d+ events skipped`, out.String())
}

func TestAnExecutionThatFailsAfterItsOrderWasDeliveredIsShownAsFailed(t *testing.T) {
	o := order.Order{Request: order.Request{ID: "PYHWA52WTS7L"}, Status: order.EndStatuses()[0], Payment: order.PaymentPaid, Loyalty: order.LoyaltyAdded}
	require.Contains(t, told(orders{o.ID: o}, o.ID, asl.Event{Type: asl.ExecutionFailed}), string(o.Status)+", payment COMPLETE, loyalty ADDED, but the execution FAILED, after 0s")
}
