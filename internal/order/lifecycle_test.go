package order_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/ordertest"
)

func ways() []ordertest.Way { return ordertest.Ways(order.Request{ID: "1"}) }

// move is what a transition makes of an order that it moves.
type move struct {
	before, after order.Order
	by            order.Transition
}

func (m move) String() string {
	return fmt.Sprintf("%s from %s to %s", m.by.Step, standing(m.before), standing(m.after))
}

func standing(o order.Order) string {
	name := fmt.Sprintf("%s %s %s", o.Status, o.Payment, o.Loyalty)
	if o.CancelRequestedAt != nil {
		name += ", to be cancelled"
	}
	if o.HandedOver {
		name += ", handed over"
	}
	return name
}

// moves are all that any order can ever make.
func moves() (all []move) {
	for _, w := range ways() {
		for _, by := range w.Next {
			after := w.Order
			order.NewChange(by, time.Now()).Apply(&after)
			all = append(all, move{w.Order, after, by})
		}
	}
	return all
}

func TestNoOrderEndsInAStandingThatContradictsItself(t *testing.T) {
	for _, w := range ways() {
		t.Run(standing(w.Order), func(t *testing.T) {
			o := w.Order
			switch {
			case o.Status == order.Cancelled:
				require.True(t, o.Payment == order.PaymentRefunded || o.Payment == order.PaymentNone && o.CancelRequestedAt != nil)
				require.Contains(t, []order.Loyalty{order.LoyaltyNone, order.LoyaltyReclaimed}, o.Loyalty)
			case o.Status.Reached(order.DeliveryConfirmed):
				require.Equal(t, order.PaymentPaid, o.Payment)
				require.Contains(t, []order.Loyalty{order.LoyaltyNone, order.LoyaltyAdded, order.LoyaltyAddFailed}, o.Loyalty)
			case o.Status == order.FailedPayment:
				require.Contains(t, []order.Payment{order.PaymentDeclined, order.PaymentRefunded}, o.Payment)
				require.Equal(t, order.LoyaltyNone, o.Loyalty)
			case o.Status == order.Failed:
				require.Equal(t, order.Summary{ID: o.ID, Status: order.Failed, Payment: order.PaymentNone, Loyalty: order.LoyaltyNone}, o.Summary())
			}
		})
	}
}

func TestMoneyThatIsOnItsWayBackIsNeverChargedAgain(t *testing.T) {
	back := map[order.Payment]bool{order.PaymentRefunding: true, order.PaymentRefunded: true, order.PaymentRefundFailed: true}
	for _, m := range moves() {
		if back[m.before.Payment] {
			t.Run(m.String(), func(t *testing.T) {
				require.True(t, back[m.after.Payment])
				require.False(t, m.before.Loyalty == order.LoyaltyNone && m.after.Loyalty == order.LoyaltyAdded, "points after the refund began")
			})
		}
	}
}

func TestAnEndedOrderMovesOnlyToBeRepaired(t *testing.T) {
	for _, m := range moves() {
		if m.before.Status.Ended() && m.before.Status != order.RollbackFailed {
			t.Run(m.String(), func(t *testing.T) {
				require.Equal(t, order.AddPoints, m.by)
				require.Equal(t, order.PaymentPaid, m.after.Payment)
			})
		}
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
	for _, m := range moves() {
		if m.before.Status.Ended() {
			t.Run(m.String(), func(t *testing.T) { require.True(t, m.after.Status.Ended()) })
		}
	}
	for _, w := range ways() {
		if len(w.Next) == 0 {
			t.Run("nothing leads on from "+standing(w.Order), func(t *testing.T) { require.True(t, w.Order.Status.Ended()) })
		}
	}
}

func TestAStatusIsReachedOnTheHappyPathAlone(t *testing.T) {
	for _, test := range []struct {
		name    string
		s, of   order.Status
		reached bool
	}{
		{"itself", order.Paid, order.Paid, true},
		{"one that lies behind", order.DeliveryStarted, order.Paid, true},
		{"one that lies ahead", order.Paid, order.DeliveryStarted, false},
		{"from a failed end", order.Cancelled, order.Paid, false},
		{"a failed end", order.DeliveryConfirmed, order.Cancelled, false},
		{"a failed end, at it", order.Cancelled, order.Cancelled, true},
	} {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.reached, test.s.Reached(test.of)) })
	}
}

func TestATransitionTakenTwiceChangesNothing(t *testing.T) {
	for _, m := range moves() {
		t.Run(m.String(), func(t *testing.T) {
			c := order.NewChange(m.by, time.Now())
			again := m.after
			require.False(t, c.Apply(&again))
			require.Equal(t, m.after, again)
			require.NoError(t, c.Settle(again, false))
		})
	}
}

func TestAStepThatComesTooLateIsToldSo(t *testing.T) {
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
		t.Run(standing(w.Order), func(t *testing.T) {
			o := w.Order
			asked := o.CancelRequestedAt != nil
			undone := !o.Status.Ended() || o.Status == order.Cancelled || o.Status == order.RollbackFailed
			require.Equal(t, asked && undone, o.CancelAccepted())
			require.False(t, asked && o.Status.Reached(order.DeliveryStarted), "delivered although it was to be cancelled")
		})
	}
}

func TestTheHappyPathIsWalkedByOneStepAfterAnother(t *testing.T) {
	for _, s := range order.Statuses() {
		t.Run(string(s), func(t *testing.T) {
			onward := s.Reached(order.Pending) && !s.Ended()
			require.Equal(t, onward, order.NextStep(s) != "", "the step from %s is %q", s, order.NextStep(s))
		})
	}
	require.Equal(t, order.CreateOrder, order.NextStep(order.Pending))
	require.Equal(t, order.ProcessOrder, order.NextStep(order.CookingStarted))
}
