package steps

import (
	"context"
	"fmt"

	"pizzasaga/internal/order"
)

// RefundPayment gives the customer's money back. It is harmless when nothing
// was charged, and makes sure that nothing will be. What led to it is written
// down as it begins.
func (s *Steps) RefundPayment(ctx context.Context, in Input) (order.Order, error) {
	if err := simulate(in.Order, order.RefundPayment); err != nil {
		return order.Order{}, err
	}
	o, err := s.find(ctx, in.Order, order.RefundPayment)
	if err != nil {
		return o, err
	}
	failures, _ := verdict(o, in.Failures)
	o, err = s.advance(ctx, in.Order, order.StartRefund, untold(o, failures)...)
	if o.Payment == order.PaymentRefunded || o.Payment == order.PaymentDeclined {
		return o, nil
	}
	if err != nil {
		return o, err
	}
	if err := s.Payments.Refund(ctx, in.Order); err != nil {
		return o, fmt.Errorf("refund order %s: %w", in.Order.ID, err)
	}
	return s.advance(ctx, in.Order, order.FinishRefund)
}
