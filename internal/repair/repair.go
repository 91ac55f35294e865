// Package repair does what the workflow could not: it redrives dead letters, and
// brings orders to an end whose execution ended before they did.
package repair

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"pizzasaga/internal/need"
	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// Message is a message from a dead letter queue.
type Message struct {
	Body    string
	Receipt string // proves to the queue who received it
}

// Queues are the dead letter queues.
type Queues interface {
	// Receive takes up to most messages, 1 to 10, from the queue and hides them
	// from other receivers until they are deleted or a time has passed.
	Receive(ctx context.Context, q order.Queue, most int) ([]Message, error)
	// Delete removes a received message for good.
	Delete(ctx context.Context, q order.Queue, m Message) error
	// Send puts a message into the queue and returns its id.
	Send(ctx context.Context, q order.Queue, body string) (id string, err error)
}

// Executions tells how executions stand.
type Executions interface {
	// Status returns the status of the order's execution, such as RUNNING or
	// ABORTED, and "" if there is none.
	Status(ctx context.Context, orderID string) (string, error)
	// List returns a page of the executions with a status, the last started
	// first, and the token of the next page, "" after the last. The token of the
	// first page is "".
	List(ctx context.Context, status, token string) (page []Execution, next string, err error)
}

// Execution is one of a list.
type Execution struct {
	ARN     string
	OrderID string
	Started time.Time
}

// Config is what a Repairer works with; Ended is optional.
type Config struct {
	Steps      *steps.Steps
	Queues     Queues
	Executions Executions
	// Ended is called at least once with an order that a reconciliation has ended,
	// and again with one that a call for its execution finds ended.
	Ended func(order.Order)
}

// Repairer repairs orders. It is safe for concurrent use, and any repair may be
// made twice or at the same time.
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

// enough is what the repair of one order may take when the table is slow. With
// less time left none is begun: a function that is killed could not even report.
const enough = 10 * time.Second

// late reports whether too little of the function's time is left for another
// order.
func late(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < enough
}

// undo takes back what was done for an order and ends it: refund, reclaim,
// notify. It returns the step that failed, if one did, and its error. A refund
// that was done before is not repeated.
func (r *Repairer) undo(ctx context.Context, in steps.Input) (order.Order, order.StepName, error) {
	saga := r.config.Steps
	if o, err := saga.RefundPayment(ctx, in); err != nil {
		return o, order.RefundPayment, err
	}
	if o, err := saga.ReclaimLoyaltyPoints(ctx, in); err != nil {
		return o, order.ReclaimLoyaltyPoints, err
	}
	o, err := saga.NotifyCustomer(ctx, in)
	if err != nil {
		return o, order.NotifyCustomer, err
	}
	return o, "", nil
}

// sendLetter sends the dead letter of a step's failure, with the order as the
// customer placed it, and notes the failure in the input of the next step.
func (r *Repairer) sendLetter(ctx context.Context, o order.Order, in *steps.Input, step order.StepName, execution string, why workflow.StateFailure) {
	failures := workflow.Failures{}
	maps.Copy(failures, in.Failures)
	q, _ := workflow.QueueOf(step)
	letter := workflow.NewLetter(q, o.Request, why, execution, time.Now())
	why.Letter.At = letter.Time
	body, err := json.Marshal(letter)
	if err == nil {
		_, err = r.config.Queues.Send(ctx, q, string(body))
	}
	failures.Add(step, why, err)
	in.Failures = failures
}

// passing reports whether the same repair may work later: the store was away, the
// time was over, or somebody else has moved the order.
func passing(ctx context.Context, err error) bool {
	return errors.Is(err, order.ErrUnavailable) || errors.Is(err, order.ErrClosed) || ctx.Err() != nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w event: %s", order.ErrInvalid, fmt.Sprintf(format, args...))
}
