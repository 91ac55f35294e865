// Package outcomes defines the workflow's eight outcomes. Everything that runs the
// workflow is checked against this one table.
package outcomes

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// Outcome is the expected result of a run of the workflow.
type Outcome struct {
	Fault      order.Fault
	Execution  string // the execution's status
	Status     order.Status
	Payment    order.Payment
	Loyalty    []order.Loyalty // any of these: the loyalty branch races the kitchen's failure
	DeadLetter order.Queue     // "" for none
	Cancelled  bool            // by the customer

	// The states entered, in sequence: outside FulfilOrder, and in its branches.
	Main, LoyaltyBranch, KitchenBranch []string
	// The states whose task failed, in sequence.
	Failed []string
}

// The states of the two branches of FulfilOrder, which run concurrently.
var (
	loyaltyBranch = []string{"AddLoyaltyPoints", "AddLoyaltyPointsDLQ", "RecordLoyaltyFailure", "LoyaltyFailureUnrecorded"}
	kitchenBranch = []string{"PrepareOrder", "CookPizza", "ProcessOrder", "DeliverPizza", "KitchenFailed"}
)

// All returns the eight outcomes, by fault.
func All() []Outcome {
	rollback := []string{"CreateOrder", "ProcessPayment", "FulfilOrder", "RefundPayment"}
	notified := []string{"NotifyCustomer", "OrderFailed"}
	done := []string{"CreateOrder", "ProcessPayment", "FulfilOrder", "CompleteOrder"}
	points, kitchen, kitchenFailed := loyaltyBranch[:1], kitchenBranch[:4], kitchenBranch[4:]
	reclaimed := []order.Loyalty{order.LoyaltyReclaimed, order.LoyaltyNone}
	return []Outcome{
		{Fault: workflow.FaultNone, Execution: "SUCCEEDED",
			Status: order.DeliveryConfirmed, Payment: order.PaymentPaid, Loyalty: []order.Loyalty{order.LoyaltyAdded},
			Main: done, LoyaltyBranch: points, KitchenBranch: kitchen},
		{Fault: workflow.FaultCreateOrder, Execution: "FAILED",
			Status: order.Failed, Payment: order.PaymentNone, Loyalty: []order.Loyalty{order.LoyaltyNone},
			Main: path([]string{"CreateOrder"}, notified), Failed: []string{"CreateOrder"}},
		{Fault: workflow.FaultProcessPayment, Execution: "FAILED",
			Status: order.FailedPayment, Payment: order.PaymentDeclined, Loyalty: []order.Loyalty{order.LoyaltyNone},
			Main: path([]string{"CreateOrder", "ProcessPayment"}, notified), Failed: []string{"ProcessPayment"}},
		{Fault: workflow.FaultAddLoyaltyPoints, Execution: "SUCCEEDED",
			Status: order.DeliveryConfirmed, Payment: order.PaymentPaid, Loyalty: []order.Loyalty{order.LoyaltyAddFailed},
			DeadLetter: workflow.AddLoyaltyPointsQueue,
			Main:       done, LoyaltyBranch: loyaltyBranch[:3], KitchenBranch: kitchen,
			Failed: points},
		{Fault: workflow.FaultPrepareOrder, Execution: "FAILED",
			Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: reclaimed,
			Main: path(rollback, []string{"ReclaimLoyaltyPoints"}, notified), LoyaltyBranch: points, KitchenBranch: path(kitchen[:1], kitchenFailed),
			Failed: []string{"PrepareOrder"}},
		{Fault: workflow.FaultProcessOrder, Execution: "FAILED",
			Status: order.Cancelled, Payment: order.PaymentRefunded, Loyalty: reclaimed,
			Main: path(rollback, []string{"ReclaimLoyaltyPoints"}, notified), LoyaltyBranch: points, KitchenBranch: path(kitchen[:3], kitchenFailed),
			Failed: []string{"ProcessOrder"}},
		{Fault: workflow.FaultRefundPayment, Execution: "FAILED",
			Status: order.RollbackFailed, Payment: order.PaymentRefundFailed, Loyalty: []order.Loyalty{order.LoyaltyAdded, order.LoyaltyNone},
			DeadLetter: workflow.RefundPaymentQueue,
			Main:       path(rollback, []string{"RefundPaymentDLQ"}, notified), LoyaltyBranch: points, KitchenBranch: path(kitchen[:1], kitchenFailed),
			Failed: []string{"PrepareOrder", "RefundPayment"}},
		{Fault: workflow.FaultReclaimLoyaltyPoints, Execution: "FAILED",
			Status: order.RollbackFailed, Payment: order.PaymentRefunded, Loyalty: []order.Loyalty{order.LoyaltyReclaimFailed},
			DeadLetter: workflow.ReclaimLoyaltyPointsQueue,
			Main:       path(rollback, []string{"ReclaimLoyaltyPoints", "ReclaimLoyaltyPointsDLQ"}, notified), LoyaltyBranch: points, KitchenBranch: path(kitchen[:1], kitchenFailed),
			Failed: []string{"PrepareOrder", "ReclaimLoyaltyPoints"}},
	}
}

