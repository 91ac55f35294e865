package steps

import (
	"context"

	"pizzasaga/internal/order"
)

// PrepareOrder has the kitchen prepare the pizza and start cooking it.
func (s *Steps) PrepareOrder(ctx context.Context, in Input) (order.Order, error) {
	if err := s.simulateForward(ctx, in.Order, order.StartCooking); err != nil {
		return order.Order{}, err
	}
	return s.perform(ctx, in.Order, order.StartCooking, s.Kitchen.Prepare)
}
