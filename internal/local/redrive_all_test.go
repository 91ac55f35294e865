package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// redriveAll redrives every queue.
func (w *world) redriveAll(ctx context.Context) []repair.Report {
	w.Helper()
	answer, err := w.repairer().Redrive(ctx, []byte(`{"action":"redriveDeadLetters"}`))
	require.NoError(w, err)
	var all struct{ Queues []repair.Report }
	require.NoError(w, json.Unmarshal(answer, &all))
	return all.Queues
}

// fail places orders that leave the given number of dead letters in each of the three
// queues, and waits until they have ended.
func (w *world) fail(each int) {
	for range each {
		for _, f := range []order.Fault{workflow.FaultAddLoyaltyPoints, workflow.FaultRefundPayment, workflow.FaultReclaimLoyaltyPoints} {
			w.place(fmt.Sprintf(`{"errorOnStep":%d}`, f))
		}
	}
	time.Sleep(time.Hour)
	require.Len(w, w.letterBodies(), 3*each)
}

func TestARedriveWithoutAQueueEmptiesAllThree(t *testing.T) {
	inBubble(t, func(w *world) {
		w.fail(12) // more than a queue returns at once
		var seen []order.Queue
		for _, report := range w.redriveAll(w.Context()) {
			seen = append(seen, report.Queue)
			require.Len(w, report.Redriven, 12)
			require.Empty(w, report.Kept)
			require.False(w, report.More)
		}
		require.Equal(w, []order.Queue{"RefundPayment", "ReclaimLoyaltyPoints", "AddLoyaltyPoints"}, seen, "money first")
		require.Empty(w, w.letterBodies())
	})
}

func TestARedriveOfAllQueuesReportsWhatIsLeft(t *testing.T) {
	inBubble(t, func(w *world) {
		w.fail(3)
		slow := func(ctx context.Context, r order.Request) error {
			time.Sleep(6 * time.Second)
			return w.money.takeBack(ctx, r)
		}
		w.parts.gateway = bank{w.money.give, slow}
		ctx, cancel := context.WithTimeout(w.Context(), 20*time.Second)
		defer cancel()
		reports := w.redriveAll(ctx)
		require.Len(w, reports[0].Redriven, 2, "eight seconds are too few for a third letter")
		require.Len(w, reports[0].Kept, 1)
		for _, report := range reports {
			require.True(w, report.More, report.Queue)
		}
		require.Len(w, w.letterBodies(), 7)
	})
}

func TestTheLetterOfAnOrderUnderWayIsKept(t *testing.T) {
	inBubble(t, func(w *world) {
		id := w.place(`{"errorOnStep":3,"perStepDelaySeconds":5}`)
		time.Sleep(time.Second)
		report, err := w.redrive(`{"queue":"AddLoyaltyPoints"}`)
		require.NoError(w, err)
		require.Empty(w, report.Redriven)
		require.Equal(w, id, report.Kept[0].OrderID)
		require.Contains(w, report.Kept[0].Error, "still in progress (status COOKING_STARTED)")

		require.Equal(w, []order.Queue{workflow.AddLoyaltyPointsQueue}, w.await(id).Order.DeadLetters)
		report, err = w.redrive(`{"queue":"AddLoyaltyPoints"}`)
		require.NoError(w, err)
		require.Len(w, report.Redriven, 1)
		require.Empty(w, w.stored(id).DeadLetters)
		require.True(w, w.points.holds(id))
	})
}

func TestARedrivenRefundThatFailsAgainKeepsItsLetter(t *testing.T) {
	inBubble(t, func(w *world) {
		before := w.run(`{"errorOnStep":6}`).Order
		refuse := func(context.Context, order.Request) error { return errors.New("the gateway refused") }
		w.parts.gateway = bank{w.money.give, inTurn(refuse, w.money.takeBack)}
		report, err := w.redrive(`{"queue":"RefundPayment"}`)
		require.NoError(w, err)
		require.Contains(w, report.Kept[0].Error, "the gateway refused")
		o := w.stored(before.ID)
		require.Equal(w, before.Summary(), o.Summary())
		require.Equal(w, before.DeadLetters, o.DeadLetters)
		require.Equal(w, before.DeadLetters, w.shop.deadLetters(o.ID))

		time.Sleep(2 * time.Minute)
		report, err = w.redrive(`{"queue":"RefundPayment"}`)
		require.NoError(w, err)
		require.Equal(w, order.Cancelled, report.Redriven[0].Status)
		require.False(w, w.money.holds(o.ID))
	})
}

