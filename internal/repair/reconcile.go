package repair

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// ReconcileAction is the name of the action that reconciles.
const ReconcileAction = "reconcileOrders"

// reconcileEvent names an execution, by its ARN or name, or none.
type reconcileEvent struct {
	Execution string `json:"execution"`
}

// Sweep tells what a search for unfinished orders found.
type Sweep struct {
	Checked  int             `json:"checked"`  // executions that ended badly
	Mended   []order.Summary `json:"mended"`   // orders that had no final status, and now have one
	Failed   []Failed        `json:"failed"`   // orders that still have none
	Complete bool            `json:"complete"` // false: its time was over before it had seen all
}

// Reconcile answers {"action":"reconcileOrders","execution":"…"}: it brings the
// execution's order to its final status and answers with the order's summary. It
// does nothing while the execution runs, or if the order has ended, except that it
// counts the end again. An order whose hand-over was claimed is delivered; any other
// is undone, and one that was never charged just ends. Without an execution it looks
// for such orders among the executions that ended badly and started within the last
// day, newest first, and answers with a [Sweep]. If an order then still has no final
// status, the sweep is the error's text: nobody waits for the answer of an hourly
// call, but a call that fails is noticed. Errors wrap order.ErrInvalid or
// order.ErrUnavailable, or are internal; the same call may then work later.
func (r *Repairer) Reconcile(ctx context.Context, in []byte) ([]byte, error) {
	var e reconcileEvent
	if err := json.Unmarshal(in, &e); err != nil {
		return nil, invalid("%v", err)
	}
	if e.Execution == "" {
		return r.sweep(ctx)
	}
	o, _, err := r.reconcile(ctx, e.Execution[strings.LastIndexByte(e.Execution, ':')+1:], e.Execution)
	if err != nil {
		return nil, err
	}
	if o.Status.Ended() {
		r.config.Ended(o)
	}
	return json.Marshal(o.Summary())
}

// sweepStatuses are the statuses of executions that ended badly, the rarer first.
var sweepStatuses = []string{"TIMED_OUT", "ABORTED", "FAILED"}

// sweepPeriod is for how long an execution's end is looked for. A sweep an hour
// sees each end many times over.
const sweepPeriod = 24 * time.Hour

func (r *Repairer) sweep(ctx context.Context) ([]byte, error) {
	s := Sweep{Mended: []order.Summary{}, Failed: []Failed{}, Complete: true}
	since := time.Now().Add(-sweepPeriod)
	for _, status := range sweepStatuses {
		for token, more := "", true; more; {
			page, next, err := r.config.Executions.List(ctx, status, token)
			if err != nil {
				return nil, fmt.Errorf("list executions that are %s: %w", status, err)
			}
			for _, x := range page {
				if x.Started.Before(since) {
					next = ""
					break
				}
				if late(ctx) {
					s.Complete = false
					return s.answer()
				}
				r.check(ctx, x, &s)
			}
			token, more = next, next != ""
		}
	}
	return s.answer()
}

// answer returns the sweep as JSON, as an error if an order still has no final
// status.
func (s Sweep) answer() ([]byte, error) {
	text, err := json.Marshal(s)
	if err == nil && len(s.Failed) > 0 {
		return nil, fmt.Errorf("orders without a final status: %s", text)
	}
	return text, err
}

// check reconciles one order of a sweep.
func (r *Repairer) check(ctx context.Context, x Execution, s *Sweep) {
	s.Checked++
	o, mended, err := r.reconcile(ctx, x.OrderID, x.ARN)
	switch {
	case errors.Is(err, order.ErrNotFound):
	case err != nil:
		s.Failed = append(s.Failed, Failed{x.OrderID, err.Error()})
	case mended:
		r.config.Ended(o)
		s.Mended = append(s.Mended, o.Summary())
	}
}

