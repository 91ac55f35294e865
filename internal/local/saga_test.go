package local

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

func TestEveryFaultHasItsOutcome(t *testing.T) {
	for _, want := range outcomes.All() {
		for _, delay := range []int{0, 3} {
			t.Run(fmt.Sprintf("%d %s, delay %d", want.Fault, workflow.FaultStep(want.Fault), delay), func(t *testing.T) {
				inBubble(t, func(w *world) {
					r := w.run(fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":%d}`, want.Fault, delay))
					require.NoError(w, want.Check(r))
					require.Equal(w, r.Order.Payment == order.PaymentPaid || r.Order.Payment == order.PaymentRefundFailed, w.money.holds(r.Order.ID))
					// The step took back points that it had added too late.
					unsettled := r.Order.Loyalty == order.LoyaltyReclaimFailed && w.points.gives[r.Order.ID] > w.points.takes[r.Order.ID]
					require.Equal(w, r.Order.Loyalty == order.LoyaltyAdded || unsettled, w.points.holds(r.Order.ID))
				})
			})
		}
	}
}

func TestPerStepDelaysAddUp(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.kitchen = kitchen{prepare: func(context.Context, order.Request) error { time.Sleep(20 * time.Second); return nil }}
		start := time.Now()
		id := w.place(`{"perStepDelaySeconds":20}`)
		_, err := w.shop.Wait(w.Context(), id)
		require.NoError(w, err)
		require.Equal(w, 3*20*time.Second, time.Since(start), "preparing, cooking and delivering")
	})
}

func TestAnOrderCanBeWatched(t *testing.T) {
	inBubble(t, func(w *world) {
		slow := func(context.Context, order.Request) error { time.Sleep(2 * time.Second); return nil }
		w.parts.gateway = bank{charge: slow}
		w.parts.kitchen = kitchen{prepare: slow, handOver: slow}
		id := w.place(`{"perStepDelaySeconds":2}`)
		var seen []order.Status
		for range 7 {
			time.Sleep(time.Second)
			synctest.Wait()
			o, err := w.orders.Get(w.Context(), id)
			require.NoError(w, err)
			if !slices.Contains(seen, o.Status) {
				seen = append(seen, o.Status)
			}
			time.Sleep(time.Second)
		}
		// COOKING_COMPLETED is missing because the hand-over is claimed at the same moment.
		require.Equal(w, []order.Status{order.TakingPayment, order.StartCooking.Status[0], order.CookingStarted,
			order.DeliveryStarted, outcomes.All()[workflow.FaultNone].Status}, seen)
	})
}

func TestTheTimelineShowsWhatHappened(t *testing.T) {
	began := []string{"submitOrder PENDING ", "createOrder CREATED ", "processPayment PAYMENT_PROCESSING ", "processPayment PAYMENT_COMPLETE "}
	for _, test := range []struct {
		fault   order.Fault
		then    []string
		decided order.StepName
	}{
		{workflow.FaultProcessOrder, []string{"prepareOrder COOKING_STARTED ", "processOrder FAILED SimulatedFailure", "refundPayment ROLLING_BACK ",
			"refundPayment REFUNDED ", "reclaimLoyaltyPoints RECLAIMED ", "notifyCustomer CANCELLED "}, order.ProcessOrder},
		{workflow.FaultRefundPayment, []string{"prepareOrder FAILED SimulatedFailure", "refundPayment ROLLING_BACK ",
			"refundPayment FAILED SimulatedFailure", "notifyCustomer ROLLBACK_FAILED "}, order.PrepareOrder},
	} {
		t.Run(string(workflow.FaultStep(test.fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				r := w.run(fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":1}`, test.fault))
				var shown []string
				for _, m := range r.Order.Timeline {
					if m.Step != order.AddLoyaltyPoints { // its position varies
						shown = append(shown, fmt.Sprintf("%s %s %s", m.Step, m.Status, m.Error))
					}
				}
				require.Equal(w, began, shown[:len(began)])
				require.Equal(w, test.then, shown[len(shown)-len(test.then):])
				require.Equal(w, test.decided, r.Order.Failure.Step)
				require.Equal(w, "SimulatedFailure", r.Order.Failure.Error)
				require.Equal(w, fmt.Sprintf("%s: simulated failure (errorOnStep %d)", test.decided, test.fault), r.Order.Failure.Cause)
				require.NotNil(w, r.Order.NotifiedAt)
			})
		})
	}
}

