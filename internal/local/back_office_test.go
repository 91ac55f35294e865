package local

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

func TestTheBackOfficeShowsAndRedrivesDeadLetters(t *testing.T) {
	inBubble(t, func(w *world) {
		delivered, stuck, other := w.place(""), w.place(`{"errorOnStep":6}`), w.place(`{"errorOnStep":3}`)
		for _, id := range []string{delivered, stuck, other} {
			w.await(id)
		}
		_, err := w.shop.Queues.Send(w.Context(), "RefundPayment", "not sent by the workflow")
		require.NoError(w, err)

		type letter struct {
			Queue        order.Queue
			Order        *order.Summary
			Error, Cause string
		}
		look := func() (all struct{ DeadLetters []letter }) {
			require.NoError(w, json.Unmarshal(w.ask("GET", "/dead-letters", "").Body.Bytes(), &all))
			return all
		}
		seen := look()
		require.Equal(w, seen, look(), "reading dead letters changes nothing")
		require.Len(w, seen.DeadLetters, 3)
		require.Equal(w, other, seen.DeadLetters[0].Order.ID)
		require.Equal(w, letter{"RefundPayment", &order.Summary{ID: stuck, Status: order.RollbackFailed, Payment: order.PaymentRefundFailed, Loyalty: seen.DeadLetters[1].Order.Loyalty},
			"SimulatedFailure", "refundPayment: simulated failure (errorOnStep 6)"}, seen.DeadLetters[1])
		require.Nil(w, seen.DeadLetters[2].Order)

		type report struct {
			Queue    order.Queue
			Redriven []order.Summary
			Kept     []struct{ OrderID, Error string }
		}
		redrive := func(query string) (all struct{ Queues []report }) {
			answer := w.ask("POST", "/dead-letters/redrive"+query, "")
			require.Equal(w, http.StatusOK, answer.Code, answer.Body)
			require.NoError(w, json.Unmarshal(answer.Body.Bytes(), &all))
			return all
		}
		one := redrive("?queue=RefundPayment").Queues
		require.Len(w, one, 1)
		require.Equal(w, stuck, one[0].Redriven[0].ID)
		require.Equal(w, order.Cancelled, one[0].Redriven[0].Status)
		require.Contains(w, one[0].Kept[0].Error, "not one of the workflow's")
		all := redrive("").Queues
		require.Len(w, all, 3)
		require.Equal(w, other, all[2].Redriven[0].ID)
		require.Len(w, look().DeadLetters, 1)

		var list struct{ Orders []order.Order }
		require.NoError(w, json.Unmarshal(w.ask("GET", "/orders?status=CANCELLED", "").Body.Bytes(), &list))
		require.Len(w, list.Orders, 1)
		require.Equal(w, stuck, list.Orders[0].ID)
	})
}
