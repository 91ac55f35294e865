package ordertest

import (
	"fmt"
	"slices"
	"time"

	"pizzasaga/internal/order"
)

// Move is a change of an order by a transition.
type Move struct {
	By            order.Transition
	Before, After order.Order
}

// String names the move by its step and the order before and after.
func (m Move) String() string {
	return fmt.Sprintf("%s from %s to %s", m.By.Step, Standing(m.Before), Standing(m.After))
}

// Standing returns the parts of an order that the table of transitions uses, as text.
func Standing(o order.Order) string {
	name := fmt.Sprintf("%s %s %s", o.Status, o.Payment, o.Loyalty)
	if o.CancelRequestedAt != nil {
		name += ", cancellation requested"
	}
	if o.HandedOver {
		name += ", handed over"
	}
	return name
}

// Moves returns all moves that any order can make.
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

// Rule is a condition that every move must meet.
type Rule struct {
	Name string
	Keep func(Move) bool
}

// Rules returns the rules of the life cycle.
func Rules() []Rule {
	back := []order.Payment{order.PaymentRefunding, order.PaymentRefunded, order.PaymentRefundFailed}
	return []Rule{
		{"an order's statuses agree", func(m Move) bool { return consistent(m.After) }},
		{"only a transition that can also start from a status of the happy path may skip it", func(m Move) bool {
			return !slices.ContainsFunc(order.Statuses(), func(s order.Status) bool {
				between := s.Reached(m.Before.Status) && m.After.Status.Reached(s) && s != m.Before.Status && s != m.After.Status
				return between && !slices.Contains(m.By.Status, s)
			})
		}},
		{"after a refund has begun, the order is not charged again", func(m Move) bool {
			return !slices.Contains(back, m.Before.Payment) || slices.Contains(back, m.After.Payment)
		}},
		{"after a refund has begun, no points are added", func(m Move) bool {
			return !slices.Contains(back, m.Before.Payment) || m.Before.Loyalty == m.After.Loyalty || m.After.Loyalty != order.LoyaltyAdded
		}},
		{"an order that has ended keeps its final status", func(m Move) bool {
			return !m.Before.Status.Ended() || m.After.Status.Ended() && (m.Before.Status == order.RollbackFailed || m.Before.Status == m.After.Status)
		}},
		{"an order that has ended is only changed by repairs", func(m Move) bool {
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
