package ordertest

import (
	"fmt"
	"slices"
	"time"

	"pizzasaga/internal/order"
)

// Move is what a transition makes of an order that it moves.
type Move struct {
	By            order.Transition
	Before, After order.Order
}

// String names the move by its step and by what the order is before and after.
func (m Move) String() string {
	return fmt.Sprintf("%s from %s to %s", m.By.Step, Standing(m.Before), Standing(m.After))
}

// Standing returns all that the table of transitions knows of an order, in words.
func Standing(o order.Order) string {
	name := fmt.Sprintf("%s %s %s", o.Status, o.Payment, o.Loyalty)
	if o.CancelRequestedAt != nil {
		name += ", to be cancelled"
	}
	if o.HandedOver {
		name += ", handed over"
	}
	return name
}

// Moves returns all moves that any order can ever make.
func Moves() (all []Move) {
	for _, w := range Ways(order.Request{ID: "1"}) {
		for _, by := range w.Next {
			after := w.Order
			order.NewChange(by, time.Now()).Apply(&after)
			all = append(all, Move{by, w.Order, after})
		}
	}
	return all
}

// Rule is what must hold for every move that an order can make.
type Rule struct {
	Name string
	Keep func(Move) bool
}

// Rules returns the rules of the life cycle.
func Rules() []Rule {
	back := []order.Payment{order.PaymentRefunding, order.PaymentRefunded, order.PaymentRefundFailed}
	return []Rule{
		{"no order stands in contradiction to itself", func(m Move) bool { return consistent(m.After) }},
		{"a status of the happy path is left out only by a transition that starts from it, too", func(m Move) bool {
			return !slices.ContainsFunc(order.Statuses(), func(s order.Status) bool {
				between := s.Reached(m.Before.Status) && m.After.Status.Reached(s) && s != m.Before.Status && s != m.After.Status
				return between && !slices.Contains(m.By.Status, s)
			})
		}},
		{"money that is on its way back is never charged again", func(m Move) bool {
			return !slices.Contains(back, m.Before.Payment) || slices.Contains(back, m.After.Payment)
		}},
		{"no points are added once the refund has begun", func(m Move) bool {
			return !slices.Contains(back, m.Before.Payment) || m.Before.Loyalty == m.After.Loyalty || m.After.Loyalty != order.LoyaltyAdded
		}},
		{"an order that has ended keeps its end", func(m Move) bool {
			return !m.Before.Status.Ended() || m.After.Status.Ended() && (m.Before.Status == order.RollbackFailed || m.Before.Status == m.After.Status)
		}},
		{"an order that has ended moves only to be repaired", func(m Move) bool {
			repaired := m.Before.Status == order.RollbackFailed || m.By.ToLoyalty == order.LoyaltyAdded && m.After.Payment == order.PaymentPaid
			return !m.Before.Status.Ended() || repaired
		}},
	}
}

// consistent reports whether an order's status, payment and loyalty agree.
func consistent(o order.Order) bool {
	switch {
	case o.Payment == order.PaymentRefundFailed && o.Status != order.RollbackFailed:
		return false
	case o.Loyalty == order.LoyaltyReclaimFailed && (o.Payment != order.PaymentRefunded || o.Status != order.RollbackFailed):
		return false
	}
	switch o.Status {
	case order.DeliveryConfirmed:
		return o.Payment == order.PaymentPaid && (o.Loyalty == order.LoyaltyNone || o.Loyalty == order.LoyaltyAdded || o.Loyalty == order.LoyaltyAddFailed)
	case order.Failed:
		return o.Payment == order.PaymentNone && o.Loyalty == order.LoyaltyNone
	case order.FailedPayment:
		return (o.Payment == order.PaymentDeclined || o.Payment == order.PaymentRefunded) && o.Loyalty == order.LoyaltyNone
	case order.Cancelled:
		uncharged := o.Payment == order.PaymentNone && o.CancelRequestedAt != nil
		return (o.Payment == order.PaymentRefunded || uncharged) && (o.Loyalty == order.LoyaltyNone || o.Loyalty == order.LoyaltyAddFailed || o.Loyalty == order.LoyaltyReclaimed)
	case order.RollbackFailed:
		return slices.Contains([]order.Payment{order.PaymentRefunding, order.PaymentRefunded, order.PaymentRefundFailed}, o.Payment)
	}
	return true
}
