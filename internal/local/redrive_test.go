package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

func (w *world) redrive(event string) (repair.Report, error) {
	return w.redriveWithin(w.Context(), event)
}

// saga returns the steps without the workflow.
func (w *world) saga() *steps.Steps {
	saga, err := steps.New(steps.Config{Orders: w.parts.store, Payments: w.parts.gateway, Loyalty: w.parts.programme, Kitchen: w.parts.kitchen, Logger: discard()})
	require.NoError(w, err)
	return saga
}

func (w *world) redriveWithin(ctx context.Context, event string) (repair.Report, error) {
	repairer, err := repair.New(repair.Config{Steps: w.saga(), Queues: w.parts.queues, Executions: w.shop})
	require.NoError(w, err)
	answer, err := repairer.Redrive(ctx, []byte(event))
	var report repair.Report
	if err == nil {
		require.NoError(w, json.Unmarshal(answer, &report))
	}
	return report, err
}

func TestARedrivenDeadLetterLeavesNothingOwed(t *testing.T) {
	for fault, want := range map[order.Fault]order.Summary{
		workflow.FaultAddLoyaltyPoints:     {Status: delivered, Payment: order.PaymentPaid, Loyalty: order.LoyaltyAdded},
		workflow.FaultRefundPayment:        {Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyReclaimed},
		workflow.FaultReclaimLoyaltyPoints: {Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyReclaimed},
	} {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				r := w.run(fmt.Sprintf(`{"errorOnStep":%d}`, fault))
				want.ID = r.Order.ID
				if r.Order.Loyalty == order.LoyaltyNone {
					want.Loyalty = order.LoyaltyNone // the kitchen was faster than the points
				}
				report, err := w.redrive(fmt.Sprintf(`{"action":"redriveDeadLetters","queue":%q}`, r.DeadLetters[0]))
				require.NoError(w, err)
				require.Equal(w, repair.Report{Queue: r.DeadLetters[0], Redriven: []order.Summary{want}, Kept: []repair.Failed{}}, report)
				require.Empty(w, w.queues.Messages(r.DeadLetters[0]))
				o, err := w.orders.Get(w.Context(), r.Order.ID)
				require.NoError(w, err)
				require.Empty(w, o.DeadLetters)
				require.Equal(w, want.Payment == order.PaymentPaid, w.money.holds(o.ID))
				require.Equal(w, want.Loyalty == order.LoyaltyAdded, w.points.holds(o.ID))
			})
		})
	}
}

func TestADeadLetterThatCannotBeRedrivenStays(t *testing.T) {
	inBubble(t, func(w *world) {
		r := w.run(`{"errorOnStep":6}`)
		healthy := w.parts
		w.parts.store = flaky{w.orders, func() bool { return true }}
		report, err := w.redrive(`{"queue":"RefundPayment"}`)
		require.NoError(w, err)
		require.Equal(w, []repair.Failed{{OrderID: r.Order.ID, Error: "temporarily unavailable"}}, report.Kept)
		require.Len(w, w.queues.Messages("RefundPayment"), 1)

		w.parts = healthy
		report, err = w.redrive(`{"queue":"RefundPayment"}`)
		require.NoError(w, err)
		require.Empty(w, report.Redriven, "the letter is still hidden")
		time.Sleep(2 * time.Minute)
		report, err = w.redrive(`{"queue":"RefundPayment"}`)
		require.NoError(w, err)
		require.Len(w, report.Redriven, 1)
	})
}

func TestARedriveEndsBeforeTheFunctionTimesOut(t *testing.T) {
	inBubble(t, func(w *world) {
		w.run(`{"errorOnStep":6,"perStepDelaySeconds":20}`)
		w.parts.gateway = bank{w.money.give, func(ctx context.Context, r order.Request) error {
			time.Sleep(r.Delay())
			return w.money.takeBack(ctx, r)
		}}
		start := time.Now()
		short, cancel := context.WithTimeout(w.Context(), 9*time.Second)
		defer cancel()
		report, err := w.redriveWithin(short, `{"queue":"RefundPayment"}`)
		require.NoError(w, err)
		require.Contains(w, report.Kept[0].Error, "not tried")
		time.Sleep(2 * time.Minute)
		start = start.Add(2 * time.Minute)

		whole, cancel := context.WithTimeout(w.Context(), functionTimeout)
		defer cancel()
		report, err = w.redriveWithin(whole, `{"queue":"RefundPayment"}`)
		require.NoError(w, err)
		require.Len(w, report.Redriven, 1)
		require.Equal(w, start, time.Now(), "a redrive does not repeat the order's delay")
	})
}

func TestAMessageThatTheWorkflowDidNotSendStays(t *testing.T) {
	inBubble(t, func(w *world) {
		_, _ = w.queues.Send(w.Context(), "RefundPayment", "hello")
		_, _ = w.queues.Send(w.Context(), "RefundPayment", `{"order":{}}`)
		report, err := w.redrive(`{"queue":"RefundPayment"}`)
		require.NoError(w, err)
		require.Len(w, report.Kept, 2)
		require.Contains(w, report.Kept[0].Error, "not one of the workflow's")
		require.Contains(w, report.Kept[1].Error, "orderId is missing")
	})
}

func TestARolledBackOrderIsOwedNoPoints(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.programme = programme{add: func(context.Context, order.Request) error { return errors.New("down") }}
		r := w.run(`{"errorOnStep":5,"perStepDelaySeconds":20}`)
		require.Equal(w, order.Cancelled, r.Order.Status)
		require.Equal(w, []order.Queue{workflow.AddLoyaltyPointsQueue}, r.DeadLetters, "sent before the kitchen failed")
		require.Equal(w, r.DeadLetters, r.Order.DeadLetters)
		require.Equal(w, order.LoyaltyAddFailed, r.Order.Loyalty)
		w.parts.programme = programme{w.points.give, w.points.takeBack}
		report, err := w.redrive(`{"queue":"AddLoyaltyPoints"}`)
		require.NoError(w, err)
		require.Len(w, report.Redriven, 1)
		require.False(w, w.points.holds(r.Order.ID))
		require.Empty(w, w.stored(r.Order.ID).DeadLetters)
		require.Equal(w, order.LoyaltyAddFailed, w.stored(r.Order.ID).Loyalty)
	})
}

func TestAnInvalidRedriveEventIsRefused(t *testing.T) {
	for _, test := range []struct{ name, event, says string }{
		{"no such queue", `{"queue":"Refund"}`, `"Refund"`},
		{"a max of 0", `{"queue":"RefundPayment","max":0}`, "1 to 10"},
		{"max without a queue", `{"max":1}`, "max needs a queue"},
		{"a misspelt field", `{"Queues":"RefundPayment"}`, "Queues"},
		{"an empty queue", `{"queue":""}`, "must be one of"},
		{"a queue that is null", `{"queue":null}`, "queue is null"},
		{"a max that is a string", `{"queue":"RefundPayment","max":"5"}`, "max"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				_, err := w.redrive(test.event)
				require.ErrorIs(w, err, order.ErrInvalid)
				require.ErrorContains(w, err, test.says)
			})
		})
	}
}
