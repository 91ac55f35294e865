package steps

import (
	"context"
	"errors"
	"fmt"

	"pizzasaga/internal/order"
)

// ProcessPayment charges the customer. If it returns order.ErrDeclined, or
// order.ErrCancelled for an order that was cancelled before the claim, no money moved.
// After any other error the customer may have been charged. Once the payment is claimed,
// the next step handles a request to cancel.
func (s *Steps) ProcessPayment(ctx context.Context, in Input) (order.Order, error) {
	if err := s.simulateForward(ctx, in.Order, order.StartPayment); err != nil {
		return order.Order{}, err
	}
	o, err := s.advance(ctx, in.Order, order.StartPayment)
	if err != nil || o.Payment == order.PaymentPaid {
		return o, err
	}
	if o.Payment != order.PaymentCharging {
		return o, fmt.Errorf("%s: the payment is %s: %w", order.ProcessPayment, o.Payment, order.ErrClosed)
	}
	// An earlier attempt may have died after the claim. Charge moves the money only once.
	if err := s.Payments.Charge(ctx, in.Order); err != nil {
		return o, fmt.Errorf("charge order %s: %w", in.Order.ID, err)
	}
	o, err = s.advance(ctx, in.Order, order.TakePayment)
	if errors.Is(err, order.ErrClosed) {
		// The refund was faster than this charge, so nothing else will return the money.
		return o, errors.Join(err, s.Payments.Refund(ctx, in.Order))
	}
	return o, err
}
