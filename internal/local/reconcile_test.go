package local

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/workflow"
)

// stop stops the execution of an order through the Step Functions API.
func (w *world) stop(id string) {
	w.Helper()
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(fmt.Sprintf(`{"executionArn":%q}`, w.shop.engine.ExecutionARN(id))))
	request.Header.Set("X-Amz-Target", "AWSStepFunctions.StopExecution")
	answer := httptest.NewRecorder()
	w.shop.ServeHTTP(answer, request)
	require.Equal(w, http.StatusOK, answer.Code, answer.Body)
}

// stopAfter places an order, and stops its execution after a time.
func (w *world) stopAfter(after time.Duration, body string) (id string) {
	w.Helper()
	id = w.place(body)
	time.Sleep(after)
	w.stop(id)
	return id
}

func (w *world) repairer() *repair.Repairer {
	repairer, err := repair.New(repair.Config{Steps: w.saga(), Queues: w.parts.queues, Executions: w.shop})
	require.NoError(w, err)
	return repairer
}

// reconcile reconciles an order with the event that the EventBridge rule sends on AWS.
func (w *world) reconcile(id string) (order.Summary, error) {
	event, err := json.Marshal(map[string]string{"action": repair.ReconcileAction, "execution": w.shop.engine.ExecutionARN(id)})
	require.NoError(w, err)
	answer, err := w.repairer().Reconcile(w.Context(), event)
	var o order.Summary
	if err == nil {
		require.NoError(w, json.Unmarshal(answer, &o))
	}
	return o, err
}

// stored returns an order from the store.
func (w *world) stored(id string) order.Order {
	w.Helper()
	o, err := w.orders.Get(w.Context(), id)
	require.NoError(w, err)
	return o
}

func TestReconcilingDoesNothingWhileTheExecutionRuns(t *testing.T) {
	inBubble(t, func(w *world) {
		id := w.place(`{"perStepDelaySeconds":5}`)
		time.Sleep(time.Second)
		before := w.stored(id)
		answer, err := w.reconcile(id)
		require.NoError(w, err)
		require.Equal(w, before.Summary(), answer)
		require.Equal(w, before, w.stored(id))
		require.Equal(w, delivered, w.await(id).Order.Status)
	})
}

func TestReconcilingDoesNothingToAnOrderThatHasEnded(t *testing.T) {
	for _, fault := range workflow.Faults() {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				r := w.run(fmt.Sprintf(`{"errorOnStep":%d}`, fault))
				before := w.letterBodies()
				_, err := w.reconcile(r.Order.ID)
				require.NoError(w, err)
				require.Equal(w, r.Order, w.stored(r.Order.ID))
				require.Equal(w, before, w.letterBodies())
			})
		})
	}
}

// letterBodies returns the letters of all queues.
func (w *world) letterBodies() (bodies []string) {
	for _, q := range workflow.Queues() {
		for _, m := range w.queues.Messages(q) {
			bodies = append(bodies, m.Body)
		}
	}
	return bodies
}

func TestReconcilingSendsTheSameDeadLetterAsTheWorkflow(t *testing.T) {
	for _, fault := range []order.Fault{workflow.FaultRefundPayment, workflow.FaultReclaimLoyaltyPoints} {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				body := fmt.Sprintf(`{"flavour":"Pineapple","errorOnStep":%d,"perStepDelaySeconds":5}`, fault)
				workflows := w.run(body).Order
				stopped := w.stopAfter(7*time.Second, body)
				_, err := w.reconcile(stopped)
				require.NoError(w, err)
				want, got := w.letter(workflows), w.letter(w.stored(stopped))
				require.Equal(w, want, got)
			})
		})
	}
}

func TestReconcilingIgnoresThePerStepDelay(t *testing.T) {
	for stopped, want := range map[time.Duration]order.Status{30 * time.Second: order.Cancelled, 50 * time.Second: delivered} {
		t.Run(string(want), func(t *testing.T) {
			inBubble(t, func(w *world) {
				slow := func(then call) call {
					return func(ctx context.Context, r order.Request) error { time.Sleep(r.Delay()); return then(ctx, r) }
				}
				w.parts.gateway = bank{slow(w.money.give), slow(w.money.takeBack)}
				w.parts.programme = programme{w.points.give, slow(w.points.takeBack)}
				w.parts.kitchen = kitchen{handOver: slow(w.pizzas.give), void: w.pizzas.void}
				id := w.stopAfter(stopped, `{"perStepDelaySeconds":20}`)
				began := time.Now()
				o, err := w.reconcile(id)
				require.NoError(w, err)
				require.Equal(w, want, o.Status)
				require.Equal(w, began, time.Now())
			})
		})
	}
}

// letter returns the body of an order's dead letter, with placeholders for what differs
// between orders. The letter's time must be that of a failure in the order's timeline.
func (w *world) letter(o order.Order) (fields map[string]any) {
	w.Helper()
	require.Len(w, o.DeadLetters, 1)
	for _, body := range w.letterBodies() {
		if !strings.Contains(body, o.ID) {
			continue
		}
		fields = nil
		require.NoError(w, json.Unmarshal([]byte(strings.ReplaceAll(body, o.ID, "ORDER")), &fields))
	}
	at, err := time.Parse(time.RFC3339, fields["time"].(string))
	require.NoError(w, err)
	require.Contains(w, failedAt(o), at)
	fields["time"] = "TIME"
	return fields
}

