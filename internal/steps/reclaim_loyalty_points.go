package steps

import (
	"context"
	"fmt"

	"pizzasaga/internal/order"
)

// ReclaimLoyaltyPoints takes the order's points back, once the payment has been
// refunded. The programme is asked even where no points are on record: an
// attempt to add them may have died before it could write that it did.
func (s *Steps) ReclaimLoyaltyPoints(ctx context.Context, in Input) (order.Order, error) {
	o, err := s.find(ctx, in.Order, order.ReclaimLoyaltyPoints)
	if err != nil {
		return o, err
	}
	if o.Payment != order.PaymentRefunded {
		return o, fmt.Errorf("%s finds the payment %s: %w", order.ReclaimLoyaltyPoints, o.Payment, order.ErrClosed)
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
