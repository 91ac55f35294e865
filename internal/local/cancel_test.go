package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// cancel sends a request to cancel an order, and returns the status of the answer.
func (w *world) cancel(id string) int {
	answer := httptest.NewRecorder()
	w.shop.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/orders/"+id+"/cancel", nil))
	return answer.Code
}

// cancelling returns an outside call that cancels the order the first time, and then
// calls next.
func (w *world) cancelling(next call) call {
	var once sync.Once
	return func(ctx context.Context, r order.Request) error {
		once.Do(func() { assert.Equal(w, http.StatusAccepted, w.cancel(r.ID)) })
		return do(ctx, r, next)
	}
}

// cancelBefore cancels the order just before a step first tries to make the
// transition.
func (w *world) cancelBefore(t order.Transition) {
	cancel := w.cancelling(nil)
	w.parts.store = watched{w.orders, func(ctx context.Context, id string, c order.Change) error {
		if c.Step != t.Step || c.ToStatus != t.ToStatus || c.ToLoyalty != t.ToLoyalty {
			return nil
		}
		return cancel(ctx, order.Request{ID: id})
	}}
}

// watched is a store that calls before for each change, and does not make the change
// if that returns an error.
type watched struct {
	order.Orders
	before func(context.Context, string, order.Change) error
}

func (s watched) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if err := s.before(ctx, id, c); err != nil {
		return order.Order{}, false, err
	}
	return s.Orders.Apply(ctx, id, c)
}

// requireCancelled checks that an order ended as cancelled with nothing left to do,
// and that it can be cancelled again.
func (w *world) requireCancelled(r outcomes.Run, payment order.Payment) {
	w.Helper()
	require.Equal(w, "FAILED", r.Execution)
	require.Equal(w, order.Cancelled, r.Order.Status)
	require.Equal(w, payment, r.Order.Payment)
	require.Contains(w, []order.Loyalty{order.LoyaltyNone, order.LoyaltyReclaimed}, r.Order.Loyalty)
	require.NotNil(w, r.Order.NotifiedAt)
	require.Empty(w, r.DeadLetters)
	require.False(w, w.money.holds(r.Order.ID), "money")
	require.False(w, w.points.holds(r.Order.ID), "points")
	require.False(w, w.pizzas.holds(r.Order.ID), "pizza")
	require.Equal(w, http.StatusAccepted, w.cancel(r.Order.ID), "a second cancellation is accepted")
}

func TestAnOrderCancelledBeforeTheChargeIsNotCharged(t *testing.T) {
	for _, before := range []order.Transition{order.Accept, order.StartPayment} {
		t.Run("before "+string(before.Step), func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.cancelBefore(before)
				r := w.run(`{}`)
				w.requireCancelled(r, order.PaymentNone)
				require.Zero(w, w.money.gives[r.Order.ID])
				require.Equal(w, before.Step, r.Order.Failure.Step)
				require.Equal(w, "OrderCancelled", r.Order.Failure.Error)
				require.NotContains(w, r.Entered, "RefundPayment")
			})
		})
	}
}

