// Package outcomes is what each of the workflow's eight outcomes must look
// like. Whatever runs the workflow is held against this one table.
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

// Outcome is what a run of the workflow must come to.
type Outcome struct {
	Fault      order.Fault
	Execution  string // the execution's status
	Status     order.Status
	Payment    order.Payment
	Loyalty    []order.Loyalty // any of these: the loyalty branch races the kitchen's failure
	DeadLetter order.Queue     // "" for none

	// The states entered, in order: outside FulfilOrder, and in its branches.
	Main, LoyaltyBranch, KitchenBranch []string
	// The states whose task failed, in order.
	Failed []string
}

// The states of the two branches of FulfilOrder, which interleave as they please.
var (
	loyaltyBranch = []string{"AddLoyaltyPoints", "AddLoyaltyPointsDLQ", "LoyaltyDeadLetterLost"}
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
			Main:       done, LoyaltyBranch: loyaltyBranch[:2], KitchenBranch: kitchen,
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

func path(parts ...[]string) []string { return slices.Concat(parts...) }

// Run is what was seen of one run of the workflow.
type Run struct {
	Execution   string // the execution's status
	Order       order.Order
	Entered     []string      // states, in the order in which they were entered
	Failed      []string      // states whose task failed; its retries count as one
	DeadLetters []order.Queue // queues that hold a message about the order
}

// Observe records the state that the event enters, or the state whose task failed.
// Call it with the execution's events in order.
func (r *Run) Observe(e history.Event) {
	if e.Entered() {
		r.Entered = append(r.Entered, e.State)
	}
	if e.Failure() != nil && !slices.Contains(r.Failed, e.State) {
		r.Failed = append(r.Failed, e.State)
	}
}

// Check returns what of the run is not as it must be, or nil.
func (want Outcome) Check(r Run) error {
	main, loyalty, kitchen := split(r.Entered)
	var dead []order.Queue
	if want.DeadLetter != "" {
		dead = []order.Queue{want.DeadLetter}
	}
	var wrong []error
	expect := func(ok bool, what string, got, want any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf("%s is %v, not %v", what, got, want))
		}
	}
	expect(r.Order.ErrorOnStep == want.Fault, "errorOnStep", r.Order.ErrorOnStep, want.Fault)
	expect(r.Execution == want.Execution, "execution", r.Execution, want.Execution)
	expect(r.Order.Status == want.Status, "status", r.Order.Status, want.Status)
	expect(r.Order.Payment == want.Payment, "payment", r.Order.Payment, want.Payment)
	expect(slices.Contains(want.Loyalty, r.Order.Loyalty), "loyalty", r.Order.Loyalty, want.Loyalty)
	expect(slices.Equal(r.DeadLetters, dead), "dead letters", r.DeadLetters, dead)
	expect(slices.Equal(r.Order.DeadLetters, dead), "dead letters on the order", r.Order.DeadLetters, dead)
	expect(slices.Equal(main, want.Main), "path", main, want.Main)
	expect(slices.Equal(loyalty, want.LoyaltyBranch), "loyalty branch", loyalty, want.LoyaltyBranch)
	expect(slices.Equal(kitchen, want.KitchenBranch), "kitchen branch", kitchen, want.KitchenBranch)
	expect(slices.Equal(r.Failed, want.Failed), "failed states", r.Failed, want.Failed)
	return errors.Join(wrong...)
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

// Path renders the states of a run as one line, the failed ones marked.
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
