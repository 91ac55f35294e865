package ordertest

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

// Forgetter is a store that can forget an order.
type Forgetter interface {
	order.Orders
	Forget(ids ...string) error
}

// TestForgetting checks what remains of an order that a store forgets.
func TestForgetting(t *testing.T, s Forgetter) {
	key := rand.Text()
	sub, other := submission(key, "print", time.Hour, pending(), pending()), pending()
	_, err := s.Submit(t.Context(), sub)
	require.NoError(t, err)
	submit(t, s, other)
	require.True(t, apply(t, s, sub.Orders[0], order.NewChange(order.Abandon, time.Now())))
	gone := get(t, s, sub.Orders[0].ID)
	gone.Timeline = nil
	require.NoError(t, s.Forget(gone.ID, order.NewID(), other.ID))
	require.NoError(t, s.Forget(gone.ID), "it is gone already")
	for _, id := range []string{gone.ID, other.ID} {
		_, err = s.Get(t.Context(), id)
		require.ErrorIs(t, err, order.ErrNotFound)
	}
	again, err := s.Submit(t.Context(), submission(key, "print", time.Hour, pending(), pending()))
	require.NoError(t, err)
	require.Equal(t, []order.Order{gone, sub.Orders[1]}, again, "the key still stands for both orders")
	_, err = s.Submit(t.Context(), submission(key, "another", time.Hour, pending()))
	require.ErrorIs(t, err, order.ErrKeyReused)
}