func TestLoyaltyFailureNeverRollsBackAnOrder(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.programme = programme{add: func(context.Context, order.Request) error { return errors.New("the programme is down") }}
		r := w.run(`{}`)
		require.Equal(w, "SUCCEEDED", r.Execution)
		require.Equal(w, outcomes.All()[workflow.FaultAddLoyaltyPoints].Status, r.Order.Status)
		require.Equal(w, order.LoyaltyAddFailed, r.Order.Loyalty)
		require.Equal(w, []order.Queue{workflow.AddLoyaltyPointsQueue}, r.DeadLetters)
	})
}

// lostQueues are queues to which nothing can be sent.
type lostQueues struct{ *memory.Queues }

func (lostQueues) Send(context.Context, order.Queue, string) (string, error) {
	return "", errors.New("no queue")
}

func TestALostDeadLetterNeverRollsBackAnOrder(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.queues = lostQueues{w.queues}
		r := w.run(`{"errorOnStep":3}`)
		require.Equal(w, "SUCCEEDED", r.Execution)
		require.Equal(w, outcomes.All()[workflow.FaultAddLoyaltyPoints].Status, r.Order.Status)
		require.Equal(w, order.LoyaltyAddFailed, r.Order.Loyalty)
		require.Empty(w, r.Order.DeadLetters)
		lost := func(m order.Milestone) bool {
			return m.Status == order.DeadLetterLost && m.Step == order.AddLoyaltyPoints
		}
		require.True(w, slices.ContainsFunc(r.Order.Timeline, lost), "the timeline has the lost letter")
	})
}

func TestAKitchenFailureIsFollowedByTheRefundAndThenTheReclaim(t *testing.T) {
	broken := func(context.Context, order.Request) error { return errors.New("the oven is cold") }
	for name, k := range map[string]kitchen{"preparation": {prepare: broken}, "delivery": {handOver: broken}} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.parts.kitchen = k
				r := w.run(`{"perStepDelaySeconds":1}`)
				require.Equal(w, order.Cancelled, r.Order.Status)
				refund := slices.Index(r.Entered, "RefundPayment")
				require.Equal(w, []string{"RefundPayment", "ReclaimLoyaltyPoints"}, r.Entered[refund:refund+2])
				require.False(w, w.money.holds(r.Order.ID))
				require.False(w, w.points.holds(r.Order.ID))
			})
		})
	}
}

func TestPointsAreNotReclaimedWhenTheRefundFailed(t *testing.T) {
	inBubble(t, func(w *world) {
		r := w.run(`{"errorOnStep":6}`)
		require.NotContains(w, r.Entered, "ReclaimLoyaltyPoints")
		require.Zero(w, w.points.takes[r.Order.ID])
	})
}

func TestAPaymentWithAnUnknownResultIsRefunded(t *testing.T) {
	for name, charge := range map[string]func(w *world) call{
		"it crashed after the charge": func(w *world) call {
			return func(ctx context.Context, r order.Request) error { _ = w.money.give(ctx, r); panic("out of memory") }
		},
		"it crashed before the charge": func(*world) call {
			return func(context.Context, order.Request) error { panic("out of memory") }
		},
		"it timed out after the charge": func(w *world) call {
			return func(ctx context.Context, r order.Request) error {
				_ = w.money.give(ctx, r)
				<-ctx.Done()
				return ctx.Err()
			}
		},
		"the charge arrives when the refund is done": func(w *world) call {
			return func(ctx context.Context, r order.Request) error {
				time.Sleep(10 * time.Minute) // ignores its context
				return w.money.give(ctx, r)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.parts.gateway = bank{charge(w), w.money.takeBack}
				r := w.run(`{}`)
				require.Equal(w, "FAILED", r.Execution)
				require.Equal(w, order.FailedPayment, r.Order.Status)
				require.Equal(w, order.PaymentRefunded, r.Order.Payment)
				require.Contains(w, r.Entered, "RefundPayment")
				require.False(w, w.money.holds(r.Order.ID))
			})
		})
	}
}

