package repair

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// RedriveAction is the name of the action that redrives.
const RedriveAction = "redriveDeadLetters"

// MaxLetters is how many letters a queue gives at once.
const MaxLetters = 10

// redriveEvent asks to redrive up to Max letters of a queue, or, without a queue,
// all letters of all queues.
type redriveEvent struct {
	Action string       `json:"action"`
	Queue  *order.Queue `json:"queue"`
	Max    *int         `json:"max"`
}

// Report tells what came of the letters of a queue.
type Report struct {
	Queue    order.Queue     `json:"queue"`
	Redriven []order.Summary `json:"redriven"`
	Kept     []Failed        `json:"kept"`           // these stay in the queue
	More     bool            `json:"more,omitempty"` // the function's time was over before the queue was empty
}

// Redrive answers {"action":"redriveDeadLetters","queue":"RefundPayment","max":10}
// with a [Report] of up to max letters, 10 if it is not given. Without a queue it
// redrives all three until they are empty or its time is nearly over, refunds
// first, and answers {"queues":[…]} with a report of each. A letter is deleted once
// nothing more is owed to its order, so a call that dies halfway loses nothing and
// can be repeated. Errors wrap order.ErrInvalid or order.ErrUnavailable.
func (r *Repairer) Redrive(ctx context.Context, in []byte) ([]byte, error) {
	var e redriveEvent
	if err := decode(in, &e); err != nil {
		return nil, err
	}
	most := MaxLetters
	if e.Max != nil {
		most = *e.Max
	}
	switch {
	case e.Queue == nil && e.Max != nil:
		return nil, invalid("max needs a queue: without one all letters are redriven")
	case e.Queue == nil:
		return r.redriveAll(ctx)
	case !slices.Contains(workflow.Queues(), *e.Queue):
		return nil, invalid("queue is %q, it must be one of %v; without a queue all are redriven", *e.Queue, workflow.Queues())
	case most < 1 || most > MaxLetters:
		return nil, invalid("max is %d, it must be 1 to %d", most, MaxLetters)
	}
	report := newReport(*e.Queue)
	if _, err := r.redriveSome(ctx, most, &report); err != nil {
		return nil, err
	}
	return json.Marshal(report)
}

func newReport(q order.Queue) Report {
	return Report{Queue: q, Redriven: []order.Summary{}, Kept: []Failed{}}
}

// redriveAll goes on with the next queue if one cannot be read, and then fails with
// what it has done.
func (r *Repairer) redriveAll(ctx context.Context) ([]byte, error) {
	var answer struct {
		Queues []Report `json:"queues"`
	}
	var unread error
	for _, q := range []order.Queue{workflow.RefundPaymentQueue, workflow.ReclaimLoyaltyPointsQueue, workflow.AddLoyaltyPointsQueue} {
		report := newReport(q)
		for found := 1; found > 0; {
			if report.More = late(ctx); report.More {
				break
			}
			var err error
			found, err = r.redriveSome(ctx, MaxLetters, &report)
			unread = errors.Join(unread, err)
		}
		answer.Queues = append(answer.Queues, report)
	}
	text, err := json.Marshal(answer)
	if unread != nil {
		return nil, fmt.Errorf("%w; done: %s", unread, text)
	}
	return text, err
}

// redriveSome redrives up to most letters and returns how many it found.
func (r *Repairer) redriveSome(ctx context.Context, most int, report *Report) (found int, err error) {
	messages, err := r.config.Queues.Receive(ctx, report.Queue, most)
	if err != nil {
		return 0, fmt.Errorf("receive from %s: %w", report.Queue, err)
	}
	for _, m := range messages {
		if late(ctx) {
			report.Kept = append(report.Kept, Failed{Error: "not tried: the function's time is nearly over; the queue shows it again soon"})
			continue
		}
		id, o, err := r.redrive(ctx, report.Queue, m)
		if err != nil {
			report.Kept = append(report.Kept, Failed{id, err.Error()})
			continue
		}
		report.Redriven = append(report.Redriven, o.Summary())
	}
	return len(messages), nil
}

// redrive does for the order of a letter what is still owed, and deletes the
// letter. The order's record forgets the letter first: should the deletion fail,
// the queue shows the letter again and nothing is left to do for it.
func (r *Repairer) redrive(ctx context.Context, q order.Queue, m Message) (string, order.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, enough)
	defer cancel()
	var letter workflow.Letter
	if err := json.Unmarshal([]byte(m.Body), &letter); err != nil {
		return "", order.Order{}, fmt.Errorf("the letter is not one of the workflow's: %w", err)
	}
	in := steps.Input{Order: letter.Order}
	in.Order.ErrorOnStep, in.Order.PerStepDelaySeconds = workflow.FaultNone, 0 // it has failed as it was asked to
	if err := workflow.Validate(in.Order); err != nil {
		return in.Order.ID, order.Order{}, err
	}
	o, err := r.config.Steps.Orders.Get(ctx, in.Order.ID)
	if err != nil {
		return in.Order.ID, o, err
	}
	if !o.Status.Ended() {
		return o.ID, o, fmt.Errorf("the order is still under way, with status %s: redrive its letter once it has ended", o.Status)
	}
	if o, err = r.settle(ctx, q, in); err != nil {
		return in.Order.ID, o, err
	}
	if o, err = r.forget(ctx, o, q); err != nil {
		return o.ID, o, err
	}
	return o.ID, o, r.config.Queues.Delete(ctx, q, m)
}

// settle does for the order what its letter says is owed, and returns the
// order with nothing owed any more.
func (r *Repairer) settle(ctx context.Context, q order.Queue, in steps.Input) (order.Order, error) {
	saga := r.config.Steps
	if q == workflow.AddLoyaltyPointsQueue {
		o, err := saga.AddLoyaltyPoints(ctx, in)
		if errors.Is(err, order.ErrClosed) && !o.Status.Reached(order.DeliveryConfirmed) {
			return o, nil // it was rolled back: no points are owed
		}
		return o, err
	}
	if q == workflow.RefundPaymentQueue {
		restart := order.NewChange(order.RestartRefund, time.Now())
		o, _, err := saga.Orders.Apply(ctx, in.Order.ID, restart)
		if err != nil || o.Payment == order.PaymentNone || o.Payment == order.PaymentPaid {
			// The refund failed before it had claimed anything, and the order was
			// reconciled: it ended uncharged or was delivered.
			return o, err
		}
	}
	o, failed, err := r.undo(ctx, in, nil) // who redrives repeats it
	if failed == order.RefundPayment {
		again := order.NewChange(order.FailRefundAgain, time.Now())
		_, _, recorded := saga.Orders.Apply(ctx, in.Order.ID, again)
		err = errors.Join(err, recorded)
	}
	return o, err
}

// forget takes the queue out of the dead letters that the order's record names.
// Another redrive may change them at the same time, so it tries more than once.
func (r *Repairer) forget(ctx context.Context, o order.Order, q order.Queue) (order.Order, error) {
	for range len(workflow.Queues()) {
		if !slices.Contains(o.DeadLetters, q) {
			return o, nil
		}
		var err error
		if o, _, err = r.config.Steps.Orders.Apply(ctx, o.ID, order.WithoutLetter(o, q, time.Now())); err != nil {
			return o, err
		}
	}
	return o, nil
}
