package ordertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

var (
	payments = []order.Payment{order.PaymentNone, order.PaymentCharging, order.PaymentPaid, order.PaymentDeclined,
		order.PaymentRefunding, order.PaymentRefunded, order.PaymentRefundFailed}
	loyalties = []order.Loyalty{order.LoyaltyNone, order.LoyaltyAdded, order.LoyaltyAddFailed,
		order.LoyaltyReclaimed, order.LoyaltyReclaimFailed}
)

// transitions tries each row of the table with an order that it allows, and with each
// other status, payment and loyalty.
func transitions(t *testing.T, s order.Orders) {
	for _, row := range order.Transitions() {
		to := strings.Fields(fmt.Sprintln(row.ToStatus, row.ToPayment, row.ToLoyalty))
		t.Run(fmt.Sprintf("%s from %s to %s", row.Step, first(row.Status, order.Created), strings.Join(to, " ")), func(t *testing.T) {
			from, allowed := around(row), 0
			for _, o := range from {
				submit(t, s, o)
				if apply(t, s, o, order.NewChange(row, time.Now())) {
					allowed++
				}
			}
			require.Positive(t, allowed)
			require.Less(t, allowed, len(from))
		})
	}
}

// around returns an order that meets the row's conditions, orders that differ from it in
// one of status, payment, loyalty and hand-over, and all of them with a cancellation.
func around(row order.Transition) (from []order.Order) {
	status, payment, loyalty := first(row.Status, order.Created), first(row.Payment, order.PaymentNone), first(row.Loyalty, order.LoyaltyNone)
	for _, other := range order.Statuses() {
		from = append(from, standing(other, payment, loyalty))
	}
	for _, other := range payments {
		if other != payment {
			from = append(from, standing(status, other, loyalty))
		}
	}
	for _, other := range loyalties {
		if other != loyalty {
			from = append(from, standing(status, payment, other))
		}
	}
	out := standing(status, payment, loyalty)
	out.HandedOver = true
	from = append(from, out)
	for _, o := range slices.Clone(from) {
		o.ID, o.CancelRequestedAt = order.NewID(), &o.CreatedAt
		from = append(from, o)
	}
	return from
}

func first[T any](values []T, fallback T) T {
	if len(values) == 0 {
		return fallback
	}
	return values[0]
}

// apply makes a change to a stored order and compares the result with the domain's. It
// returns whether the order changed.
func apply(t *testing.T, s order.Orders, o order.Order, c order.Change) bool {
	t.Helper()
	want := o
	wantMoved := c.Apply(&want)
	got, moved, err := s.Apply(t.Context(), o.ID, c)
	require.NoError(t, err)
	require.Equal(t, wantMoved, moved, "%s from %s, %s, %s", c.Step, o.Status, o.Payment, o.Loyalty)
	same(t, want, got)
	if moved {
		same(t, want, get(t, s, o.ID))
	}
	return moved
}

// same requires two orders to be equal. A store may return no dead letters as nil or as
// an empty list.
func same(t *testing.T, want, got order.Order) {
	t.Helper()
	if len(want.DeadLetters)+len(got.DeadLetters) == 0 {
		want.DeadLetters, got.DeadLetters = nil, nil
	}
	require.Equal(t, want, got)
}

// changes makes one change that has every field set.
func changes(t *testing.T, s order.Orders) {
	o := standing(order.CookingStarted, order.PaymentPaid, order.LoyaltyAdded)
	submit(t, s, o)
	failure := order.NewFailure(order.PrepareOrder, "SimulatedFailure", "the oven is cold")
	c := order.NewChange(order.GiveUpRefund, time.Now().Add(time.Second), failure,
		order.NewFailure(order.RefundPayment, "SimulatedFailure", ""))
	c.Failure, c.Notified = &failure, true
	c.DeadLetters = []order.Queue{workflow.RefundPaymentQueue, workflow.ReclaimLoyaltyPointsQueue}
	require.True(t, apply(t, s, o, c))

	o = get(t, s, o.ID)
	c = order.NewChange(order.NoteHandOver, time.Now().Add(2*time.Second))
	c.DeadLetters = []order.Queue{workflow.AddLoyaltyPointsQueue}
	require.True(t, apply(t, s, o, c))
	o = get(t, s, o.ID)
	require.True(t, o.HandedOver)
	require.Equal(t, []order.Queue{workflow.RefundPaymentQueue, workflow.ReclaimLoyaltyPointsQueue, workflow.AddLoyaltyPointsQueue}, o.DeadLetters, "a change adds to the existing letters")
}

