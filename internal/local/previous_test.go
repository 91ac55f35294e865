package local

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// Orders may be under way while a new version is deployed. Their executions continue with
// the old definition and the new function.

// previous is the definition of the version before rollbacks had a status of their
// own.
//
//go:embed testdata/previous.asl.json
var previous []byte

func TestAnExecutionOfThePreviousDefinitionHasTheSameOutcome(t *testing.T) {
	for _, want := range outcomes.All() {
		if want.Execution == "SUCCEEDED" { // with the last status of that version
			want.Status = order.DeliveryConfirmed
		}
		want.Main, want.LoyaltyBranch, want.KitchenBranch = nil, nil, nil // its states were different
		for _, delay := range []int{0, 3} {
			t.Run(fmt.Sprintf("%d %s, delay %d", want.Fault, workflow.FaultStep(want.Fault), delay), func(t *testing.T) {
				inBubble(t, func(w *world) {
					var err error
					w.shop, err = open(Config{Definition: previous}, w.orders, w.queues, w.parts)
					require.NoError(w, err)
					r := w.run(fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":%d}`, want.Fault, delay))
					r.Entered = nil
					require.NoError(w, want.Check(r))
					require.Equal(w, r.Order.Payment == order.PaymentPaid || r.Order.Payment == order.PaymentRefundFailed, w.money.holds(r.Order.ID))
					require.Equal(w, want.Execution == "FAILED", r.Order.Failure != nil)
				})
			})
		}
	}
}

// leftBehind returns the states in which the previous version could leave an order
// whose refund had begun. The order kept the status at which it had failed. Each comes
// with the failure that its execution had caught.
func leftBehind() (all []struct {
	order.Order
	failed string // as the definition's Catch names it
}) {
	add := func(s order.Status, failed string, loyalties ...order.Loyalty) {
		for _, p := range []order.Payment{order.PaymentRefunding, order.PaymentRefunded} {
			for _, l := range loyalties {
				o := order.New(order.Request{ID: order.NewID()}, time.Now())
				o.Status, o.Payment, o.Loyalty = s, p, l
				all = append(all, struct {
					order.Order
					failed string
				}{o, failed})
			}
		}
	}
	for _, s := range []order.Status{order.Created, order.TakingPayment, order.Paid} {
		add(s, "processPayment", order.LoyaltyNone)
	}
	for _, s := range []order.Status{order.Paid, order.CookingStarted, order.CookingCompleted, order.DeliveryStarted} {
		add(s, "fulfilOrder", order.LoyaltyNone, order.LoyaltyAdded)
	}
	return all
}

// have stores an order that the previous version left, and makes its charge and adds its
// points.
func (w *world) have(o order.Order) {
	_, err := w.orders.Submit(w.Context(), order.Submission{Orders: []order.Order{o}})
	require.NoError(w, err)
	if o.Payment == order.PaymentRefunding {
		require.NoError(w, w.money.give(w.Context(), o.Request))
	}
	if o.Loyalty == order.LoyaltyAdded {
		require.NoError(w, w.points.give(w.Context(), o.Request))
	}
}

// requireRolledBack checks that an order was rolled back.
func (w *world) requireRolledBack(before order.Order, failed string) {
	w.Helper()
	want := order.Summary{ID: before.ID, Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: before.Loyalty}
	if failed == "processPayment" {
		want.Status = order.FailedPayment
	}
	if before.Loyalty == order.LoyaltyAdded {
		want.Loyalty = order.LoyaltyReclaimed
	}
	o := w.stored(before.ID)
	require.Equal(w, want, o.Summary())
	require.NotNil(w, o.Failure)
	require.NotNil(w, o.NotifiedAt)
	require.False(w, w.money.holds(o.ID))
	require.False(w, w.points.holds(o.ID))
	require.False(w, w.pizzas.holds(o.ID))
}

func TestTheStepsFinishARefundThatThePreviousVersionBegan(t *testing.T) {
	for _, left := range leftBehind() {
		t.Run(fmt.Sprintf("%s %s %s after %s", left.Status, left.Payment, left.Loyalty, left.failed), func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.have(left.Order)
				in := steps.Input{Order: left.Request, Failures: workflow.Failures{left.failed: {Error: "States.Timeout"}}}
				for range 2 {
					for _, step := range []order.StepName{order.RefundPayment, order.ReclaimLoyaltyPoints, order.NotifyCustomer} {
						_, err := w.saga().ByName()[step](w.Context(), in)
						require.NoError(w, err, step)
					}
				}
				w.requireRolledBack(left.Order, left.failed)
			})
		})
	}
}

// aborted reports that every execution was stopped.
type aborted struct{ repair.Executions }

func (aborted) Status(context.Context, string) (string, error) { return "ABORTED", nil }

func TestReconcilingFinishesARefundThatThePreviousVersionBegan(t *testing.T) {
	for _, left := range leftBehind() {
		if left.Status == order.Paid && left.failed == "processPayment" {
			continue // only its execution knows that the payment failed
		}
		t.Run(strings.Join([]string{string(left.Status), string(left.Payment), string(left.Loyalty)}, " "), func(t *testing.T) {
			inBubble(t, func(w *world) {
				w.have(left.Order)
				repairer, err := repair.New(repair.Config{Steps: w.saga(), Queues: w.queues, Executions: aborted{}})
				require.NoError(w, err)
				_, err = repairer.Reconcile(w.Context(), fmt.Appendf(nil, `{"execution":%q}`, left.ID))
				require.NoError(w, err)
				w.requireRolledBack(left.Order, left.failed)
			})
		})
	}
}
