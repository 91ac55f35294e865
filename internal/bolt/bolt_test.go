package bolt

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/testkit/ordertest"
)

// file opens a data file and closes it at the end of the test.
func file(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func fresh(t testing.TB) string { return filepath.Join(t.TempDir(), "shop.data") }

func TestOrdersKeepTheStoresContract(t *testing.T) {
	ordertest.TestStore(t, func(t *testing.T) order.Orders { return file(t, fresh(t)) })
}

func TestOrdersOutliveTheStore(t *testing.T) {
	path, o := fresh(t), order.New(order.Request{ID: "1", Flavour: "Funghi"}, time.Now())
	sub := order.Submission{Orders: []order.Order{o}, Record: &order.Record{Key: "k", Fingerprint: "f", Expires: time.Now().Add(time.Hour)}}
	s := file(t, path)
	_, err := s.Submit(t.Context(), sub)
	require.NoError(t, err)
	moved, _, err := s.Apply(t.Context(), "1", order.NewChange(order.Accept, time.Now()))
	require.NoError(t, err)
	require.NoError(t, s.Close())

	s = file(t, path)
	again, err := s.Get(t.Context(), "1")
	require.NoError(t, err)
	require.Equal(t, moved, again)
	replayed, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: "2"}, time.Now())}, Record: sub.Record})
	require.NoError(t, err)
	require.Equal(t, []order.Order{moved}, replayed)
}

func TestOrdersAreListedTheNewestFirst(t *testing.T) {
	s, now := file(t, fresh(t)), time.Now()
	for i, id := range []string{"old", "new", "gone"} {
		at := now.Add(time.Duration(i) * time.Minute)
		if id == "gone" {
			at = now.Add(-order.UnstartedLife)
		}
		_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: id}, at)}})
		require.NoError(t, err)
	}
	var ids []string
	for _, o := range s.List() {
		ids = append(ids, o.ID)
	}
	require.Equal(t, []string{"new", "old"}, ids)
}

func TestMessagesStayInTheirOrderUntilTheyAreDeleted(t *testing.T) {
	path := fresh(t)
	s := file(t, path)
	for i := range 3 {
		_, err := s.Send(t.Context(), "RefundPayment", fmt.Sprint(i))
		require.NoError(t, err)
	}
	_, err := s.Send(t.Context(), "AddLoyaltyPoints", "other")
	require.NoError(t, err)
	require.NoError(t, s.Close())

	s = file(t, path)
	received, err := s.Receive(t.Context(), "RefundPayment", 2)
	require.NoError(t, err)
	require.Equal(t, []string{"0", "1"}, bodies(received))
	more, err := s.Receive(t.Context(), "RefundPayment", 2)
	require.NoError(t, err)
	require.Equal(t, []string{"2"}, bodies(more), "received messages are hidden")
	for range 2 {
		require.NoError(t, s.Delete(t.Context(), "RefundPayment", received[0]))
	}
	require.Len(t, s.Messages("RefundPayment"), 2)
}

func bodies(messages []repair.Message) (texts []string) {
	for _, m := range messages {
		texts = append(texts, m.Body)
	}
	return texts
}

func TestBooksGiveOnceAndNeverAfterTheyWereVoided(t *testing.T) {
	path, r := fresh(t), order.Request{ID: "1"}
	s := file(t, path)
	for range 2 {
		require.NoError(t, simulated.Gateway{Books: s}.Charge(t.Context(), r))
	}
	require.NoError(t, simulated.Gateway{Books: s}.Refund(t.Context(), r))
	require.NoError(t, s.Close())
	s = file(t, path)
	require.ErrorIs(t, simulated.Gateway{Books: s}.Charge(t.Context(), r), order.ErrRefused)
	require.NoError(t, s.Enter(t.Context(), "money", "1", func(e *simulated.Entry) error {
		require.Equal(t, simulated.Entry{Void: true, Gives: 1, Takes: 1}, *e)
		return nil
	}))
	out, err := simulated.Kitchen{Books: s}.Void(t.Context(), r)
	require.NoError(t, err)
	require.False(t, out)
	require.ErrorIs(t, simulated.Kitchen{Books: s}.HandOver(t.Context(), r), order.ErrRefused)
}

func TestWritesThatArriveTogetherShareACommit(t *testing.T) {
	s := file(t, fresh(t))
	written := func() int64 { stats := s.db.Stats(); return stats.TxStats.GetWrite() }
	before := written()
	held, release := make(chan struct{}), make(chan struct{})
	var writes sync.WaitGroup
	writes.Go(func() { _ = s.update(func(*tx) error { close(held); <-release; return nil }) })
	<-held
	for i := range 100 {
		writes.Go(func() {
			_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: fmt.Sprint(i)}, time.Now())}})
			require.NoError(t, err)
		})
	}
	require.Eventually(t, func() bool { return len(s.writes) == 100 }, time.Minute, time.Millisecond)
	close(release)
	writes.Wait()
	require.Less(t, written()-before, int64(30), "pages written")
}

func TestAClosedFileIsUnavailable(t *testing.T) {
	s := file(t, fresh(t))
	require.NoError(t, s.Close())
	_, _, err := s.Apply(t.Context(), "1", order.NewChange(order.Accept, time.Now()))
	require.ErrorIs(t, err, order.ErrUnavailable)
}

