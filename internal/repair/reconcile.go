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

// reconcileEvent optionally names an execution, by its ARN or its name.
type reconcileEvent struct {
	Action    string  `json:"action"`
	Execution *string `json:"execution"`
}

// reconciled is the answer to a call for one execution.
type reconciled struct {
	*order.Summary        // nil if the execution has no order
	NothingDone    string `json:"nothingDone,omitempty"` // why nothing was done
}

// Reconcile answers {"action":"reconcileOrders","execution":"…"}: it brings the
// execution's order to its final status and returns the order's summary. If the execution
// is still running or has no order, or the order has ended, it does nothing, except that
// it counts an order's end again, and "nothingDone" says why. An order whose hand-over
// was claimed is delivered; any other is rolled back, or just ended if it was never
// charged.
//
// Without an execution it searches the executions that started within the last day and
// failed, newest first, and returns a [Sweep]. If an order still has no final status,
// Reconcile returns the sweep as an error: a failed call is noticed, the answer of an
// hourly call is not. Errors wrap order.ErrInvalid or order.ErrUnavailable, or are
// internal; the same call may then work later.
func (r *Repairer) Reconcile(ctx context.Context, in []byte) ([]byte, error) {
	var e reconcileEvent
	if err := decode(in, &e); err != nil {
		return nil, err
	}
	if e.Execution == nil {
		return r.sweep(ctx)
	}
	execution := *e.Execution
	if execution == "" {
		return nil, invalid("execution is empty: it must be an ARN or a name; leave it out to check all executions of the last day")
	}
	o, nothing, err := r.reconcile(ctx, execution[strings.LastIndexByte(execution, ':')+1:], execution)
	if err != nil {
		return nil, err
	}
	if nothing != "" {
		r.config.Steps.Logger.Info("nothing to reconcile", "execution", execution, "why", nothing)
	}
	if o.Status.Ended() {
		r.config.Ended(o)
	}
	answer := reconciled{NothingDone: nothing}
	if o.ID != "" {
		answer.Summary = new(o.Summary())
	}
	return json.Marshal(answer)
}

// looks are the pauses between checks of an execution that seems to be running: Step
// Functions may announce its end before it describes it as ended.
var looks = []time.Duration{time.Second, 2 * time.Second}

var errRuns = errors.New("the execution is running")

// reconcile ends an order whose execution has ended. If there was nothing to do, it
// returns the reason.
func (r *Repairer) reconcile(ctx context.Context, id, execution string) (o order.Order, nothing string, err error) {
	var status string
	err = again(ctx, looks, func() (err error) {
		if o, err = r.config.Steps.Orders.Get(ctx, id); err != nil || o.Status.Ended() {
			return err
		}
		if status, err = r.config.Executions.Status(ctx, id); err != nil {
			return fmt.Errorf("check the execution of order %s: %w", id, err)
		}
		if status == "RUNNING" {
			return errRuns
		}
		return nil
	})
	switch {
	case errors.Is(err, order.ErrNotFound):
		return order.Order{}, "there is no order with this id", nil
	case errors.Is(err, errRuns):
		return o, errRuns.Error(), nil
	case err != nil:
		return o, "", err
	case o.Status.Ended():
		return o, "the order has ended", nil
	case status == "":
		return o, "the order has no execution", nil
	}
	ended, err := r.end(ctx, o, status, execution)
	if err == nil {
		return ended, "", nil
	}
	// The answer of the last write may be lost, or another reconciliation may have been
	// faster. Both count as ended here, because an end is counted at least once.
	if now, lost := r.config.Steps.Orders.Get(ctx, id); lost == nil && now.Status.Ended() {
		return now, "", nil
	}
	return ended, "", err
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
	// A step that outlived the execution may still claim the hand-over.
	if now, err := r.config.Steps.BeginRollback(ctx, in, order.StartUndo); err != nil {
		if now.Status.Reached(order.DeliveryStarted) && !o.Status.Reached(order.DeliveryStarted) {
			return r.end(ctx, now, status, execution)
		}
		return now, err
	}
	return r.undoOrGiveUp(ctx, o, in, execution)
}

// deliver moves an order whose hand-over was claimed to the end of the happy path. If it
// lacks its points, it sends a dead letter.
func (r *Repairer) deliver(ctx context.Context, o order.Order, in steps.Input, execution string) (order.Order, error) {
	now, err := r.config.Steps.ProcessOrder(ctx, in)
	if err != nil {
		return now, err
	}
	if now.Loyalty == order.LoyaltyNone {
		why := workflow.StateFailure{Error: executionEnded, Cause: "the execution ended before the points were added"}
		err = r.sendLetter(ctx, o, &in, order.AddLoyaltyPoints, execution, why)
	}
	for err == nil && !now.Status.Ended() {
		now, err = r.config.Steps.ByName()[order.NextStep(now.Status)](ctx, in)
	}
	return now, err
}

// undoOrGiveUp rolls an order back. A compensation that fails for good leaves a dead
// letter, as in the workflow.
func (r *Repairer) undoOrGiveUp(ctx context.Context, o order.Order, in steps.Input, execution string) (order.Order, error) {
	undone, failed, err := r.undo(ctx, in, retries)
	if err == nil || failed == order.NotifyCustomer || passing(ctx, err) {
		return undone, err
	}
	if err := r.sendLetter(ctx, o, &in, failed, execution, workflow.Caught(err)); err != nil {
		return undone, err
	}
	return r.config.Steps.NotifyCustomer(ctx, in)
}

// executionEnded is the error of a step that was interrupted by the end of its execution.
const executionEnded = "ExecutionEnded"

// whatFailed returns the failures that the workflow would have caught: the execution's
// end, at the step that the order had reached. If a rollback has begun, its failures are
// already recorded.
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
