package steps

import (
	"context"
	"fmt"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// NotifyCustomer ends a failed order: it derives the final status from the failures,
// records it and tells the customer (simulated by a log line). Without failures it ends
// an order whose dead letters have been redriven.
func (s *Steps) NotifyCustomer(ctx context.Context, in Input) (order.Order, error) {
	o, err := s.find(ctx, in.Order, order.NotifyCustomer)
	if err != nil {
		return o, err
	}
	failures := in.failures(o)
	for _, t := range ends(o, in.Failures) {
		c := order.NewChange(t, time.Now(), unrecorded(o, failures)...)
		c.Notified = true
		if len(failures) > 0 {
			c.Failure = &failures[0]
		}
		s.settleDeadLetters(&c, in)
		var moved bool
		if o, moved, err = s.Orders.Apply(ctx, in.Order.ID, c); err != nil {
			return o, fmt.Errorf("%s: %w", order.NotifyCustomer, err)
		}
		if moved {
			s.Logger.Info("customer notified", "orderId", o.ID, "status", o.Status)
			return o, nil
		}
	}
	if o.Status.Ended() {
		return o, nil
	}
	return o, fmt.Errorf("%s cannot end order %s with status %s, payment %s: %w", order.NotifyCustomer, o.ID, o.Status, o.Payment, order.ErrClosed)
}

// ends returns the transitions with which the failures can end the order, the likeliest
// first.
func ends(o order.Order, f workflow.Failures) []order.Transition {
	why, _ := f.Of(order.ProcessPayment)
	if o.Failure != nil {
		why = *o.Failure
	}
	_, reclaimFailed := f.Of(order.ReclaimLoyaltyPoints)
	_, refundFailed := f.Of(order.RefundPayment)
	switch {
	case reclaimFailed:
		return []order.Transition{order.GiveUpReclaim, order.GiveUpRollback}
	case refundFailed:
		return []order.Transition{order.GiveUpRefund, order.GiveUpRollback}
	case o.Payment == order.PaymentRefunded && why.Step == order.ProcessPayment && o.CancelRequestedAt == nil:
		return []order.Transition{order.GiveUpPayment, order.Cancel}
	case o.Payment == order.PaymentRefunded:
		return []order.Transition{order.Cancel}
	case why.Error == workflow.ErrorName(order.ErrDeclined):
		return []order.Transition{order.Decline}
	}
	return []order.Transition{order.Fail, order.CancelUncharged}
}