func TestAnOrderCancelledBeforeTheHandOverIsRolledBack(t *testing.T) {
	for name, arrange := range map[string]func(w *world){
		"while it is charged":           func(w *world) { w.parts.gateway = bank{w.cancelling(w.money.give), w.money.takeBack} },
		"before it is recorded as paid": func(w *world) { w.cancelBefore(order.TakePayment) },
		"while it is prepared": func(w *world) {
			w.parts.kitchen = kitchen{prepare: w.cancelling(nil), handOver: w.pizzas.give, void: w.pizzas.void}
		},
		"before it is cooked": func(w *world) { w.cancelBefore(order.StartCooking) },
		"while it is cooked": func(w *world) {
			cancel := w.cancelling(nil)
			w.parts.kitchen = kitchen{handOver: w.pizzas.give, void: w.pizzas.void,
				prepare: func(ctx context.Context, r order.Request) error {
					time.AfterFunc(5*time.Second, func() { _ = cancel(ctx, r) })
					return nil
				}}
		},
		"before it is recorded as cooked": func(w *world) { w.cancelBefore(order.FinishCooking) },
		"before its hand-over is claimed": func(w *world) { w.cancelBefore(order.StartDelivery) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				arrange(w)
				r := w.run(`{"perStepDelaySeconds":10}`)
				w.requireCancelled(r, order.PaymentRefunded)
				require.Equal(w, 1, w.money.takes[r.Order.ID])
				require.Zero(w, w.pizzas.gives[r.Order.ID], "no pizza is handed over")
				require.Equal(w, "OrderCancelled", r.Order.Failure.Error)
				require.Equal(w, order.Milestone{Step: r.Order.Failure.Step, Status: order.StepFailed}, afterRequest(r.Order), "the next step fails")
				require.Equal(w, []string{workflow.State(r.Order.Failure.Step)}, r.Failed)
				require.Subset(w, r.Entered, []string{"FulfilOrder", "RefundPayment", "ReclaimLoyaltyPoints", "NotifyCustomer"})
			})
		})
	}
}

// afterRequest returns what happened first after the request to cancel. It ignores a
// payment that was under way and the points, because a cancellation stops neither.
func afterRequest(o order.Order) order.Milestone {
	asked := slices.IndexFunc(o.Timeline, func(m order.Milestone) bool { return m.Status == order.CancelRequested })
	for _, m := range o.Timeline[asked+1:] {
		if m.Status != string(order.Paid) && m.Step != order.AddLoyaltyPoints {
			return order.Milestone{Step: m.Step, Status: m.Status}
		}
	}
	return order.Milestone{}
}

func TestACancelledOrderThatMayHaveBeenChargedIsRefunded(t *testing.T) {
	for name, charge := range map[string]func(w *world) call{
		"the charge hangs": func(*world) call {
			return func(ctx context.Context, _ order.Request) error { <-ctx.Done(); return ctx.Err() }
		},
		"the charge arrives when the refund is done": func(w *world) call {
			return func(ctx context.Context, r order.Request) error {
				time.Sleep(10 * time.Minute) // ignores its context
				return w.money.give(ctx, r)
			}
		},
		"its answer is lost": func(w *world) call {
			return func(ctx context.Context, r order.Request) error {
				return errors.Join(w.money.give(ctx, r), errors.New("connection reset"))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.parts.gateway = bank{w.cancelling(charge(w)), w.money.takeBack}
				r := w.run(`{}`)
				w.requireCancelled(r, order.PaymentRefunded)
				require.Equal(w, order.ProcessPayment, r.Order.Failure.Step)
				require.NotContains(w, r.Entered, "FulfilOrder")
			})
		})
	}
}

func TestACancellationAfterTheHandOverIsClaimedIsRefused(t *testing.T) {
	for name, after := range map[string]time.Duration{"while it is handed over": 0, "while it is delivered": 5 * time.Second} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				var answer atomic.Int32
				w.parts.kitchen = kitchen{void: w.pizzas.void, handOver: func(ctx context.Context, r order.Request) error {
					cancel := func() { answer.Store(int32(w.cancel(r.ID))) }
					if after == 0 {
						cancel()
					} else {
						time.AfterFunc(after, cancel)
					}
					return w.pizzas.give(ctx, r)
				}}
				r := w.run(`{"perStepDelaySeconds":10}`)
				require.EqualValues(w, http.StatusConflict, answer.Load())
				require.NoError(w, outcomes.All()[workflow.FaultNone].Check(r))
				require.Nil(w, r.Order.CancelRequestedAt)
				require.True(w, w.pizzas.holds(r.Order.ID))
				require.Equal(w, http.StatusConflict, w.cancel(r.Order.ID))
			})
		})
	}
}

