package steps

import (
	"context"

	"pizzasaga/internal/order"
)

// ReclaimLoyaltyPoints takes the order's points back, if they were added and
// the payment has been refunded. By then no more can be added.
func (s *Steps) ReclaimLoyaltyPoints(ctx context.Context, in Input) (order.Order, error) {
	if err := simulate(in.Order, order.ReclaimLoyaltyPoints); err != nil {
		return order.Order{}, err
	}
	o, err := s.perform(ctx, in.Order, order.TakeBackPoints, s.Loyalty.Reclaim)
	if o.Payment == order.PaymentRefunded && o.Loyalty == order.LoyaltyNone {
		return o, nil
	}
	return o, err
}