// letters adds dead letters to an order and removes them one by one.
func letters(t *testing.T, s order.Orders) {
	o := standing(order.RollingBack, order.PaymentRefunding, order.LoyaltyAdded)
	submit(t, s, o)
	added := order.WithPointsFailure(order.NewFailure(order.AddLoyaltyPoints, "Error", "why"), time.Now())
	added.DeadLetters = []order.Queue{workflow.AddLoyaltyPointsQueue}
	require.True(t, apply(t, s, o, added))
	require.False(t, apply(t, s, get(t, s, o.ID), added), "the order has the letter")
	o = get(t, s, o.ID)
	ended := order.NewChange(order.GiveUpRefund, time.Now())
	ended.DeadLetters = []order.Queue{workflow.RefundPaymentQueue}
	require.True(t, apply(t, s, o, ended))

	o = get(t, s, o.ID)
	first, second := order.WithoutLetter(o, workflow.AddLoyaltyPointsQueue, time.Now()), order.WithoutLetter(o, workflow.RefundPaymentQueue, time.Now())
	require.True(t, apply(t, s, o, first))
	o = get(t, s, o.ID)
	require.Equal(t, []order.Queue{workflow.RefundPaymentQueue}, o.DeadLetters)
	require.False(t, apply(t, s, o, second), "the letters have changed since")
	require.True(t, apply(t, s, o, order.WithoutLetter(o, workflow.RefundPaymentQueue, time.Now())))
	o = get(t, s, o.ID)
	require.Empty(t, o.DeadLetters)
	added.Status = nil
	require.True(t, apply(t, s, o, added), "the order has none left")
}

func firstFailure(t *testing.T, s order.Orders) {
	o := standing(order.CookingStarted, order.PaymentPaid, order.LoyaltyAdded)
	submit(t, s, o)
	for _, step := range []order.Transition{order.StartRefund, order.FinishRefund} {
		c := order.NewChange(step, time.Now())
		c.Failure = new(order.NewFailure(step.Step, "Failure"+string(step.ToPayment), "why"))
		require.True(t, apply(t, s, get(t, s, o.ID), c))
	}
	require.Equal(t, "FailureREFUNDING", get(t, s, o.ID).Failure.Error)
}

func fullTimeline(t *testing.T, s order.Orders) {
	for _, full := range []int{order.MaxMilestones - 1, order.MaxMilestones} {
		t.Run(fmt.Sprintf("%d milestones", full), func(t *testing.T) {
			o := standing(order.Created, order.PaymentNone, order.LoyaltyNone)
			for len(o.Timeline) < full {
				o.Timeline = append(o.Timeline, o.Timeline[0])
			}
			submit(t, s, o)
			failed := order.NewFailure(order.ProcessPayment, "Error", "why")
			require.True(t, apply(t, s, o, order.NewChange(order.StartPayment, time.Now(), failed)))
			require.Len(t, get(t, s, o.ID).Timeline, full)

			o = get(t, s, o.ID)
			require.False(t, apply(t, s, o, order.NewChange(order.StartPayment, time.Now())), "a refused change stays refused")
			require.True(t, apply(t, s, o, order.NewChange(order.TakePayment, time.Now())))
			require.Len(t, get(t, s, o.ID).Timeline, order.MaxMilestones)
		})
	}
}

func twice(t *testing.T, s order.Orders) {
	o := pending()
	submit(t, s, o)
	c := order.NewChange(order.Accept, time.Now())
	require.True(t, apply(t, s, o, c))
	after := get(t, s, o.ID)
	require.False(t, apply(t, s, after, c))
	require.False(t, apply(t, s, after, order.NewChange(order.Accept, time.Now().Add(time.Hour))))
	require.Equal(t, after, get(t, s, o.ID))
}
