package memory

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/testkit/ordertest"
)

func TestOrdersKeepTheStoresContract(t *testing.T) {
	ordertest.TestStore(t, func(*testing.T) order.Orders { return NewOrders() })
}

func TestQueuesKeepMessagesInSequence(t *testing.T) {
	var q Queues
	require.Empty(t, q.Messages("RefundPayment"))
	for i := range 3 {
		_, err := q.Send(t.Context(), "RefundPayment", fmt.Sprint(i))
		require.NoError(t, err)
	}
	_, err := q.Send(t.Context(), "AddLoyaltyPoints", "other")
	require.NoError(t, err)
	var bodies []string
	for _, m := range q.Messages("RefundPayment") {
		bodies = append(bodies, m.Body)
	}
	require.Equal(t, []string{"0", "1", "2"}, bodies)
	require.Len(t, q.Messages("RefundPayment"), 3, "messages stay")
}

func TestNoMessageIsLostWhenManyAreSentAtOnce(t *testing.T) {
	var q Queues
	var senders sync.WaitGroup
	for range 50 {
		senders.Go(func() { _, _ = q.Send(t.Context(), "RefundPayment", "body") })
	}
	senders.Wait()
	ids := map[string]bool{}
	for _, m := range q.Messages("RefundPayment") {
		ids[m.ID] = true
	}
	require.Len(t, ids, 50)
}

func TestOrdersAreListedTheNewestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewOrders()
		for _, id := range []string{"never started", "older", "newer"} {
			o := order.New(order.Request{ID: id}, time.Now())
			if id != "never started" {
				o.Timeline = append(o.Timeline, o.Timeline[0])
			}
			_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
			require.NoError(t, err)
			time.Sleep(order.UnstartedLife)
		}
		var ids []string
		for _, o := range s.List() {
			ids = append(ids, o.ID)
		}
		require.Equal(t, []string{"newer", "older"}, ids)
	})
}

func TestAForgottenOrderIsLeftInItsIdempotencyRecord(t *testing.T) {
	ordertest.TestForgetting(t, NewOrders())
}

func TestIdempotencyRecordsGoWhenTheyExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewOrders()
		for i := range 60 {
			record := &order.Record{Key: fmt.Sprint(i % 40), Expires: time.Now().Add(24 * time.Hour)}
			_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: fmt.Sprint(i)}, time.Now())}, Record: record})
			require.NoError(t, err)
			time.Sleep(time.Hour)
		}
		require.Len(t, s.records, 25)
		require.Len(t, s.inOrder, 25)
		require.Len(t, s.orders, 25, "orders that never started go, too")
	})
}

func TestDeletingFromAnEmptyQueueSucceeds(t *testing.T) {
	require.NoError(t, new(Queues).Delete(t.Context(), "RefundPayment", repair.Message{Receipt: "1"}))
}
