package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// look returns an order as the API shows it.
func (w *world) look(id string) (o order.Order) {
	w.Helper()
	answer := httptest.NewRecorder()
	w.shop.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/orders/"+id, nil))
	require.Equal(w, http.StatusOK, answer.Code, answer.Body)
	require.NoError(w, json.Unmarshal(answer.Body.Bytes(), &o))
	return o
}

// slowQueues are queues that take two seconds to send a letter.
type slowQueues struct{ *memory.Queues }

func (q slowQueues) Send(ctx context.Context, queue order.Queue, body string) (string, error) {
	time.Sleep(2 * time.Second)
	return q.Queues.Send(ctx, queue, body)
}

func TestARollbackIsRecordedAtItsFirstAttempt(t *testing.T) {
	for fault, payment := range map[order.Fault]order.Payment{
		// The simulated failure comes after the claim, at the call to the outside system.
		workflow.FaultRefundPayment:        order.PaymentRefunding,
		workflow.FaultReclaimLoyaltyPoints: order.PaymentRefunded,
	} {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.parts.gateway = bank{after(3*time.Second, w.money.give), w.money.takeBack}
				w.parts.programme = programme{after(time.Minute, w.points.give), w.points.takeBack}
				w.parts.queues = slowQueues{w.queues}
				noticed := order.Time(time.Now()).Add(3 * time.Second)
				id := w.place(fmt.Sprintf(`{"errorOnStep":%d}`, fault))
				why := &order.Failure{Step: order.PrepareOrder, Error: "SimulatedFailure", At: noticed,
					Cause: fmt.Sprintf("prepareOrder: simulated failure (errorOnStep %d)", fault)}
				time.Sleep(3 * time.Second)
				for range 14 { // the retries take fifteen seconds
					time.Sleep(time.Second)
					o := w.look(id)
					require.Equal(w, order.Summary{ID: id, Status: order.RollingBack, Payment: payment, Loyalty: order.LoyaltyNone}, o.Summary())
					require.Equal(w, why, o.Failure)
				}
				o := w.await(id).Order
				require.Equal(w, order.RollbackFailed, o.Status)
				require.Equal(w, why, o.Failure, "the first failure stays")
				require.Equal(w, []time.Time{noticed, noticed.Add(15 * time.Second)}, failedAt(o), "the second failure has the time at which the sending of the letter began")
			})
		})
	}
}

func TestALoyaltyFailureIsRecordedWhileTheOrderIsUnderWay(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.queues = slowQueues{w.queues}
		placed := order.Time(time.Now())
		id := w.place(`{"errorOnStep":3,"perStepDelaySeconds":5}`)
		time.Sleep(3 * time.Second)
		o := w.look(id)
		require.Equal(w, order.Summary{ID: id, Status: order.CookingStarted, Payment: order.PaymentPaid, Loyalty: order.LoyaltyAddFailed}, o.Summary())
		require.Equal(w, []order.Queue{workflow.AddLoyaltyPointsQueue}, o.DeadLetters)
		require.Equal(w, []time.Time{placed}, failedAt(o), "the failure has the time at which the sending of the letter began")

		w.stop(id)
		o = w.await(id).Order
		require.Equal(w, order.Cancelled, o.Status)
		require.Equal(w, order.LoyaltyAddFailed, o.Loyalty)
		require.Equal(w, []order.Queue{workflow.AddLoyaltyPointsQueue}, o.DeadLetters)
	})
}

func TestStoppingAfterALoyaltyFailureSendsNoSecondLetter(t *testing.T) {
	inBubble(t, func(w *world) {
		id := w.stopAfter(6*time.Second, `{"errorOnStep":3,"perStepDelaySeconds":5}`)
		o := w.await(id).Order
		require.Equal(w, delivered, o.Status)
		require.Equal(w, order.LoyaltyAddFailed, o.Loyalty)
		require.Len(w, w.queues.Messages(workflow.AddLoyaltyPointsQueue), 1)
		require.True(w, slices.ContainsFunc(o.Timeline, func(m order.Milestone) bool {
			return m.Step == order.AddLoyaltyPoints && m.Error == "SimulatedFailure"
		}))
	})
}

