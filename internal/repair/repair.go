// Package repair finishes what the workflow could not: it redrives dead letters, and ends
// orders whose execution ended before they did.
package repair

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"pizzasaga/internal/need"
	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// Message is a message from a dead letter queue.
type Message struct {
	Body    string
	Receipt string // identifies this receive to the queue
}

// Queues are the dead letter queues.
type Queues interface {
	// Receive takes up to most messages, 1 to 10, from the queue and hides them from
	// other receivers until they are deleted or a time-out has passed.
	Receive(ctx context.Context, q order.Queue, most int) ([]Message, error)
	// Delete removes a received message for good.
	Delete(ctx context.Context, q order.Queue, m Message) error
	// Send puts a message into the queue and returns its id.
	Send(ctx context.Context, q order.Queue, body string) (id string, err error)
}

// Executions reads the status of executions.
type Executions interface {
	// Status returns the status of the order's execution, such as RUNNING or
	// ABORTED, and "" if there is none.
	Status(ctx context.Context, orderID string) (string, error)
	// List returns a page of the executions with a status, the last started first, and
	// the token of the next page. The first page's token is ""; after the last page, next
	// is "".
	List(ctx context.Context, status, token string) (page []Execution, next string, err error)
}

// Execution is an execution as [Executions].List returns it.
type Execution struct {
	ARN     string
	OrderID string
	Started time.Time
}

// Config has a Repairer's dependencies. Ended is optional.
type Config struct {
	Steps      *steps.Steps
	Queues     Queues
	Executions Executions
	// Ended is called at least once for an order that a reconciliation has ended, and
	// again when a call for its execution finds it ended.
	Ended func(order.Order)
}

// Repairer repairs orders. It is safe for concurrent use, and every repair may be
// repeated or run concurrently.
type Repairer struct{ config Config }

// New returns a repairer, or an error that names each field that is missing.
func New(c Config) (*Repairer, error) {
	if err := need.Fields("repair.Config", map[string]bool{
		"Steps": c.Steps != nil, "Queues": c.Queues != nil, "Executions": c.Executions != nil,
	}); err != nil {
		return nil, err
	}
	if c.Ended == nil {
		c.Ended = func(order.Order) {}
	}
	return &Repairer{c}, nil
}

// Failed is an order that could not be repaired, and why.
type Failed struct {
	OrderID string `json:"orderId,omitempty"`
	Error   string `json:"error"`
}

// enough is how long the repair of one order may take, so that one that hangs does not
// delay the others. With less time left, no repair begins, because a function that is
// killed could not even report.
const enough = 10 * time.Second

// late reports whether too little of the function's time is left for another order.
func late(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < enough
}

// retries are the pauses between the attempts of a reconciliation. There are as many as
// in the workflow, but they are shorter, so that all fit into the time for one order.
var retries = []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond, 1600 * time.Millisecond, 3200 * time.Millisecond}

// again calls try until it succeeds, its error is definite (as an injected fault is), the
// pauses are used up, or ctx ends. It returns the last error.
func again(ctx context.Context, pauses []time.Duration, try func() error) error {
	err := try()
	for _, pause := range pauses {
		if err == nil || slices.Contains(workflow.DefiniteErrors(), workflow.ErrorName(err)) {
			break
		}
		select {
		case <-time.After(pause):
			err = try()
		case <-ctx.Done():
			return err
		}
	}
	return err
}

// reserve is the part of an order's time that is kept for recording that a compensation
// failed when it hangs.
const reserve = 3 * time.Second

// undo rolls an order back and ends it: refund, reclaim, notify, each with a retry after
// each pause. It returns the step that failed, if any, and its error. It does not repeat
// a finished refund.
func (r *Repairer) undo(ctx context.Context, in steps.Input, pauses []time.Duration) (o order.Order, failed order.StepName, err error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
		defer cancel()
	}
	for _, step := range []order.StepName{order.RefundPayment, order.ReclaimLoyaltyPoints, order.NotifyCustomer} {
		err = again(ctx, pauses, func() (err error) {
			o, err = r.config.Steps.ByName()[step](ctx, in)
			return err
		})
		if err != nil {
			return o, step, err
		}
	}
	return o, "", nil
}

// sendLetter sends the dead letter of a step's failure, with the order as the customer
// placed it, and adds the failure to the input of the next step. A letter is lost after
// as many attempts as in the workflow. If the time runs out earlier, sendLetter returns
// an error, and the same repair may work later.
func (r *Repairer) sendLetter(ctx context.Context, o order.Order, in *steps.Input, step order.StepName, execution string, why workflow.StateFailure) error {
	failures := workflow.Failures{}
	maps.Copy(failures, in.Failures)
	q, _ := workflow.QueueOf(step)
	letter := workflow.NewLetter(q, o.Request, why, execution, time.Now())
	why.Letter.At = letter.Time
	body, err := json.Marshal(letter)
	if err == nil {
		err = again(ctx, retries, func() error {
			_, err := r.config.Queues.Send(ctx, q, string(body))
			return err
		})
	}
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("send the dead letter of order %s: %w", o.ID, err)
	}
	failures.Add(step, why, err)
	in.Failures = failures
	return nil
}

// passing reports whether the same repair may work later: the store was unavailable, the
// time ran out, or something else has moved the order.
func passing(ctx context.Context, err error) bool {
	return errors.Is(err, order.ErrUnavailable) || errors.Is(err, order.ErrClosed) || ctx.Err() != nil
}

// decode reads an event. It refuses unknown fields, because a typo must not redrive or
// reconcile more than intended.
func decode(in []byte, event any) error {
	var fields map[string]json.RawMessage
	if json.Unmarshal(in, &fields) == nil {
		for name, value := range fields {
			if string(value) == "null" {
				return invalid("%s is null: set it to a value or leave it out", name)
			}
		}
	}
	d := json.NewDecoder(bytes.NewReader(in))
	d.DisallowUnknownFields()
	if err := d.Decode(event); err != nil {
		return invalid("%v", err)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w event: %s", order.ErrInvalid, fmt.Sprintf(format, args...))
}