// TestRedrivingALetterWhoseWorkIsDoneRemovesIt covers an attempt that took effect although
// it was reported as failed.
func TestRedrivingALetterWhoseWorkIsDoneRemovesIt(t *testing.T) {
	for fault, action := range map[order.Fault]order.StepName{
		workflow.FaultAddLoyaltyPoints:     order.AddLoyaltyPoints,
		workflow.FaultReclaimLoyaltyPoints: order.ReclaimLoyaltyPoints,
	} {
		t.Run(string(action), func(t *testing.T) {
			inBubble(t, func(w *world) {
				o := w.run(fmt.Sprintf(`{"errorOnStep":%d}`, fault)).Order
				_, err := w.saga().ByName()[action](w.Context(), steps.Input{Order: order.Request{ID: o.ID}})
				require.NoError(w, err)
				require.Equal(w, o.DeadLetters, w.stored(o.ID).DeadLetters, "the letter is still in its queue")

				report, err := w.redrive(fmt.Sprintf(`{"queue":%q}`, o.DeadLetters[0]))
				require.NoError(w, err)
				require.Len(w, report.Redriven, 1)
				require.Empty(w, w.stored(o.ID).DeadLetters)
				require.Empty(w, w.letterBodies())
				require.LessOrEqual(w, w.points.gives[o.ID], 1)
			})
		})
	}
}

// TestTwoLettersOfOneOrderAreSettledOnce covers a letter that was sent twice, and two
// operators who redrive at the same time.
func TestTwoLettersOfOneOrderAreSettledOnce(t *testing.T) {
	for _, fault := range []order.Fault{workflow.FaultAddLoyaltyPoints, workflow.FaultRefundPayment, workflow.FaultReclaimLoyaltyPoints} {
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			inBubble(t, func(w *world) {
				o := w.run(fmt.Sprintf(`{"errorOnStep":%d}`, fault)).Order
				_, err := w.queues.Send(w.Context(), o.DeadLetters[0], w.letterBodies()[0])
				require.NoError(w, err)
				var both sync.WaitGroup
				for range 2 {
					both.Go(func() {
						report, err := w.redrive(fmt.Sprintf(`{"queue":%q,"max":1}`, o.DeadLetters[0]))
						assert.NoError(w, err)
						assert.Len(w, report.Redriven, 1, report.Kept)
					})
				}
				both.Wait()
				after := w.stored(o.ID)
				require.Empty(w, after.DeadLetters)
				require.Empty(w, w.letterBodies())
				require.True(w, after.Status.Ended())
				require.NotContains(w, []order.Payment{order.PaymentRefunding, order.PaymentRefundFailed}, after.Payment)
				require.Equal(w, after.Payment == order.PaymentPaid, w.money.holds(o.ID))
				require.Equal(w, after.Loyalty == order.LoyaltyAdded, w.points.holds(o.ID))
				ends := slices.DeleteFunc(after.Timeline, func(m order.Milestone) bool { return m.Status != string(after.Status) })
				require.Len(w, ends, 1, "the order ends once")
			})
		})
	}
}

func TestTheRecordKeepsALetterThatCouldNotBeSettled(t *testing.T) {
	inBubble(t, func(w *world) {
		o := w.run(`{"errorOnStep":3}`).Order
		w.parts.programme = programme{add: func(context.Context, order.Request) error { return errors.New("down") }}
		report, err := w.redrive(`{"queue":"AddLoyaltyPoints"}`)
		require.NoError(w, err)
		require.Len(w, report.Kept, 1)
		require.Equal(w, o, w.stored(o.ID))
		require.Len(w, w.letterBodies(), 1)
	})
}
