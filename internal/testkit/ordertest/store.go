// Package ordertest has what tests of orders share: the contract of every store, and the
// combinations of statuses that an order can reach.
package ordertest

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// TestStore runs the suite. newStore returns a store for one test. It need not be empty,
// because each test uses its own ids and keys.
func TestStore(t *testing.T, newStore func(*testing.T) order.Orders) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, order.Orders)
	}{
		{"an order is stored as it was submitted", found},
		{"an unknown order is not found", notFound},
		{"an id can only be used once", idTaken},
		{"changing a returned order does not change the stored one", ownCopy},
		{"every transition changes only the orders that the table allows", transitions},
		{"a change has the same effect as in the domain", changes},
		{"dead letters are added and removed one by one", letters},
		{"the first failure is kept", firstFailure},
		{"a full timeline blocks no transition", fullTimeline},
		{"a repeated step changes the order once", twice},
		{"one of many concurrent changes with one transition wins", race},
		{"a step races with the step that excludes it", excluded},
		{"many orders are stored all or none", allOrNone},
		{"a repeated submission returns the orders of the first", replay},
		{"a key with another fingerprint is refused", keyReused},
		{"many concurrent submissions with one key get the same order", keyRace},
		{"one of many concurrent submissions with one key and different fingerprints wins", keyRaceReused},
		{"an expired key is forgotten at once", keyExpired},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, newStore(t)) })
	}
}

// pending returns a pending order with every field of a request set.
func pending() order.Order {
	return order.New(order.Request{ID: order.NewID(), Flavour: "quattro stagioni 🍕", PerStepDelaySeconds: 3, ErrorOnStep: workflow.FaultPrepareOrder}, time.Now())
}

// standing returns an order with these statuses. A real submission would not have it, but
// a store does not check that.
func standing(s order.Status, p order.Payment, l order.Loyalty) order.Order {
	o := pending()
	o.Status, o.Payment, o.Loyalty = s, p, l
	return o
}

func submit(t *testing.T, s order.Orders, orders ...order.Order) {
	t.Helper()
	_, err := s.Submit(t.Context(), order.Submission{Orders: orders})
	require.NoError(t, err)
}

func get(t *testing.T, s order.Orders, id string) order.Order {
	t.Helper()
	o, err := s.Get(t.Context(), id)
	require.NoError(t, err)
	return o
}

func found(t *testing.T, s order.Orders) {
	o := pending()
	submitted, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
	require.NoError(t, err)
	require.Equal(t, []order.Order{o}, submitted)
	require.Equal(t, o, get(t, s, o.ID))
}

func notFound(t *testing.T, s order.Orders) {
	_, err := s.Get(t.Context(), order.NewID())
	require.ErrorIs(t, err, order.ErrNotFound)
	fromAnywhere := order.Change{Transition: order.Transition{Step: order.Submit, ToStatus: order.Failed}, At: order.Time(time.Now())}
	for name, c := range map[string]order.Change{
		"a change from pending": order.NewChange(order.Accept, time.Now()), "a change from anywhere": fromAnywhere,
	} {
		t.Run(name, func(t *testing.T) {
			id := order.NewID()
			_, moved, err := s.Apply(t.Context(), id, c)
			require.ErrorIs(t, err, order.ErrNotFound)
			require.False(t, moved)
			_, err = s.Get(t.Context(), id)
			require.ErrorIs(t, err, order.ErrNotFound, "a change does not create an order")
		})
	}
}

func idTaken(t *testing.T, s order.Orders) {
	first := pending()
	submit(t, s, first)
	second := pending()
	second.ID = first.ID
	second.Flavour = "another"
	_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{second}})
	require.Error(t, err)
	_, err = s.Submit(t.Context(), submission(rand.Text(), "print", time.Hour, second))
	require.Error(t, err)
	require.NotErrorIs(t, err, order.ErrKeyReused)
	require.Equal(t, first, get(t, s, first.ID))
}

func ownCopy(t *testing.T, s order.Orders) {
	o := pending()
	submit(t, s, o)
	want := get(t, s, o.ID)
	o.Timeline[0].Step = "mine"
	mine := get(t, s, o.ID)
	mine.Timeline[0].Step = "mine"
	require.Equal(t, want, get(t, s, o.ID))

	c := order.NewChange(order.Fail, time.Now())
	c.Notified, c.DeadLetters = true, []order.Queue{workflow.RefundPaymentQueue}
	c.Failure = new(order.NewFailure(order.CreateOrder, "SimulatedFailure", "asked for"))
	mine, _, err := s.Apply(t.Context(), o.ID, c)
	require.NoError(t, err)
	want = get(t, s, o.ID)
	mine.Timeline[1].Step, mine.Failure.Error, mine.DeadLetters[0], *mine.NotifiedAt = "mine", "mine", "mine", time.Time{}
	require.Equal(t, want, get(t, s, o.ID))
}