// Cancelled returns the outcome of an order without a fault that its customer cancelled
// between the payment and the hand-over. It is for CheckOrder only: the states vary,
// because any step in between may find the cancellation.
func Cancelled() Outcome {
	return Outcome{Fault: workflow.FaultNone, Execution: "FAILED", Status: order.Cancelled, Payment: order.PaymentRefunded,
		Loyalty: []order.Loyalty{order.LoyaltyReclaimed, order.LoyaltyNone}, Cancelled: true}
}

func path(parts ...[]string) []string { return slices.Concat(parts...) }

// Run is what was observed of one run of the workflow.
type Run struct {
	Execution   string // the execution's status
	Order       order.Order
	Entered     []string      // states, in the sequence in which they were entered
	Failed      []string      // states whose task failed; retries do not count
	DeadLetters []order.Queue // queues that hold a message about the order
}

// Observe records the state that the event enters, or the state whose task failed. Call
// it with the execution's events in sequence.
func (r *Run) Observe(e history.Event) {
	if e.Entered() {
		r.Entered = append(r.Entered, e.State)
	}
	if e.Failure() != nil && !slices.Contains(r.Failed, e.State) {
		r.Failed = append(r.Failed, e.State)
	}
}

// Check returns what is wrong with the run, or nil.
func (want Outcome) Check(r Run) error {
	main, loyalty, kitchen := split(r.Entered)
	var wrong differences
	wrong.unless(r.Execution == want.Execution, "execution", r.Execution, want.Execution)
	wrong.unless(slices.Equal(r.DeadLetters, want.deadLetters()), "dead letters", r.DeadLetters, want.deadLetters())
	wrong.unless(slices.Equal(main, want.Main), "path", main, want.Main)
	wrong.unless(slices.Equal(loyalty, want.LoyaltyBranch), "loyalty branch", loyalty, want.LoyaltyBranch)
	wrong.unless(slices.Equal(kitchen, want.KitchenBranch), "kitchen branch", kitchen, want.KitchenBranch)
	wrong.unless(slices.Equal(r.Failed, want.Failed), "failed states", r.Failed, want.Failed)
	return errors.Join(want.CheckOrder(r.Order), errors.Join(wrong...))
}

// CheckOrder returns what is wrong with the order, which is all that a customer sees, or
// nil.
func (want Outcome) CheckOrder(o order.Order) error {
	var wrong differences
	wrong.unless(o.ErrorOnStep == want.Fault, "errorOnStep", o.ErrorOnStep, want.Fault)
	wrong.unless(o.Status == want.Status, "status", o.Status, want.Status)
	wrong.unless(o.Payment == want.Payment, "payment", o.Payment, want.Payment)
	wrong.unless(slices.Contains(want.Loyalty, o.Loyalty), "loyalty", o.Loyalty, want.Loyalty)
	wrong.unless(slices.Equal(o.DeadLetters, want.deadLetters()), "dead letters on the order", o.DeadLetters, want.deadLetters())
	wrong.unless((o.CancelRequestedAt != nil) == want.Cancelled, "cancelled by the customer", o.CancelRequestedAt != nil, want.Cancelled)
	wrong.unless(want.Cancelled || slices.Equal(failed(o), want.Failed), "failed steps on the order", failed(o), want.Failed)
	return errors.Join(wrong...)
}

// failed returns the states of the failed steps in the order's timeline, in the sequence
// in which the workflow runs them.
func failed(o order.Order) (states []string) {
	for _, m := range o.Timeline {
		if m.Failed() {
			states = append(states, workflow.State(m.Step))
		}
	}
	return states
}

func (want Outcome) deadLetters() []order.Queue {
	if want.DeadLetter == "" {
		return nil
	}
	return []order.Queue{want.DeadLetter}
}

// differences lists what is wrong.
type differences []error

func (d *differences) unless(ok bool, what string, got, want any) {
	if !ok {
		*d = append(*d, fmt.Errorf("%s is %v, not %v", what, got, want))
	}
}

// split sorts states into those outside FulfilOrder and those of its branches.
func split(states []string) (main, loyalty, kitchen []string) {
	for _, s := range states {
		switch {
		case slices.Contains(loyaltyBranch, s):
			loyalty = append(loyalty, s)
		case slices.Contains(kitchenBranch, s):
			kitchen = append(kitchen, s)
		default:
			main = append(main, s)
		}
	}
	return main, loyalty, kitchen
}

// Path returns the states of a run in one line, with the failed ones marked.
func (r Run) Path() string {
	main, loyalty, kitchen := split(r.Entered)
	for i, s := range main {
		main[i] = r.mark(s)
		if s == "FulfilOrder" {
			main[i] += fmt.Sprintf("{ %s ‖ %s }", r.join(loyalty), r.join(kitchen))
		}
	}
	return strings.Join(main, " → ")
}

func (r Run) join(states []string) string {
	for i, s := range states {
		states[i] = r.mark(s)
	}
	return strings.Join(states, " → ")
}

func (r Run) mark(state string) string {
	if slices.Contains(r.Failed, state) {
		return state + "✗"
	}
	return state
}
