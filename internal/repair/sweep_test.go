package repair_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/steps"
)

// aborted is the executions of orders that were all aborted just now.
type aborted []string

func (aborted) Status(context.Context, string) (string, error) { return "ABORTED", nil }

func (x aborted) List(_ context.Context, status, _ string) (page []repair.Execution, next string, err error) {
	if status != "ABORTED" {
		return nil, "", nil
	}
	for _, id := range x {
		page = append(page, repair.Execution{OrderID: id, Started: time.Now()})
	}
	return page, "", nil
}

// stuck is a store in which one order cannot be changed.
type stuck struct {
	*memory.Orders
	id string
}

func (s stuck) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if id == s.id {
		return order.Order{}, false, fmt.Errorf("change order %s: %w", id, order.ErrUnavailable)
	}
	return s.Orders.Apply(ctx, id, c)
}

// repairer returns a repairer of two pending orders, FREE and STUCK, whose
// executions were aborted, and a list that gains each order whose end it counts.
func repairer(t *testing.T) (*repair.Repairer, *[]string) {
	store := stuck{memory.NewOrders(), "STUCK"}
	for _, id := range []string{"FREE", "STUCK"} {
		_, err := store.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: id}, time.Now())}})
		require.NoError(t, err)
	}
	saga, err := steps.New(steps.Config{Orders: store, Payments: simulated.Gateway{}, Loyalty: simulated.Programme{}, Kitchen: simulated.Kitchen{},
		Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	var counted []string
	r, err := repair.New(repair.Config{Steps: saga, Queues: &memory.Queues{}, Executions: aborted{"STUCK", "FREE"},
		Ended: func(o order.Order) { counted = append(counted, o.ID) }})
	require.NoError(t, err)
	return r, &counted
}

func TestASweepThatLeavesAnOrderUnfinishedFailsAndNamesIt(t *testing.T) {
	r, counted := repairer(t)
	answer, err := r.Reconcile(t.Context(), []byte(`{"action":"reconcileOrders"}`))
	require.Empty(t, answer)
	require.ErrorContains(t, err, `"failed":[{"orderId":"STUCK"`)
	require.ErrorContains(t, err, `"mended":[{"orderId":"FREE","status":"FAILED"`)
	require.Equal(t, []string{"FREE"}, *counted, "an order that is stuck keeps no other waiting")
}

// TestTheEndOfAnOrderIsCountedAgainForItsExecutionAlone: the call that ended the
// order may have died before it counted. A sweep sees the same orders every hour.
func TestTheEndOfAnOrderIsCountedAgainForItsExecutionAlone(t *testing.T) {
	r, counted := repairer(t)
	for range 2 {
		answer, err := r.Reconcile(t.Context(), []byte(`{"action":"reconcileOrders","execution":"arn:aws:states:eu-west-1:123456789012:execution:pizza:FREE"}`))
		require.NoError(t, err)
		var o order.Summary
		require.NoError(t, json.Unmarshal(answer, &o))
		require.Equal(t, order.Failed, o.Status)
	}
	require.Equal(t, []string{"FREE", "FREE"}, *counted)

	_, err := r.Reconcile(t.Context(), []byte(`{"action":"reconcileOrders"}`))
	require.ErrorContains(t, err, `"mended":[]`)
	require.Equal(t, []string{"FREE", "FREE"}, *counted)
}
