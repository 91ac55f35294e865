package steps

import (
	"context"
	"fmt"
	"time"

	"pizzasaga/internal/order"
)

// RecordLoyaltyFailure records that the points could not be added, and where their dead
// letter is. If an attempt added them after all, the recorded points stay. It changes
// nothing if the failure is already recorded or the order has ended.
func (s *Steps) RecordLoyaltyFailure(ctx context.Context, in Input) (order.Order, error) {
	failure, failed := in.Failures.Of(order.AddLoyaltyPoints)
	if !failed {
		return s.find(ctx, in.Order, order.RecordLoyaltyFailure)
	}
	failure.At = in.noticed(failure)
	var o order.Order
	for _, c := range []order.Change{order.NewChange(order.FailPoints, time.Now(), failure), order.WithPointsFailure(failure, time.Now())} {
		s.settleDeadLetters(&c, in)
		var moved bool
		var err error
		if o, moved, err = s.Orders.Apply(ctx, in.Order.ID, c); err != nil {
			return o, fmt.Errorf("%s: %w", order.RecordLoyaltyFailure, err)
		}
		if moved || len(unrecorded(o, []order.Failure{failure})) == 0 {
			return o, nil
		}
	}
	return o, nil
}
