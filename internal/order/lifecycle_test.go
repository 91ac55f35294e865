package order_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/ordertest"
)

func ways() []ordertest.Way { return ordertest.Ways(order.Request{ID: "1"}) }

func TestEveryMoveKeepsTheRulesOfTheLifeCycle(t *testing.T) {
	for _, rule := range ordertest.Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			for _, m := range ordertest.Moves() {
				require.True(t, rule.Keep(m), m)
			}
		})
	}
}

func TestEveryStatusCanBeReached(t *testing.T) {
	statuses, payments, loyalties := map[order.Status]bool{}, map[order.Payment]bool{}, map[order.Loyalty]bool{}
	for _, w := range ways() {
		statuses[w.Order.Status], payments[w.Order.Payment], loyalties[w.Order.Loyalty] = true, true, true
	}
	for _, s := range order.Statuses() {
		t.Run(string(s), func(t *testing.T) { require.True(t, statuses[s]) })
	}
	require.Len(t, statuses, len(order.Statuses()), "a transition leads to a status that is neither on the happy path nor a failed end")
	require.Len(t, payments, 7)
	require.Len(t, loyalties, 5)
}

func TestAnOrderHasEndedAtTheEndOfTheHappyPathOrAtAFailure(t *testing.T) {
	require.True(t, order.Failed.Ended())
	require.False(t, order.Paid.Ended())
	for _, w := range ways() {
		if len(w.Next) == 0 {
			t.Run("no transition from "+ordertest.Standing(w.Order), func(t *testing.T) { require.True(t, w.Order.Status.Ended()) })
		}
	}
}

// TestAnOrderIsSettledWhenNothingIsOwed lists every combination of statuses that is settled.
func TestAnOrderIsSettledWhenNothingIsOwed(t *testing.T) {
	settled := []order.Summary{
		{Status: order.EndStatuses()[0], Payment: order.PaymentPaid, Loyalty: order.LoyaltyAdded}, // delivered
		{Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyReclaimed},
		{Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyNone},
		{Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyAddFailed},
		{Status: order.Cancelled, Payment: order.PaymentNone, Loyalty: order.LoyaltyNone},
		{Status: order.FailedPayment, Payment: order.PaymentDeclined, Loyalty: order.LoyaltyNone},
		{Status: order.FailedPayment, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyNone},
		{Status: order.Failed, Payment: order.PaymentNone, Loyalty: order.LoyaltyNone},
	}
	for _, w := range ways() {
		t.Run(ordertest.Standing(w.Order), func(t *testing.T) {
			s := w.Order.Summary()
			s.ID = ""
			require.Equal(t, slices.Contains(settled, s), w.Order.Settled())
			w.Order.DeadLetters = []order.Queue{"RefundPayment"}
			require.False(t, w.Order.Settled(), "with a dead letter")
		})
	}
}

func TestOnlyTheHappyPathReachesAStatus(t *testing.T) {
	for _, test := range []struct {
		name    string
		s, of   order.Status
		reached bool
	}{
		{"itself", order.Paid, order.Paid, true},
		{"an earlier one", order.DeliveryStarted, order.Paid, true},
		{"a later one", order.Paid, order.DeliveryStarted, false},
		{"from a failed end", order.Cancelled, order.Paid, false},
		{"a failed end", order.DeliveryConfirmed, order.Cancelled, false},
		{"a failed end, at it", order.Cancelled, order.Cancelled, true},
	} {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.reached, test.s.Reached(test.of)) })
	}
}

func TestATransitionTakenTwiceChangesNothing(t *testing.T) {
	for _, m := range ordertest.Moves() {
		t.Run(m.String(), func(t *testing.T) {
			c := order.NewChange(m.By, time.Now())
			again := m.After
			require.False(t, c.Apply(&again))
			require.Equal(t, m.After, again)
			require.NoError(t, c.Settle(again, false))
		})
	}
}

func TestAStepThatIsTooLateIsRefused(t *testing.T) {
	cancelled := order.Order{Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: order.LoyaltyNone}
	for _, forward := range order.Transitions() {
		if !forward.ToStatus.Reached(order.Created) && forward.ToLoyalty != order.LoyaltyAdded {
			continue
		}
		to := strings.Fields(fmt.Sprintln(forward.ToStatus, forward.ToLoyalty))
		t.Run(fmt.Sprintf("%s to %s", forward.Step, strings.Join(to, " ")), func(t *testing.T) {
			err := order.NewChange(forward, time.Now()).Settle(cancelled, false)
			require.ErrorIs(t, err, order.ErrClosed)
			require.ErrorContains(t, err, string(forward.Step))
		})
	}
}

func TestACancellationStaysAcceptedUnlessTheOrderEndsOtherwise(t *testing.T) {
	for _, w := range ways() {
		t.Run(ordertest.Standing(w.Order), func(t *testing.T) {
			o := w.Order
			asked := o.CancelRequestedAt != nil
			undone := !o.Status.Ended() || o.Status == order.Cancelled || o.Status == order.RollbackFailed
			require.Equal(t, asked && undone, o.CancelAccepted())
			require.False(t, asked && o.Status.Reached(order.DeliveryStarted), "delivered although the customer had cancelled")
		})
	}
}

func TestOneStepAfterAnotherMovesAnOrderAlongTheHappyPath(t *testing.T) {
	for _, s := range order.Statuses() {
		t.Run(string(s), func(t *testing.T) {
			onward := s.Reached(order.Pending) && !s.Ended()
			require.Equal(t, onward, order.NextStep(s) != "", "the step from %s is %q", s, order.NextStep(s))
		})
	}
	require.Equal(t, order.CreateOrder, order.NextStep(order.Pending))
	require.Equal(t, order.ProcessOrder, order.NextStep(order.CookingStarted))
}
