package steps

import (
	"context"

	"pizzasaga/internal/order"
)

// CompleteOrder confirms the delivery. If the loyalty branch has failed and could
// not write that down, as in executions of definitions before this one, it does so
// first.
func (s *Steps) CompleteOrder(ctx context.Context, in Input) (order.Order, error) {
	if _, failed := in.Failures.Of(order.AddLoyaltyPoints); failed {
		if o, err := s.RecordLoyaltyFailure(ctx, in); err != nil {
			return o, err
		}
	}
	return s.advance(ctx, in.Order, order.Confirm)
}
