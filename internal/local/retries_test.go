package local

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

func TestAnOrderSurvivesBriefOutagesOfTheStore(t *testing.T) {
	inBubble(t, func(w *world) {
		var calls atomic.Int32
		w.parts.store = flaky{w.orders, func() bool { return calls.Add(1)%3 == 0 }}
		r := w.run(`{}`)
		require.NoError(w, outcomes.All()[0].Check(outcomes.Run{Execution: r.Execution, Order: r.Order, Entered: r.Entered}))
		require.NotEmpty(w, r.Failed, "some attempts failed and were retried")
	})
}

// flaky is a store that is unavailable for a change if down returns true.
type flaky struct {
	order.Orders
	down func() bool
}

func (f flaky) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if f.down() {
		return order.Order{}, false, order.ErrUnavailable
	}
	return f.Orders.Apply(ctx, id, c)
}

func TestAForwardStepDoesNotRetryADefiniteFailure(t *testing.T) {
	for _, fault := range []order.Fault{workflow.FaultCreateOrder, workflow.FaultProcessPayment, workflow.FaultAddLoyaltyPoints, workflow.FaultPrepareOrder, workflow.FaultProcessOrder} {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				r := w.run(fmt.Sprintf(`{"errorOnStep":%d}`, fault))
				require.Equal(w, 1, w.attempts(r, fault))
			})
		})
	}
}

func TestACompensationIsRetriedFiveTimesWithinFifteenSeconds(t *testing.T) {
	for _, fault := range []order.Fault{workflow.FaultRefundPayment, workflow.FaultReclaimLoyaltyPoints} {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				start := time.Now()
				id := w.place(fmt.Sprintf(`{"errorOnStep":%d}`, fault))
				_, err := w.shop.Wait(w.Context(), id)
				require.NoError(w, err)
				require.Equal(w, 15*time.Second, time.Since(start))
				require.Equal(w, 1+5, w.attempts(w.await(id), fault))
			})
		})
	}
}

// attempts counts the failed attempts at the step that the fault names.
func (w *world) attempts(r outcomes.Run, fault order.Fault) int {
	events, err := w.shop.history(r.Order.ID)
	require.NoError(w, err)
	n := 0
	for _, e := range events {
		if e.Failure() != nil && e.State == workflow.State(workflow.FaultStep(fault)) {
			n++
		}
	}
	return n
}

func TestADeadLetterHasAllThatARepairNeeds(t *testing.T) {
	for fault, messageType := range map[order.Fault]string{
		workflow.FaultAddLoyaltyPoints: "AddLoyaltyPointsFailed", workflow.FaultRefundPayment: "RefundPaymentFailed",
		workflow.FaultReclaimLoyaltyPoints: "ReclaimLoyaltyPointsFailed",
	} {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				r := w.run(fmt.Sprintf(`{"flavour":"Pineapple","errorOnStep":%d}`, fault))
				require.Len(w, r.DeadLetters, 1)
				letters := w.queues.Messages(r.DeadLetters[0])
				require.Len(w, letters, 1)
				var letter struct {
					MessageType string
					Order       order.Request
					Failure     workflow.StateFailure
					Execution   string
					Time        time.Time
				}
				require.NoError(w, json.Unmarshal([]byte(letters[0].Body), &letter))
				require.Equal(w, messageType, letter.MessageType)
				require.Equal(w, r.Order.Request, letter.Order)
				require.Equal(w, "SimulatedFailure", letter.Failure.Error)
				require.Contains(w, letter.Failure.Cause, "errorOnStep")
				require.True(w, strings.HasSuffix(letter.Execution, ":"+r.Order.ID), letter.Execution)
				require.WithinDuration(w, time.Now(), letter.Time, 2*time.Hour)
			})
		})
	}
}
