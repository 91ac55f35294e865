package steps

import (
	"context"

	"pizzasaga/internal/order"
)

// ProcessOrder takes the cooked pizza and has the kitchen hand it to the courier.
func (s *Steps) ProcessOrder(ctx context.Context, in Input) (order.Order, error) {
	if err := simulate(in.Order, order.ProcessOrder); err != nil {
		return order.Order{}, err
	}
	if o, err := s.advance(ctx, in.Order, order.FinishCooking); err != nil {
		return o, err
	}
	return s.perform(ctx, in.Order, order.StartDelivery, s.Kitchen.HandOver)
}