// reconcile ends an order whose execution has ended, and reports whether it had
// to.
func (r *Repairer) reconcile(ctx context.Context, id, execution string) (order.Order, bool, error) {
	o, err := r.config.Steps.Orders.Get(ctx, id)
	if err != nil || o.Status.Ended() {
		return o, false, err
	}
	status, err := r.config.Executions.Status(ctx, id)
	if err != nil {
		return o, false, fmt.Errorf("look at the execution of order %s: %w", id, err)
	}
	if status == "RUNNING" || status == "" { // an order without an execution was promised to nobody
		return o, false, nil
	}
	ended, err := r.end(ctx, o, status, execution)
	if err == nil {
		return ended, true, nil
	}
	// Another reconciliation may have been faster.
	if now, lost := r.config.Steps.Orders.Get(ctx, id); lost == nil && now.Status.Ended() {
		return now, false, nil
	}
	return ended, false, err
}

// end ends an order whose execution has ended with a status.
func (r *Repairer) end(ctx context.Context, o order.Order, status, execution string) (order.Order, error) {
	in := steps.Input{Order: o.Request, EnteredAt: time.Now()}
	in.Order.PerStepDelaySeconds = 0
	if o.Status.Reached(order.DeliveryStarted) && o.Payment == order.PaymentPaid {
		delivered, err := r.deliver(ctx, o, in, execution)
		if !errors.Is(err, order.ErrRefused) && !errors.Is(err, workflow.ErrSimulated) {
			return delivered, err
		}
		in.Failures = workflow.FailuresOfKitchen(workflow.Caught(err))
		return r.undoOrGiveUp(ctx, o, in, execution)
	}
	in.Failures = whatFailed(o, status)
	if o.Payment == order.PaymentNone && o.Status != order.RollingBack {
		return r.config.Steps.NotifyCustomer(ctx, in)
	}
	// An attempt that the execution's end did not stop may still claim the hand-over.
	if now, err := r.config.Steps.BeginRollback(ctx, in, order.StartUndo); err != nil {
		if now.Status.Reached(order.DeliveryStarted) && !o.Status.Reached(order.DeliveryStarted) {
			return r.end(ctx, now, status, execution)
		}
		return now, err
	}
	return r.undoOrGiveUp(ctx, o, in, execution)
}

// deliver carries an order forward, whose hand-over was claimed, to the end of the
// happy path. A dead letter is sent for points that it lacks.
func (r *Repairer) deliver(ctx context.Context, o order.Order, in steps.Input, execution string) (order.Order, error) {
	now, err := r.config.Steps.ProcessOrder(ctx, in)
	if err != nil {
		return now, err
	}
	if now.Loyalty == order.LoyaltyNone {
		r.sendLetter(ctx, o, &in, order.AddLoyaltyPoints, execution,
			workflow.StateFailure{Error: executionEnded, Cause: "the execution ended before the points were added"})
	}
	for err == nil && !now.Status.Ended() {
		now, err = r.config.Steps.ByName()[order.NextStep(now.Status)](ctx, in)
	}
	return now, err
}

// undoOrGiveUp undoes an order. A compensation that fails for good leaves a dead
// letter, as in the workflow.
func (r *Repairer) undoOrGiveUp(ctx context.Context, o order.Order, in steps.Input, execution string) (order.Order, error) {
	undone, failed, err := r.undo(ctx, in)
	if err == nil || failed == order.NotifyCustomer || passing(ctx, err) {
		return undone, err
	}
	r.sendLetter(ctx, o, &in, failed, execution, workflow.Caught(err))
	return r.config.Steps.NotifyCustomer(ctx, in)
}

// executionEnded is the name of the error of a step that its execution's end cut off.
const executionEnded = "ExecutionEnded"

// whatFailed returns the failures that the workflow would have caught: the
// execution's end, at the step at which the order stood. A rollback that has begun
// knows its own.
func whatFailed(o order.Order, status string) workflow.Failures {
	if o.Status == order.RollingBack {
		return nil
	}
	why := workflow.StateFailure{Error: executionEnded, Cause: fmt.Sprintf("the execution ended as %s before the order did", status)}
	if o.CancelRequestedAt != nil {
		why = workflow.Caught(order.ErrCancelled)
	}
	switch o.Status {
	case order.Pending:
		return workflow.FailuresAt(order.CreateOrder, why)
	case order.Created, order.TakingPayment:
		return workflow.FailuresAt(order.ProcessPayment, why)
	}
	return workflow.FailuresOfKitchen(why)
}
