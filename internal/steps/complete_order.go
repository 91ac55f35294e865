package steps

import (
	"context"

	"pizzasaga/internal/order"
)

// CompleteOrder confirms the delivery. If the loyalty branch failed and could not record
// that, as in executions of earlier definitions, CompleteOrder records it first.
func (s *Steps) CompleteOrder(ctx context.Context, in Input) (order.Order, error) {
	if _, failed := in.Failures.Of(order.AddLoyaltyPoints); failed {
		if o, err := s.RecordLoyaltyFailure(ctx, in); err != nil {
			return o, err
		}
	}
	return s.advance(ctx, in.Order, order.Confirm)
}
