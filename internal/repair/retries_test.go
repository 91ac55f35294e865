package repair_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/workflow"
)

// ailing fails the first calls.
type ailing struct {
	fails int
	takes time.Duration // for each call, unless its context ends first
	calls int
}

func (a *ailing) call(ctx context.Context) error {
	a.calls++
	select {
	case <-time.After(a.takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	if a.calls <= a.fails {
		return errors.New("out of order")
	}
	return nil
}

type ailingGateway struct {
	simulated.Gateway
	*ailing
}

func (g ailingGateway) Refund(ctx context.Context, _ order.Request) error { return g.call(ctx) }

type ailingQueues struct {
	*memory.Queues
	*ailing
}

func (q ailingQueues) Send(ctx context.Context, queue order.Queue, body string) (string, error) {
	if err := q.call(ctx); err != nil {
		return "", err
	}
	return q.Queues.Send(ctx, queue, body)
}

// reconcileOne reconciles an order whose refund has begun, as a sweep does, within 30
// seconds. It returns the final order and its letter.
func reconcileOne(t *testing.T, gateway, queue *ailing, change func(*order.Order)) (order.Summary, []memory.Message) {
	x := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}, gateway: ailingGateway{ailing: gateway}}
	queues := ailingQueues{&memory.Queues{}, queue}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	s := sweep(ctx, t, x.repairer(t, queues, change))
	require.Len(t, s.Reconciled, 1)
	return s.Reconciled[0], queues.Messages(workflow.RefundPaymentQueue)
}

// refunding sets the order's statuses to those of a refund that has begun.
func refunding(o *order.Order) { o.Status, o.Payment = order.RollingBack, order.PaymentRefunding }

func TestAReconciliationRetriesACompensationFiveTimes(t *testing.T) {
	for _, test := range []struct {
		name    string
		gateway ailing
		calls   int
		end     order.Status
		letters int
	}{
		{"the last attempt succeeds", ailing{fails: 5}, 6, order.Cancelled, 0},
		{"every attempt fails", ailing{fails: 6}, 6, order.RollbackFailed, 1},
		{"fewer attempts if each takes long", ailing{fails: 6, takes: 3 * time.Second}, 3, order.RollbackFailed, 1},
		{"one attempt if it hangs", ailing{takes: time.Hour}, 1, order.RollbackFailed, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o, letters := reconcileOne(t, &test.gateway, &ailing{takes: time.Second}, refunding)
				require.Equal(t, test.end, o.Status)
				require.Len(t, letters, test.letters)
				require.Equal(t, test.calls, test.gateway.calls)
			})
		})
	}
}

// TestASimulatedFailureIsNotRetried: it would fail the same way, and the customer is
// waiting for the end.
func TestASimulatedFailureIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		o, letters := reconcileOne(t, &ailing{}, &ailing{}, refundFails)
		require.Equal(t, order.RollbackFailed, o.Status)
		require.Len(t, letters, 1)
		require.Equal(t, began, time.Now())
	})
}

func TestAReconciliationRetriesADeadLetterFiveTimes(t *testing.T) {
	for name, test := range map[string]struct{ fails, letters int }{"the last attempt succeeds": {5, 1}, "every attempt fails": {6, 0}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				queue := ailing{fails: test.fails}
				o, letters := reconcileOne(t, &ailing{}, &queue, refundFails)
				require.Equal(t, order.RollbackFailed, o.Status)
				require.Len(t, letters, test.letters)
				require.Equal(t, 6, queue.calls)
			})
		})
	}
}

func TestADeadLetterIsNotGivenUpWhenTimeRunsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}}
		queues := ailingQueues{&memory.Queues{}, &ailing{fails: 1, takes: time.Minute}}
		r := x.repairer(t, queues, refundFails)
		_, err := r.Reconcile(t.Context(), []byte(`{}`))
		require.ErrorContains(t, err, "send the dead letter")
		queues.takes = 0
		require.Equal(t, order.RollbackFailed, sweep(t.Context(), t, r).Reconciled[0].Status)
		require.Len(t, queues.Messages(workflow.RefundPaymentQueue), 1)
	})
}

func TestRedrivingALetterIsOneAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gateway := &ailing{fails: 100}
		x := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}, gateway: ailingGateway{ailing: gateway}}
		r := x.repairer(t, &memory.Queues{}, refunding)
		require.Equal(t, order.RollbackFailed, sweep(t.Context(), t, r).Reconciled[0].Status)
		before, began := gateway.calls, time.Now()
		answer, err := r.Redrive(t.Context(), []byte(`{"queue":"RefundPayment"}`))
		require.NoError(t, err)
		require.Contains(t, string(answer), "out of order")
		require.Equal(t, before+1, gateway.calls)
		require.Equal(t, began, time.Now())
	})
}

func TestARedrivenRefundThatHangsHasFailedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gateway := &ailing{fails: 100}
		x := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}, gateway: ailingGateway{ailing: gateway}}
		r := x.repairer(t, &memory.Queues{}, refunding)
		require.Equal(t, order.RollbackFailed, sweep(t.Context(), t, r).Reconciled[0].Status)
		gateway.takes = time.Hour
		answer, err := r.Redrive(t.Context(), []byte(`{"queue":"RefundPayment"}`))
		require.NoError(t, err)
		require.Contains(t, string(answer), "deadline exceeded")
		answer, err = r.Reconcile(t.Context(), []byte(`{"execution":"1ns"}`))
		require.NoError(t, err)
		require.Contains(t, string(answer), `"payment":"REFUND_FAILED"`)
	})
}

// halfRead has a queue that cannot be read.
type halfRead struct {
	*memory.Queues
	unread order.Queue
}

func (q halfRead) Receive(ctx context.Context, queue order.Queue, most int) ([]repair.Message, error) {
	if queue == q.unread {
		return nil, order.ErrUnavailable
	}
	return q.Queues.Receive(ctx, queue, most)
}

func TestAQueueThatCannotBeReadDoesNotStopTheOthers(t *testing.T) {
	x, queues := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}}, &memory.Queues{}
	require.Len(t, sweep(t.Context(), t, x.repairer(t, queues, refundFails)).Reconciled, 1)
	r := x.repairer(t, halfRead{queues, workflow.ReclaimLoyaltyPointsQueue}, func(o *order.Order) {
		o.Status, o.Payment = order.RollbackFailed, order.PaymentRefundFailed
	})
	_, err := r.Redrive(t.Context(), []byte(`{}`))
	require.ErrorIs(t, err, order.ErrUnavailable)
	require.ErrorContains(t, err, `receive from ReclaimLoyaltyPoints`)
	require.ErrorContains(t, err, `{"queue":"RefundPayment","redriven":[{"orderId":"1ns","status":"CANCELLED"`)
	require.ErrorContains(t, err, `{"queue":"AddLoyaltyPoints"`)
}

// described is an execution that is described with a sequence of statuses, of which the
// last one stays.
type described struct {
	repair.Executions
	statuses []string
}

func (x *described) Status(context.Context, string) (string, error) {
	status := x.statuses[0]
	x.statuses = x.statuses[min(1, len(x.statuses)-1):]
	return status, nil
}

// TestAnExecutionThatSeemsToRunIsLookedAtAgain: Step Functions may announce an
// execution's end before it describes it as ended.
func TestAnExecutionThatSeemsToRunIsLookedAtAgain(t *testing.T) {
	for _, test := range []struct {
		name   string
		third  string
		answer string
	}{
		{"and has ended", "ABORTED", `{"orderId":"1ns","status":"FAILED","payment":"NONE","loyalty":"NONE"}`},
		{"and still runs", "RUNNING", `{"orderId":"1ns","status":"PENDING","payment":"NONE","loyalty":"NONE","nothingDone":"the execution is running"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}}
				r := x.repairerOf(t, &described{statuses: []string{"RUNNING", "RUNNING", test.third}}, &memory.Queues{}, func(*order.Order) {})
				began := time.Now()
				answer, err := r.Reconcile(t.Context(), []byte(`{"execution":"1ns"}`))
				require.NoError(t, err)
				require.JSONEq(t, test.answer, string(answer))
				require.Equal(t, 3*time.Second, time.Since(began))
			})
		})
	}
}

func TestTheAnswerSaysWhyNothingWasDone(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*order.Order)
		status string
		why    string
	}{
		{"the order has ended", func(o *order.Order) { o.Status = order.Cancelled }, "ABORTED", "the order has ended"},
		{"no order", func(o *order.Order) { o.ID = "" }, "ABORTED", "there is no order with this id"},
		{"no execution", func(*order.Order) {}, "", "the order has no execution"},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}}
			r := x.repairerOf(t, &described{statuses: []string{test.status}}, &memory.Queues{}, test.change)
			answer, err := r.Reconcile(t.Context(), []byte(`{"execution":"arn:aws:states:eu-west-1:123456789012:execution:pizza:1ns"}`))
			require.NoError(t, err)
			var said map[string]string
			require.NoError(t, json.Unmarshal(answer, &said))
			require.Equal(t, test.why, said["nothingDone"])
			require.Contains(t, x.log.String(), test.why, "nobody reads the answer to EventBridge")
		})
	}
}
