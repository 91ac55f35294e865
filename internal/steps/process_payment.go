package steps

import (
	"context"
	"errors"
	"fmt"

	"pizzasaga/internal/order"
)

// ProcessPayment charges the customer. A refusal wraps order.ErrDeclined, and an
// order that was cancelled before anything was claimed is order.ErrCancelled: no
// money moved. After any other error it may have. Once the money is claimed a
// wish to cancel is left to the next step, which finds the order paid.
func (s *Steps) ProcessPayment(ctx context.Context, in Input) (order.Order, error) {
	if err := s.simulateForward(ctx, in.Order, order.StartPayment); err != nil {
		return order.Order{}, err
	}
	o, err := s.advance(ctx, in.Order, order.StartPayment)
	if err != nil || o.Payment == order.PaymentPaid {
		return o, err
	}
	// An earlier attempt may have died here with the claim made: the gateway
	// knows whether it charged.
	if o.Payment != order.PaymentCharging {
		return o, fmt.Errorf("%s finds the payment %s: %w", order.ProcessPayment, o.Payment, order.ErrClosed)
	}
	if err := s.Payments.Charge(ctx, in.Order); err != nil {
		return o, fmt.Errorf("charge order %s: %w", in.Order.ID, err)
	}
	o, err = s.advance(ctx, in.Order, order.TakePayment)
	if errors.Is(err, order.ErrClosed) {
		// The refund overtook this charge, so nobody else will give it back.
		return o, errors.Join(err, s.Payments.Refund(ctx, in.Order))
	}
	return o, err
}
