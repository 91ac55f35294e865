package local

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// delivered is the final status of the happy path.
var delivered = outcomes.All()[workflow.FaultNone].Status

// world is a shop in a synctest bubble, with the books of its outside systems. A test
// may change parts before it places the first order.
type world struct {
	*testing.T
	parts  parts
	orders *memory.Orders
	queues *memory.Queues
	money  *ledger
	points *ledger
	pizzas *ledger // handed over
	shop   *Shop
}

func inBubble(t *testing.T, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, orders: memory.NewOrders(), queues: &memory.Queues{}, money: newLedger(), points: newLedger(), pizzas: newLedger()}
		w.parts = parts{store: w.orders, queues: w.queues,
			kitchen:   kitchen{handOver: w.pizzas.give, void: w.pizzas.void},
			gateway:   bank{w.money.give, w.money.takeBack},
			programme: programme{w.points.give, w.points.takeBack}}
		test(w)
		if w.shop != nil {
			require.NoError(t, w.shop.Close(t.Context()))
		}
	})
}

// place opens the shop, if it is not open yet, and places an order through the API.
func (w *world) place(body string) string {
	w.Helper()
	if w.shop == nil {
		var err error
		w.shop, err = open(Config{}, w.orders, w.queues, w.parts)
		require.NoError(w, err)
	}
	answer := httptest.NewRecorder()
	w.shop.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(body)))
	require.Equal(w, http.StatusAccepted, answer.Code, answer.Body)
	var placed order.Summary
	require.NoError(w, json.Unmarshal(answer.Body.Bytes(), &placed))
	require.Equal(w, order.Pending, placed.Status)
	return placed.ID
}

// run places an order, waits until every invocation for it has ended, and returns the
// result.
func (w *world) run(body string) outcomes.Run {
	w.Helper()
	return w.await(w.place(body))
}

func (w *world) await(id string) outcomes.Run {
	w.Helper()
	_, err := w.shop.Wait(w.Context(), id)
	require.NoError(w, err)
	time.Sleep(time.Hour) // until invocations that outlived their branch have ended
	o, err := w.orders.Get(w.Context(), id)
	require.NoError(w, err)
	r, err := w.shop.Run(o)
	require.NoError(w, err)
	return r
}
