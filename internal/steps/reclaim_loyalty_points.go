package steps

import (
	"context"
	"fmt"

	"pizzasaga/internal/order"
)

// ReclaimLoyaltyPoints takes the order's points back after the refund. It asks the
// programme even if no points are recorded, because an attempt to add them may have died
// before recording them.
func (s *Steps) ReclaimLoyaltyPoints(ctx context.Context, in Input) (order.Order, error) {
	o, err := s.find(ctx, in.Order, order.ReclaimLoyaltyPoints)
	if err != nil {
		return o, err
	}
	if o.Payment != order.PaymentRefunded {
		return o, fmt.Errorf("%s: the payment is %s: %w", order.ReclaimLoyaltyPoints, o.Payment, order.ErrClosed)
	}
	if order.TakeBackPoints.Taken(o) {
		return o, nil
	}
	if err := simulate(in.Order, order.ReclaimLoyaltyPoints); err != nil {
		return o, err
	}
	if err := s.Loyalty.Reclaim(ctx, in.Order); err != nil {
		return o, fmt.Errorf("reclaim the points of order %s: %w", in.Order.ID, err)
	}
	if o.Loyalty == order.LoyaltyNone || o.Loyalty == order.LoyaltyAddFailed {
		return o, nil
	}
	return s.advance(ctx, in.Order, order.TakeBackPoints)
}
