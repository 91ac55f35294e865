package ordertest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

// racers is how many goroutines race in each round.
const (
	racers = 10
	rounds = 3
)

// inParallel calls f in racers goroutines and returns the results.
func inParallel[T any](ctx context.Context, f func(context.Context, int) T) []T {
	results, start, done := make([]T, racers), make(chan struct{}), make(chan struct{})
	for i := range racers {
		go func() {
			<-start
			results[i] = f(ctx, i)
			done <- struct{}{}
		}()
	}
	close(start)
	for range racers {
		<-done
	}
	return results
}

type outcome struct {
	orders []order.Order
	moved  bool
	err    error
}

func race(t *testing.T, s order.Orders) {
	for range rounds {
		o := standing(order.TakingPayment, order.PaymentCharging, order.LoyaltyNone)
		submit(t, s, o)
		won := 0
		for _, r := range inParallel(t.Context(), func(ctx context.Context, _ int) outcome {
			after, moved, err := s.Apply(ctx, o.ID, order.NewChange(order.TakePayment, time.Now()))
			return outcome{[]order.Order{after}, moved, err}
		}) {
			require.NoError(t, r.err)
			require.Equal(t, order.Paid, r.orders[0].Status, "a loser sees the winner's write")
			if r.moved {
				won++
			}
		}
		require.Equal(t, 1, won)
		require.Len(t, get(t, s, o.ID).Timeline, 2)
	}
}

// excluded lets points race with a refund: points are never added after the refund began.
func excluded(t *testing.T, s order.Orders) {
	for range rounds {
		o := standing(order.CookingStarted, order.PaymentPaid, order.LoyaltyNone)
		submit(t, s, o)
		added, refunding := 0, 0
		for i, r := range inParallel(t.Context(), func(ctx context.Context, i int) outcome {
			row := []order.Transition{order.AddPoints, order.StartRefund}[i%2]
			after, moved, err := s.Apply(ctx, o.ID, order.NewChange(row, time.Now()))
			return outcome{[]order.Order{after}, moved, err}
		}) {
			require.NoError(t, r.err)
			switch {
			case r.moved && i%2 == 0:
				added++
				require.Equal(t, order.PaymentPaid, r.orders[0].Payment, "points were added before the refund began")
			case r.moved:
				refunding++
			}
		}
		require.Equal(t, 1, refunding)
		after := get(t, s, o.ID)
		require.Equal(t, added == 1, after.Loyalty == order.LoyaltyAdded)
		require.Len(t, after.Timeline, 1+added+refunding)
	}
}