func TestARefusedPaymentIsNotRefunded(t *testing.T) {
	inBubble(t, func(w *world) {
		w.parts.gateway = bank{
			charge: func(context.Context, order.Request) error { return fmt.Errorf("card: %w", order.ErrDeclined) },
			refund: func(context.Context, order.Request) error { panic("nothing to refund") }}
		r := w.run(`{}`)
		require.Equal(w, order.FailedPayment, r.Order.Status)
		require.Equal(w, order.PaymentDeclined, r.Order.Payment)
		require.NotContains(w, r.Entered, "RefundPayment")
	})
}

func TestPointsAddedDuringOrAfterARollbackDoNotStay(t *testing.T) {
	for _, late := range []time.Duration{500 * time.Millisecond, 1500 * time.Millisecond, 2500 * time.Millisecond, 20 * time.Second} {
		t.Run(late.String(), func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.parts.programme = programme{
					add: func(ctx context.Context, r order.Request) error { time.Sleep(late); return w.points.give(ctx, r) },
					reclaim: func(ctx context.Context, r order.Request) error {
						time.Sleep(time.Second)
						return w.points.takeBack(ctx, r)
					}}
				w.parts.gateway = bank{w.money.give, func(ctx context.Context, r order.Request) error {
					time.Sleep(time.Second)
					return w.money.takeBack(ctx, r)
				}}
				r := w.run(`{"errorOnStep":4}`)
				require.Equal(w, order.Cancelled, r.Order.Status)
				require.Equal(w, order.LoyaltyNone, r.Order.Loyalty)
				require.False(w, w.points.holds(r.Order.ID))
			})
		})
	}
}

func TestConcurrentStepsDoNotChangeAnOrderThatHasEnded(t *testing.T) {
	for _, fault := range []order.Fault{workflow.FaultNone, workflow.FaultPrepareOrder} {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				r := w.run(fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":1}`, fault))
				id := r.Order.ID
				before, err := w.orders.Get(w.Context(), id)
				require.NoError(w, err)
				books := w.books(id)
				saga, err := steps.New(steps.Config{Orders: w.orders, Payments: w.parts.gateway, Loyalty: w.parts.programme, Kitchen: w.parts.kitchen, Logger: discard()})
				require.NoError(w, err)
				for name, step := range saga.ByName() {
					for range 2 {
						go func() {
							_, err := step(w.Context(), steps.Input{Order: r.Order.Request})
							if fault == workflow.FaultNone && name != order.RefundPayment && name != order.ReclaimLoyaltyPoints {
								assert.NoError(w, err, "%s succeeds again", name)
							}
						}()
					}
					synctest.Wait()
					after, err := w.orders.Get(w.Context(), id)
					require.NoError(w, err)
					require.Equal(w, before, after, "%s changed an order that had ended", name)
					require.Equal(w, books, w.books(id), "%s changed the books of an order that had ended", name)
				}
			})
		})
	}
}

func TestACancellationComesBeforeASimulatedFailure(t *testing.T) {
	forward := []order.Transition{order.Accept, order.StartPayment, order.TakePayment, order.StartCooking, order.FinishCooking}
	for i, next := range forward {
		if !next.UnlessCancelRequested {
			continue
		}
		t.Run(string(next.Step), func(t *testing.T) {
			inBubble(t, func(w *world) {
				fault := slices.IndexFunc(workflow.Faults(), func(f order.Fault) bool { return workflow.FaultStep(f) == next.Step })
				r := order.Request{ID: "ID", ErrorOnStep: workflow.Faults()[fault]}
				_, err := w.orders.Submit(w.Context(), order.Submission{Orders: []order.Order{order.New(r, time.Now())}})
				require.NoError(w, err)
				for _, t := range append(slices.Clone(forward[:i]), order.AskToCancel) {
					_, moved, err := w.orders.Apply(w.Context(), r.ID, order.NewChange(t, time.Now()))
					require.NoError(w, err)
					require.True(w, moved)
				}
				_, err = w.saga().ByName()[next.Step](w.Context(), steps.Input{Order: r})
				require.ErrorIs(w, err, order.ErrCancelled)
			})
		})
	}
}