func TestAFailureHasTheTimeAtWhichTheRollbackBegan(t *testing.T) {
	inBubble(t, func(w *world) {
		down := func(context.Context, order.Request) error { time.Sleep(7 * time.Second); return order.ErrUnavailable }
		w.parts.store = crashAt{w.orders, order.RollingBack, inTurn(down, down, succeeds)}
		placed := order.Time(time.Now())
		o := w.run(`{"errorOnStep":5,"perStepDelaySeconds":2}`).Order
		require.Equal(w, order.Cancelled, o.Status)
		require.Equal(w, placed.Add(2*time.Second), o.Failure.At, "the failure has the time after cooking, not that of the write")
		require.Equal(w, []time.Time{o.Failure.At}, failedAt(o))
	})
}

func TestARollbackRecordsThatThePizzaWasHandedOver(t *testing.T) {
	inBubble(t, func(w *world) {
		dies := func(ctx context.Context, r order.Request) error { _ = w.pizzas.give(ctx, r); panic("out of memory") }
		w.parts.kitchen = kitchen{handOver: dies, void: w.pizzas.void}
		o := w.look(w.run(`{}`).Order.ID)
		require.Equal(w, order.Cancelled, o.Status)
		require.Equal(w, order.PaymentRefunded, o.Payment, "it is refunded although the pizza is out")
		require.True(w, o.HandedOver)
		require.True(w, slices.ContainsFunc(o.Timeline, func(m order.Milestone) bool {
			return m.Step == order.RefundPayment && m.Status == order.HandedOver
		}))
	})
}

func TestNoPizzaIsHandedOverAfterItsRefundHasBegun(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.kitchen = kitchen{handOver: after(time.Hour, w.pizzas.give), void: w.pizzas.void}
		o := w.run(`{}`).Order
		require.Equal(w, order.Cancelled, o.Status)
		require.False(w, o.HandedOver)
		require.False(w, w.pizzas.holds(o.ID))
	})
}

// crashAt is a store that calls crash before each write of a status. If crash returns an
// error, it makes no write.
type crashAt struct {
	order.Orders
	status order.Status
	crash  call
}

func (s crashAt) Apply(ctx context.Context, id string, c order.Change) (o order.Order, moved bool, err error) {
	if c.ToStatus != s.status {
		return s.Orders.Apply(ctx, id, c)
	}
	err = s.crash(ctx, order.Request{ID: id})
	if err == nil {
		o, moved, err = s.Orders.Apply(ctx, id, c)
	}
	return o, moved, err
}

func succeeds(context.Context, order.Request) error { return nil }

func TestAStepThatDiesOnceIsRetriedWithoutARollback(t *testing.T) {
	dies := func(context.Context, order.Request) error { panic("out of memory") }
	hangs := func(context.Context, order.Request) error {
		time.Sleep(time.Hour)
		return errors.New("too late")
	}
	for _, fault := range []struct {
		name string
		call call
	}{{"dies", dies}, {"hangs", hangs}} {
		for _, test := range []struct {
			where string
			parts func(w *world)
		}{
			{"before the kitchen hands over", func(w *world) {
				w.parts.kitchen = kitchen{handOver: inTurn(fault.call, w.pizzas.give), void: w.pizzas.void}
			}},
			{"after the kitchen handed over", func(w *world) {
				first := func(ctx context.Context, r order.Request) error {
					return errors.Join(w.pizzas.give(ctx, r), fault.call(ctx, r))
				}
				w.parts.kitchen = kitchen{handOver: inTurn(first, w.pizzas.give), void: w.pizzas.void}
			}},
			{"before the hand-over is claimed", func(w *world) {
				w.parts.store = crashAt{w.orders, order.DeliveryStarted, inTurn(fault.call, succeeds)}
			}},
			{"before the delivery is confirmed", func(w *world) {
				w.parts.store = crashAt{w.orders, order.DeliveryConfirmed, inTurn(fault.call, succeeds)}
			}},
			{"before the payment is claimed", func(w *world) {
				w.parts.store = crashAt{w.orders, order.TakingPayment, inTurn(fault.call, succeeds)}
			}},
		} {
			t.Run(fault.name+" "+test.where, func(t *testing.T) {
				inBubble(t, func(w *world) {
					test.parts(w)
					r := w.run(`{}`)
					require.Equal(w, "SUCCEEDED", r.Execution)
					require.Equal(w, delivered, r.Order.Status)
					require.Len(w, r.Failed, 1, "one step was retried")
					require.True(w, w.money.holds(r.Order.ID))
					require.Equal(w, 1, w.pizzas.gives[r.Order.ID])
				})
			})
		}
	}
}