// failedAt returns the times at which steps failed, according to the order's timeline.
func failedAt(o order.Order) (times []time.Time) {
	for _, m := range o.Timeline {
		if m.Status == order.StepFailed {
			times = append(times, m.At)
		}
	}
	return times
}

func TestAReconciliationThatCannotReachTheStoreCanBeRepeated(t *testing.T) {
	inBubble(t, func(w *world) {
		var down atomic.Bool
		w.parts.store = flaky{w.orders, down.Load}
		id := w.place(`{"perStepDelaySeconds":5}`)
		time.Sleep(time.Second)
		down.Store(true)
		w.stop(id)
		_, err := w.reconcile(id)
		require.ErrorIs(w, err, order.ErrUnavailable)
		w.await(id)
		require.Equal(w, order.CookingStarted, w.stored(id).Status)
		require.Empty(w, w.letterBodies(), "the order may still be rolled back")

		down.Store(false)
		o, err := w.reconcile(id)
		require.NoError(w, err)
		require.Equal(w, order.Cancelled, o.Status)
		require.False(w, w.money.holds(id))
	})
}

func TestASweepEndsAnOrderWhoseExecutionNeverReachedTheStore(t *testing.T) {
	inBubble(t, func(w *world) {
		var down atomic.Bool
		down.Store(true)
		w.parts.store = flaky{w.orders, down.Load}
		r := w.run(`{}`)
		require.Equal(w, []string{"CreateOrder", "NotifyCustomer", "OrderFailed"}, r.Entered)
		require.Equal(w, order.Pending, r.Order.Status)

		down.Store(false)
		answer, err := w.repairer().Reconcile(w.Context(), []byte(`{"action":"reconcileOrders"}`))
		require.NoError(w, err)
		require.JSONEq(w, fmt.Sprintf(`{"checked":1,"reconciled":[{"orderId":%q,"status":"FAILED","payment":"NONE","loyalty":"NONE"}],"failed":[],"complete":true}`, r.Order.ID), string(answer))
		require.NotNil(w, w.stored(r.Order.ID).NotifiedAt)
	})
}

func TestAnOrderWithoutAnExecutionExpires(t *testing.T) {
	inBubble(t, func(w *world) {
		started := w.run(`{}`).Order.ID
		o := order.New(order.Request{ID: order.NewID()}, time.Now())
		_, err := w.orders.Submit(w.Context(), order.Submission{Orders: []order.Order{o}})
		require.NoError(w, err)
		answer, err := w.reconcile(o.ID)
		require.NoError(w, err)
		require.Equal(w, o.Summary(), answer)

		time.Sleep(25*time.Hour - time.Second)
		require.Equal(w, o, w.stored(o.ID))
		time.Sleep(time.Second)
		_, err = w.orders.Get(w.Context(), o.ID)
		require.ErrorIs(w, err, order.ErrNotFound)
		require.Equal(w, delivered, w.stored(started).Status)
	})
}

// lateClaim claims the hand-over just before the rollback begins, like a step that is
// still running after its execution has ended.
type lateClaim struct{ *memory.Orders }

func (s lateClaim) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if c.Step == order.RefundPayment {
		for _, t := range []order.Transition{order.FinishCooking, order.StartDelivery} {
			if o, _, err := s.Orders.Apply(ctx, id, order.NewChange(t, time.Now())); err != nil {
				return o, false, err
			}
		}
	}
	return s.Orders.Apply(ctx, id, c)
}

func TestAnOrderWhoseHandOverIsClaimedLateIsDelivered(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.store = lateClaim{w.orders}
		o := w.await(w.stopAfter(time.Second, `{"perStepDelaySeconds":5}`)).Order
		require.Equal(w, delivered, o.Status)
		require.True(w, w.pizzas.holds(o.ID))
		require.True(w, w.money.holds(o.ID))
	})
}

func TestAnInvalidEventReconcilesNothing(t *testing.T) {
	for _, event := range []string{`{"action":"reconcileOrders","executions":"x"}`, `{"action":"reconcileOrders","execution":""}`} {
		t.Run(event, func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.run(`{}`)
				_, err := w.repairer().Reconcile(w.Context(), []byte(event))
				require.ErrorIs(w, err, order.ErrInvalid)
				require.ErrorContains(w, err, "execution")
			})
		})
	}
}

func TestCloseCancelsReconciliationsAtItsDeadline(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.gateway = bank{w.money.give, func(ctx context.Context, _ order.Request) error { <-ctx.Done(); return ctx.Err() }}
		w.stopAfter(time.Second, `{"perStepDelaySeconds":5}`)
		time.Sleep(10 * time.Second) // the refund hangs
		ctx, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		began := time.Now()
		require.ErrorIs(w, w.shop.Close(ctx), context.DeadlineExceeded)
		require.Equal(w, time.Second, time.Since(began))
		w.shop = nil
	})
}
