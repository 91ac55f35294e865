package steps

import (
	"context"
	"errors"

	"pizzasaga/internal/order"
)

// AddLoyaltyPoints adds the order's points. It runs in parallel with the kitchen, and on
// AWS it keeps running after the kitchen has failed. Once a refund has begun, points are
// refused, and points that the programme has already added are taken back here.
func (s *Steps) AddLoyaltyPoints(ctx context.Context, in Input) (order.Order, error) {
	if err := simulate(in.Order, order.AddLoyaltyPoints); err != nil {
		return order.Order{}, err
	}
	added := false
	o, err := s.perform(ctx, in.Order, order.AddPoints, func(ctx context.Context, r order.Request) error {
		err := s.Loyalty.Add(ctx, r)
		added = err == nil
		return err
	})
	if added && errors.Is(err, order.ErrClosed) {
		return o, errors.Join(err, s.Loyalty.Reclaim(ctx, in.Order))
	}
	return o, err
}