func TestAnUnchargedOrderThatFailsIsCancelledIfTheCustomerAsked(t *testing.T) {
	for name, asked := range map[string]order.StepName{
		"while createOrder fails": order.CreateOrder, "while the order is ended as failed": order.NotifyCustomer,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				cancel := w.cancelling(nil)
				w.parts.store = watched{w.orders, func(ctx context.Context, id string, c order.Change) (err error) {
					if c.Step == asked {
						err = cancel(ctx, order.Request{ID: id})
					}
					if c.Step == order.CreateOrder {
						err = order.ErrUnavailable
					}
					return err
				}}
				r := w.run(`{}`)
				w.requireCancelled(r, order.PaymentNone)
				require.Equal(w, "StoreUnavailable", r.Order.Failure.Error, "createOrder never saw the cancellation")
			})
		})
	}
}

func TestAnOrderThatHasEndedCannotBeCancelled(t *testing.T) {
	for _, want := range outcomes.All() {
		t.Run(string(workflow.FaultStep(want.Fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				r := w.run(fmt.Sprintf(`{"errorOnStep":%d}`, want.Fault))
				require.Equal(w, http.StatusConflict, w.cancel(r.Order.ID))
				o, err := w.orders.Get(w.Context(), r.Order.ID)
				require.NoError(w, err)
				require.Equal(w, r.Order, o)
			})
		})
	}
}

func TestADeclinedPaymentOverridesACancellation(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.gateway = bank{charge: w.cancelling(func(context.Context, order.Request) error { return order.ErrDeclined })}
		r := w.run(`{}`)
		require.Equal(w, order.FailedPayment, r.Order.Status)
		require.Equal(w, order.PaymentDeclined, r.Order.Payment)
		require.NotNil(w, r.Order.CancelRequestedAt)
		require.NotContains(w, r.Entered, "RefundPayment")
		require.Equal(w, http.StatusConflict, w.cancel(r.Order.ID))
	})
}

func TestAddingPointsIgnoresACancellation(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.kitchen = kitchen{prepare: func(context.Context, order.Request) error { time.Sleep(time.Second); return nil }}
		w.cancelBefore(order.AddPoints)
		r := w.run(`{}`)
		w.requireCancelled(r, order.PaymentRefunded)
		require.Equal(w, order.LoyaltyReclaimed, r.Order.Loyalty)
		require.Equal(w, 1, w.points.takes[r.Order.ID])
		require.NotContains(w, r.Failed, "AddLoyaltyPoints")
		require.Empty(w, w.queues.Messages(workflow.AddLoyaltyPointsQueue))
	})
}

func TestAnOrderThatIsBeingRolledBackCannotBeCancelled(t *testing.T) {
	inBubble(t, func(w *world) {
		var answer int
		w.parts.gateway = bank{w.money.give, func(ctx context.Context, r order.Request) error {
			answer = w.cancel(r.ID)
			return w.money.takeBack(ctx, r)
		}}
		r := w.run(`{"errorOnStep":4}`)
		require.Equal(w, http.StatusConflict, answer)
		require.NoError(w, outcomes.All()[workflow.FaultPrepareOrder].Check(r))
		require.Nil(w, r.Order.CancelRequestedAt)
	})
}

func TestACancelledOrderWhoseRefundFailsLeavesADeadLetter(t *testing.T) {
	inBubble(t, func(w *world) {
		w.cancelBefore(order.StartCooking)
		w.parts.gateway = bank{w.money.give, func(context.Context, order.Request) error { return errors.New("the bank is closed") }}
		r := w.run(`{}`)
		require.Equal(w, order.RollbackFailed, r.Order.Status)
		require.Equal(w, order.PaymentRefundFailed, r.Order.Payment)
		require.Equal(w, []order.Queue{workflow.RefundPaymentQueue}, r.DeadLetters)
		require.Equal(w, "OrderCancelled", r.Order.Failure.Error)
		require.Equal(w, http.StatusAccepted, w.cancel(r.Order.ID))
	})
}