func TestTheDiskIsBehindWhileManyWritesWait(t *testing.T) {
	s := file(t, fresh(t))
	held, release := make(chan struct{}), make(chan struct{})
	var writes sync.WaitGroup
	writes.Go(func() { _ = s.update(func(*tx) error { close(held); <-release; return nil }) })
	<-held
	require.False(t, s.Behind())
	for range maxBatch/2 + 1 {
		writes.Go(func() { _ = s.update(func(*tx) error { return nil }) })
	}
	require.Eventually(t, s.Behind, time.Minute, time.Millisecond)
	close(release)
	writes.Wait()
	require.False(t, s.Behind())
}

func TestAForgottenOrderIsLeftInItsIdempotencyRecord(t *testing.T) {
	ordertest.TestForgetting(t, file(t, fresh(t)))
}

func TestIdempotencyRecordsGoWhenTheyExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := file(t, fresh(t))
		for i := range 60 {
			record := &order.Record{Key: fmt.Sprint(i % 40), Expires: time.Now().Add(24 * time.Hour)}
			_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: fmt.Sprint(i)}, time.Now())}, Record: record})
			require.NoError(t, err)
			time.Sleep(time.Hour)
		}
		require.NoError(t, s.view(func(t *tx) error {
			for _, bucket := range [][]byte{keys, expiries, orders} {
				left := 0
				err := t.each(bucket, nil, func(_, _ []byte) error { left++; return nil })
				if err != nil || left != 25 {
					return fmt.Errorf("%d %s are left: %w", left, bucket, err)
				}
			}
			return nil
		}))
		require.NoError(t, s.Close())
	})
}

func TestNothingIsLeftOfAForgottenOrder(t *testing.T) {
	path := fresh(t)
	s := file(t, path)
	machine, err := asl.Load([]byte(`{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`), nil)
	require.NoError(t, err)
	for _, id := range []string{"1", "10"} {
		_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: id}, time.Now())}})
		require.NoError(t, err)
		require.NoError(t, simulated.Gateway{Books: s}.Charge(t.Context(), order.Request{ID: id}))
		require.NoError(t, s.Save(asl.Change{Name: id, Machine: machine, Status: asl.Succeeded, State: []byte(`{}`), Events: []asl.Event{{ID: 1}}}))
	}
	count := func() (n map[string]int) {
		n = map[string]int{}
		require.NoError(t, s.view(func(t *tx) error {
			for _, bucket := range [][]byte{orders, executions, events, books} {
				if err := t.each(bucket, nil, func(_, _ []byte) error { n[string(bucket)]++; return nil }); err != nil {
					return err
				}
			}
			return nil
		}))
		return n
	}
	require.NoError(t, s.Forget("1"))
	require.Equal(t, map[string]int{"orders": 1, "executions": 1, "events": 1, "books": 1}, count())
	require.NoError(t, s.Close())
	s = file(t, path) // which verifies the sums
	saved, err := s.Executions()
	require.NoError(t, err)
	require.Len(t, saved, 1)
	require.Equal(t, "10", saved[0].Name)
}

func TestOrdersThatNobodyWasToldOfAreDropped(t *testing.T) {
	s := file(t, fresh(t))
	machine, err := asl.Load([]byte(`{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`), nil)
	require.NoError(t, err)
	place := func(id, key string) {
		sub := order.Submission{Orders: []order.Order{order.New(order.Request{ID: id}, time.Now())}}
		if key != "" {
			sub.Record = &order.Record{Key: key, Expires: time.Now().Add(time.Hour)}
		}
		_, err := s.Submit(t.Context(), sub)
		require.NoError(t, err)
	}
	place("lost", "")
	place("abandoned", "")
	_, _, err = s.Apply(t.Context(), "abandoned", order.NewChange(order.Abandon, time.Now()))
	require.NoError(t, err)
	place("repeatable", "key")
	place("started", "")
	require.NoError(t, s.Save(asl.Change{Name: "started", Machine: machine, Status: asl.Running, State: []byte(`{}`), Events: []asl.Event{{ID: 1}}}))
	require.NoError(t, s.DropUnstarted())
	var left []string
	for _, o := range s.List() {
		left = append(left, o.ID)
	}
	require.ElementsMatch(t, []string{"repeatable", "started"}, left)
}

// TestNobodyIsToldWhatAFailedCommitWouldHaveStored puts a record that cannot be
// encoded, so that the commit fails.
func TestNobodyIsToldWhatAFailedCommitWouldHaveStored(t *testing.T) {
	s := file(t, fresh(t))
	held, release := make(chan struct{}), make(chan struct{})
	var writes sync.WaitGroup
	writes.Go(func() { _ = s.update(func(*tx) error { close(held); <-release; return nil }) })
	<-held
	writes.Go(func() { _ = s.update(func(t *tx) error { t.put(orders, []byte("x"), func() {}); return nil }) })
	submit := func(fingerprint string) {
		sub := order.Submission{Orders: []order.Order{order.New(order.Request{ID: fingerprint}, time.Now())}, Record: &order.Record{Key: "k", Fingerprint: fingerprint, Expires: time.Now().Add(time.Hour)}}
		_, err := s.Submit(t.Context(), sub)
		require.ErrorIs(t, err, order.ErrUnavailable)
		require.NotErrorIs(t, err, order.ErrKeyReused)
	}
	writes.Go(func() { submit("first") })
	writes.Go(func() { submit("second") })
	require.Eventually(t, func() bool { return len(s.writes) == 3 }, time.Minute, time.Millisecond)
	close(release)
	writes.Wait()
}
