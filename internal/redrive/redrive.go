// Package redrive repairs what the workflow had to give up: it takes dead
// letters from a queue and does for their orders what is still owed.
package redrive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"pizzasaga/internal/need"
	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// Letter is a message from a dead letter queue, as the workflow sends it.
type Letter struct {
	Body    string
	Receipt string // proves to the queue who received it
}

// Letters are the dead letter queues.
type Letters interface {
	// Receive takes up to most letters, 1 to 10, from the queue and hides them
	// from other receivers until they are deleted or a time has passed.
	Receive(ctx context.Context, q order.Queue, most int) ([]Letter, error)
	// Delete removes a received letter for good.
	Delete(ctx context.Context, q order.Queue, l Letter) error
}

// Config is what a redriver works with; all of it is needed.
type Config struct {
	Letters Letters
	Steps   *steps.Steps
}

// Redriver redrives dead letters.
type Redriver struct{ config Config }

// New returns a redriver, or an error that names each field that is missing.
func New(c Config) (*Redriver, error) {
	if err := need.Fields("redrive.Config", map[string]bool{"Letters": c.Letters != nil, "Steps": c.Steps != nil}); err != nil {
		return nil, err
	}
	return &Redriver{c}, nil
}

// Action is the name of the action that redrives.
const Action = "redriveDeadLetters"

// MaxLetters is how many letters one call takes, which is what a queue gives at once.
const MaxLetters = 10

// enough is what one letter may take when the table is slow. With less time left
// none is begun: a function that is killed could not even report.
const enough = 10 * time.Second

// event asks to redrive up to Max letters of a queue.
type event struct {
	Queue order.Queue `json:"queue"`
	Max   int         `json:"max"`
}

// Report tells what came of the letters that one call received.
type Report struct {
	Queue    order.Queue     `json:"queue"`
	Redriven []order.Summary `json:"redriven"`
	Kept     []Kept          `json:"kept"` // these stay in the queue
}

// Kept is a letter that could not be redriven.
type Kept struct {
	OrderID string `json:"orderId,omitempty"`
	Error   string `json:"error"`
}

// Invoke answers {"action":"redriveDeadLetters","queue":"RefundPayment","max":10}
// with a Report. A letter is deleted once nothing more is owed to its order, so
// a call that dies halfway loses nothing and can be repeated. Errors wrap
// order.ErrInvalid or order.ErrUnavailable.
func (r *Redriver) Invoke(ctx context.Context, in []byte) ([]byte, error) {
	e := event{Max: MaxLetters}
	if err := json.Unmarshal(in, &e); err != nil {
		return nil, fmt.Errorf("%w event: %w", order.ErrInvalid, err)
	}
	if !slices.Contains(workflow.Queues(), e.Queue) {
		return nil, fmt.Errorf("%w event: queue is %q, it must be one of %v", order.ErrInvalid, e.Queue, workflow.Queues())
	}
	if e.Max < 1 || e.Max > MaxLetters {
		return nil, fmt.Errorf("%w event: max is %d, it must be 1 to %d", order.ErrInvalid, e.Max, MaxLetters)
	}
	letters, err := r.config.Letters.Receive(ctx, e.Queue, e.Max)
	if err != nil {
		return nil, fmt.Errorf("receive from %s: %w", e.Queue, err)
	}
	report := Report{Queue: e.Queue, Redriven: []order.Summary{}, Kept: []Kept{}}
	for _, l := range letters {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < enough {
			report.Kept = append(report.Kept, Kept{Error: "not tried: the function's time is nearly over; the queue shows it again soon"})
			continue
		}
		id, o, err := r.redrive(ctx, e.Queue, l)
		if err != nil {
			report.Kept = append(report.Kept, Kept{id, err.Error()})
			continue
		}
		report.Redriven = append(report.Redriven, o.Summary())
	}
	return json.Marshal(report)
}

func (r *Redriver) redrive(ctx context.Context, q order.Queue, l Letter) (string, order.Order, error) {
	var letter struct {
		Order order.Request `json:"order"`
	}
	if err := json.Unmarshal([]byte(l.Body), &letter); err != nil {
		return "", order.Order{}, fmt.Errorf("the letter is not one of the workflow's: %w", err)
	}
	in := steps.Input{Order: letter.Order}
	in.Order.ErrorOnStep, in.Order.PerStepDelaySeconds = workflow.FaultNone, 0 // it has failed as it was asked to
	if err := workflow.Validate(in.Order); err != nil {
		return in.Order.ID, order.Order{}, err
	}
	o, err := r.settle(ctx, q, in)
	if err != nil {
		return in.Order.ID, o, err
	}
	return in.Order.ID, o, r.config.Letters.Delete(ctx, q, l)
}

// settle does for the order what its letter says is owed, and returns the
// order with nothing owed any more.
func (r *Redriver) settle(ctx context.Context, q order.Queue, in steps.Input) (order.Order, error) {
	if q == workflow.AddLoyaltyPointsQueue {
		o, err := r.config.Steps.AddLoyaltyPoints(ctx, in)
		if errors.Is(err, order.ErrClosed) && !o.Status.Reached(order.DeliveryConfirmed) {
			return o, nil // rolled back since: the points are no longer owed
		}
		return o, err
	}
	if q == workflow.RefundPaymentQueue {
		restart := order.NewChange(order.RestartRefund, time.Now())
		if o, _, err := r.config.Steps.Orders.Apply(ctx, in.Order.ID, restart); err != nil {
			return o, err
		}
		if o, err := r.config.Steps.RefundPayment(ctx, in); err != nil {
			return o, err
		}
	}
	if o, err := r.config.Steps.ReclaimLoyaltyPoints(ctx, in); err != nil {
		return o, err
	}
	return r.config.Steps.NotifyCustomer(ctx, in)
}
