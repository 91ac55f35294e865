package steps

import (
	"context"
	"fmt"

	"pizzasaga/internal/order"
)

// ProcessOrder takes the cooked pizza and has the kitchen hand it to the courier. It
// claims the hand-over first: from then on the order cannot be cancelled. An order that
// was cancelled or rolled back earlier is not handed over.
func (s *Steps) ProcessOrder(ctx context.Context, in Input) (order.Order, error) {
	if err := s.simulateForward(ctx, in.Order, order.FinishCooking); err != nil {
		return order.Order{}, err
	}
	if o, err := s.advance(ctx, in.Order, order.FinishCooking); err != nil {
		return o, err
	}
	o, err := s.advance(ctx, in.Order, order.StartDelivery)
	if err != nil || o.Status != order.DeliveryStarted {
		return o, err
	}
	if err := s.Kitchen.HandOver(ctx, in.Order); err != nil {
		return o, fmt.Errorf("hand over order %s: %w", in.Order.ID, err)
	}
	return o, nil
}
