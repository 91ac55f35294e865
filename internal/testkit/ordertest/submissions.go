package ordertest

import (
	"context"
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

func allOrNone(t *testing.T, s order.Orders) {
	taken := pending()
	submit(t, s, taken)
	orders := []order.Order{pending(), pending(), taken}
	orders[2].Flavour = "another"
	_, err := s.Submit(t.Context(), order.Submission{Orders: orders})
	require.Error(t, err)
	key := rand.Text()
	_, err = s.Submit(t.Context(), submission(key, "print", time.Hour, orders...))
	require.Error(t, err)
	for _, o := range orders[:2] {
		_, err := s.Get(t.Context(), o.ID)
		require.ErrorIs(t, err, order.ErrNotFound)
	}
	require.Equal(t, taken, get(t, s, taken.ID))

	sub := submission(key, "another print", time.Hour, pending(), pending(), pending())
	stored, err := s.Submit(t.Context(), sub)
	require.NoError(t, err, "the key was not stored either")
	require.Equal(t, sub.Orders, stored)
	for _, o := range sub.Orders {
		require.Equal(t, o, get(t, s, o.ID))
	}
}

func submission(key, fingerprint string, life time.Duration, orders ...order.Order) order.Submission {
	return order.Submission{Orders: orders, Record: &order.Record{Key: key, Fingerprint: fingerprint, Expires: time.Now().Add(life)}}
}

func replay(t *testing.T, s order.Orders) {
	key := rand.Text()
	sub := submission(key, "print", time.Hour, pending(), pending())
	_, err := s.Submit(t.Context(), sub)
	require.NoError(t, err)
	require.True(t, apply(t, s, sub.Orders[1], order.NewChange(order.Accept, time.Now())))

	again := submission(key, "print", time.Hour, pending(), pending())
	orders, err := s.Submit(t.Context(), again)
	require.NoError(t, err)
	require.Equal(t, []order.Order{sub.Orders[0], get(t, s, sub.Orders[1].ID)}, orders, "current, and in the same sequence")
	for _, o := range again.Orders {
		_, err := s.Get(t.Context(), o.ID)
		require.ErrorIs(t, err, order.ErrNotFound, "a repeated submission stores nothing")
	}
}

func keyReused(t *testing.T, s order.Orders) {
	key := rand.Text()
	first, second := submission(key, "print", time.Hour, pending()), submission(key, "another", time.Hour, pending())
	_, err := s.Submit(t.Context(), first)
	require.NoError(t, err)
	_, err = s.Submit(t.Context(), second)
	require.ErrorIs(t, err, order.ErrKeyReused)
	_, err = s.Get(t.Context(), second.Orders[0].ID)
	require.ErrorIs(t, err, order.ErrNotFound)
}

func keyRace(t *testing.T, s order.Orders) {
	for range rounds {
		key := rand.Text()
		results := inParallel(t.Context(), func(ctx context.Context, _ int) outcome {
			orders, err := s.Submit(ctx, submission(key, "print", time.Hour, pending(), pending()))
			return outcome{orders: orders, err: err}
		})
		for _, r := range results {
			require.NoError(t, r.err)
			require.Equal(t, results[0].orders, r.orders)
		}
		for _, o := range results[0].orders {
			require.Equal(t, o, get(t, s, o.ID))
		}
	}
}

func keyRaceReused(t *testing.T, s order.Orders) {
	for range rounds {
		key := rand.Text()
		results := inParallel(t.Context(), func(ctx context.Context, i int) outcome {
			orders, err := s.Submit(ctx, submission(key, string(rune('a'+i)), time.Hour, pending()))
			return outcome{orders: orders, err: err}
		})
		won := slices.DeleteFunc(slices.Clone(results), func(r outcome) bool { return r.err != nil })
		require.Len(t, won, 1)
		for _, r := range results {
			if r.err != nil {
				require.ErrorIs(t, r.err, order.ErrKeyReused)
			}
		}
	}
}

func keyExpired(t *testing.T, s order.Orders) {
	key := rand.Text()
	expired, fresh := submission(key, "print", -2*time.Second, pending()), submission(key, "another", time.Hour, pending())
	for _, sub := range []order.Submission{expired, fresh} {
		orders, err := s.Submit(t.Context(), sub)
		require.NoError(t, err)
		require.Equal(t, sub.Orders, orders)
	}
	require.Equal(t, expired.Orders[0], get(t, s, expired.Orders[0].ID), "its order is kept")
	_, err := s.Submit(t.Context(), expired)
	require.ErrorIs(t, err, order.ErrKeyReused, "the key now belongs to the later request")
}
