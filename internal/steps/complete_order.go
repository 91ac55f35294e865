package steps

import (
	"context"
	"fmt"
	"time"

	"pizzasaga/internal/order"
)

// CompleteOrder confirms the delivery. Only now is it written down if the
// loyalty branch has failed: that never holds up the pizza.
func (s *Steps) CompleteOrder(ctx context.Context, in Input) (order.Order, error) {
	failure, failed := in.Failures.Of(order.AddLoyaltyPoints)
	if !failed {
		return s.advance(ctx, in.Order, order.Confirm)
	}
	failure.At = in.noticed(failure)
	// The points may have been added all the same, by an attempt that was
	// reported as timed out; then ConfirmWithoutPoints does not apply.
	for _, t := range []order.Transition{order.ConfirmWithoutPoints, order.Confirm} {
		c := order.NewChange(t, time.Now(), failure)
		s.settleDeadLetters(&c, in)
		o, moved, err := s.Orders.Apply(ctx, in.Order.ID, c)
		if err != nil {
			return o, fmt.Errorf("%s: %w", order.CompleteOrder, err)
		}
		if moved {
			return o, nil
		}
	}
	return s.advance(ctx, in.Order, order.Confirm)
}
