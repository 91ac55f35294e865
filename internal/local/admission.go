package local

import (
	"context"
	"fmt"

	"pizzasaga/internal/order"
)

// maxUnderWay is how many orders may be under way at once. It limits the use of memory.
const maxUnderWay = 10_000

// admission refuses orders while too many are under way, and while the disk cannot keep
// up. The API then answers 503 with Retry-After.
type admission struct {
	order.Orders
	shop *Shop
}

// Submit implements [order.Orders].
func (a admission) Submit(ctx context.Context, s order.Submission) ([]order.Order, error) {
	if n := a.shop.engine.Running(); n >= a.shop.limit {
		return nil, fmt.Errorf("%w: %d orders are under way", order.ErrUnavailable, n)
	}
	if a.shop.data != nil && a.shop.data.Behind() {
		return nil, fmt.Errorf("%w: the disk cannot keep up", order.ErrUnavailable)
	}
	return a.Orders.Submit(ctx, s)
}
