package steps

import (
	"context"

	"pizzasaga/internal/order"
)

// CreateOrder accepts a pending order.
func (s *Steps) CreateOrder(ctx context.Context, in Input) (order.Order, error) {
	if err := s.simulateForward(ctx, in.Order, order.Accept); err != nil {
		return order.Order{}, err
	}
	return s.advance(ctx, in.Order, order.Accept)
}
