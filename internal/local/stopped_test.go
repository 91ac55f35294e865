package local

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
	"pizzasaga/statemachine"
)

// after returns a call that waits before it does something.
func after(d time.Duration, then call) call {
	return func(ctx context.Context, r order.Request) error {
		time.Sleep(d) // ignores its context
		return then(ctx, r)
	}
}

// inTurn returns a call that makes the first of the calls at its first attempt, the
// second at its second, and so on; the last call is repeated.
func inTurn(calls ...call) call {
	var attempts atomic.Int32
	return func(ctx context.Context, r order.Request) error {
		return calls[min(int(attempts.Add(1)), len(calls))-1](ctx, r)
	}
}

// slowAt is a store that takes three seconds for one transition.
type slowAt struct {
	order.Orders
	step order.StepName
	to   order.Status
}

func (s slowAt) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if c.Step == s.step && c.ToStatus == s.to {
		time.Sleep(3 * time.Second)
	}
	return s.Orders.Apply(ctx, id, c)
}

func TestAnOrderWhoseExecutionIsStoppedIsReconciled(t *testing.T) {
	const hour = time.Hour // longer than any invocation
	rolledBack := order.Summary{Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyReclaimed}
	wellDelivered := order.Summary{Status: delivered, Payment: order.PaymentPaid, Loyalty: order.LoyaltyAdded}
	neverPaid := order.Summary{Status: order.Failed, Payment: order.PaymentNone, Loyalty: order.LoyaltyNone}
	for _, test := range []struct {
		stopped string
		when    time.Duration
		fault   order.Fault
		parts   func(w *world)
		end     order.Summary
		failure order.Failure // without cause and time
		letters []order.Queue
	}{
		{stopped: "before it is created", when: time.Second,
			parts: func(w *world) { w.parts.store = slowAt{w.orders, order.CreateOrder, order.Created} },
			end:   neverPaid, failure: order.Failure{Step: order.CreateOrder, Error: "ExecutionEnded"}},
		{stopped: "before the payment is claimed", when: time.Second,
			parts: func(w *world) { w.parts.store = slowAt{w.orders, order.ProcessPayment, order.TakingPayment} },
			end:   neverPaid, failure: order.Failure{Step: order.ProcessPayment, Error: "ExecutionEnded"}},
		{stopped: "while the charge hangs", when: time.Second,
			parts:   func(w *world) { w.parts.gateway = bank{after(hour, w.money.give), w.money.takeBack} },
			end:     order.Summary{Status: order.FailedPayment, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyNone},
			failure: order.Failure{Step: order.ProcessPayment, Error: "ExecutionEnded"}},
		{stopped: "after the charge, before its answer", when: time.Second,
			parts: func(w *world) {
				w.parts.gateway = bank{func(ctx context.Context, r order.Request) error {
					defer time.Sleep(20 * time.Second)
					return w.money.give(ctx, r)
				}, w.money.takeBack}
			},
			end:     order.Summary{Status: order.FailedPayment, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyNone},
			failure: order.Failure{Step: order.ProcessPayment, Error: "ExecutionEnded"}},
		{stopped: "while the preparation hangs", when: time.Second,
			parts: func(w *world) {
				w.parts.kitchen = kitchen{prepare: func(context.Context, order.Request) error { time.Sleep(hour); return nil }, handOver: w.pizzas.give, void: w.pizzas.void}
			},
			end: rolledBack, failure: order.Failure{Step: order.PrepareOrder, Error: "ExecutionEnded"}},
		{stopped: "while the points are being added", when: time.Second,
			parts:   func(w *world) { w.parts.programme = programme{after(20*time.Second, w.points.give), w.points.takeBack} },
			end:     order.Summary{Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyNone},
			failure: order.Failure{Step: order.ProcessOrder, Error: "ExecutionEnded"}},
		{stopped: "during cooking", when: time.Second,
			end: rolledBack, failure: order.Failure{Step: order.ProcessOrder, Error: "ExecutionEnded"}},
		{stopped: "while the hand-over hangs", when: 6 * time.Second,
			parts: func(w *world) {
				w.parts.kitchen = kitchen{void: w.pizzas.void, handOver: inTurn(after(hour, w.pizzas.give), w.pizzas.give)}
			}, end: wellDelivered},
		{stopped: "during the delivery", when: 6 * time.Second, end: wellDelivered},
		{stopped: "during the delivery, without points", when: 6 * time.Second,
			parts: func(w *world) {
				w.parts.programme = programme{add: func(ctx context.Context, _ order.Request) error { <-ctx.Done(); return ctx.Err() }}
			},
			end:     order.Summary{Status: delivered, Payment: order.PaymentPaid, Loyalty: order.LoyaltyAddFailed},
			letters: []order.Queue{workflow.AddLoyaltyPointsQueue}},
		{stopped: "while the kitchen refuses", when: 6 * time.Second,
			parts: func(w *world) {
				w.parts.kitchen = kitchen{void: w.pizzas.void, handOver: func(context.Context, order.Request) error { return fmt.Errorf("no oven: %w", order.ErrRefused) }}
			},
			end: rolledBack, failure: order.Failure{Step: order.ProcessOrder, Error: "KitchenRefused"}},
		{stopped: "while the refund hangs", when: time.Second, fault: workflow.FaultPrepareOrder,
			parts: func(w *world) {
				w.parts.gateway = bank{w.money.give, inTurn(after(hour, w.money.takeBack), w.money.takeBack)}
			},
			end:     order.Summary{Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyNone},
			failure: order.Failure{Step: order.PrepareOrder, Error: "SimulatedFailure"}},
		{stopped: "while the refund is retried", when: 10 * time.Second, fault: workflow.FaultRefundPayment,
			end:     order.Summary{Status: order.RollbackFailed, Payment: order.PaymentRefundFailed, Loyalty: order.LoyaltyNone},
			failure: order.Failure{Step: order.PrepareOrder, Error: "SimulatedFailure"}, letters: []order.Queue{workflow.RefundPaymentQueue}},
		{stopped: "while the reclaim is retried", when: 10 * time.Second, fault: workflow.FaultReclaimLoyaltyPoints,
			end:     order.Summary{Status: order.RollbackFailed, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyReclaimFailed},
			failure: order.Failure{Step: order.PrepareOrder, Error: "SimulatedFailure"}, letters: []order.Queue{workflow.ReclaimLoyaltyPointsQueue}},
	} {
		t.Run(test.stopped, func(t *testing.T) {
			inBubble(t, func(w *world) {
				if test.fault != workflow.FaultNone { // late points cannot race with the kitchen's failure
					w.parts.programme = programme{after(time.Minute, w.points.give), w.points.takeBack}
				}
				if test.parts != nil {
					test.parts(w)
				}
				id := w.stopAfter(test.when, fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":5}`, test.fault))
				var more sync.WaitGroup
				for range 2 { // in addition to the program's own
					more.Go(func() {
						_, err := w.reconcile(id)
						assert.NoError(w, err)
					})
				}
				more.Wait()
				began := time.Now()
				w.await(id)
				again, err := w.reconcile(id)
				require.NoError(w, err)

				o := w.stored(id)
				test.end.ID = id
				require.Equal(w, test.end, o.Summary())
				require.Equal(w, test.end, again)
				require.ElementsMatch(w, test.letters, o.DeadLetters)
				require.ElementsMatch(w, test.letters, slices.Compact(w.shop.deadLetters(id)), "at least one letter")
				w.requireFailure(test.failure, o)
				require.False(w, o.UpdatedAt.After(began), "a later reconciliation changes nothing")
				require.Equal(w, o.Payment == order.PaymentPaid || o.Payment == order.PaymentRefundFailed, w.money.holds(id))
				if o.Status != order.RollbackFailed { // otherwise late points may be left until the letter is redriven
					require.Equal(w, o.Loyalty == order.LoyaltyAdded, w.points.holds(id))
				}
				require.Equal(w, o.Status == delivered, w.pizzas.holds(id))
				require.LessOrEqual(w, w.money.gives[id], 1)
				require.LessOrEqual(w, w.money.takes[id], 1)
			})
		})
	}
}

// requireFailure checks an order's failure, and that the customer was notified of it.
// If no failure is wanted, the order must have neither.
func (w *world) requireFailure(want order.Failure, o order.Order) {
	w.Helper()
	if want.Step == "" {
		require.Nil(w, o.Failure)
		require.Nil(w, o.NotifiedAt)
		return
	}
	require.NotNil(w, o.NotifiedAt, "the customer was notified")
	require.NotEmpty(w, o.Failure.Cause)
	require.NotZero(w, o.Failure.At)
	require.Equal(w, want, order.Failure{Step: o.Failure.Step, Error: o.Failure.Error})
}

func TestAnOrderWhoseExecutionFailsIsReconciled(t *testing.T) {
	for _, test := range []struct {
		fails, from, to string
		execution       string
		end             order.Status
	}{
		{"times out while it cooks", `"TimeoutSeconds": 3600`, `"TimeoutSeconds": 3`, "TIMED_OUT", order.Cancelled},
		{"times out while it is delivered", `"TimeoutSeconds": 3600`, `"TimeoutSeconds": 8`, "TIMED_OUT", delivered},
		{"fails with States.Runtime before it cooks", "\"CookPizza\": {\n              \"Type\": \"Wait\",\n              \"SecondsPath\": \"$.perStepDelaySeconds\"",
			"\"CookPizza\": {\n              \"Type\": \"Wait\",\n              \"SecondsPath\": \"$.none\"", "FAILED", order.Cancelled},
	} {
		t.Run(test.fails, func(t *testing.T) {
			inBubble(t, func(w *world) {
				require.Equal(w, 1, bytes.Count(statemachine.Pizza, []byte(test.from)))
				var err error
				w.shop, err = open(Config{Definition: bytes.Replace(statemachine.Pizza, []byte(test.from), []byte(test.to), 1)}, w.orders, w.queues, w.parts)
				require.NoError(w, err)
				r := w.run(`{"perStepDelaySeconds":5}`)
				require.Equal(w, test.execution, r.Execution)
				require.Equal(w, test.end, r.Order.Status)
				require.Equal(w, test.end == delivered, w.money.holds(r.Order.ID))
			})
		})
	}
}
