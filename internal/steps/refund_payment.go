package steps

import (
	"context"
	"fmt"
	"time"

	"pizzasaga/internal/order"
)

// RefundPayment begins the rollback of an order, records what failed, and gives the
// customer's money back. It first voids the kitchen's key, so that no hand-over can
// follow. The refund voids the payment's key, so that no charge can follow. It is
// harmless if nothing was charged.
func (s *Steps) RefundPayment(ctx context.Context, in Input) (order.Order, error) {
	o, err := s.BeginRollback(ctx, in, order.StartRefund)
	if err != nil || o.Payment != order.PaymentRefunding {
		return o, err
	}
	handedOver, err := s.Kitchen.Void(ctx, in.Order)
	if err != nil {
		return o, fmt.Errorf("void the hand-over of order %s: %w", in.Order.ID, err)
	}
	if handedOver {
		if o, err = s.advance(ctx, in.Order, order.NoteHandOver); err != nil {
			return o, err
		}
	}
	if err := simulate(in.Order, order.RefundPayment); err != nil {
		return o, err
	}
	if err := s.Payments.Refund(ctx, in.Order); err != nil {
		return o, fmt.Errorf("refund order %s: %w", in.Order.ID, err)
	}
	return s.advance(ctx, in.Order, order.FinishRefund)
}

// BeginRollback claims the money of an order with a transition and records which step
// failed. If a rollback has already begun, or the order was not charged and can no longer
// be, it changes nothing.
func (s *Steps) BeginRollback(ctx context.Context, in Input, t order.Transition) (order.Order, error) {
	o, err := s.find(ctx, in.Order, t.Step)
	if err != nil {
		return o, err
	}
	failures := in.failures(o)
	c := order.NewChange(t, time.Now(), unrecorded(o, failures)...)
	if len(failures) > 0 {
		c.Failure = &failures[0]
	}
	o, moved, err := s.Orders.Apply(ctx, in.Order.ID, c)
	if err != nil {
		return o, fmt.Errorf("%s: %w", t.Step, err)
	}
	switch o.Payment {
	case order.PaymentRefunding, order.PaymentRefunded, order.PaymentDeclined:
		return o, nil
	}
	return o, c.Settle(o, moved)
}
