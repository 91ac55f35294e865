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

// MaxLetters is the maximum number of letters of one receive.
const MaxLetters = 10

// redriveEvent asks to redrive up to Max letters of a queue, or all letters of all queues
// if there is no Queue.
type redriveEvent struct {
	Action string       `json:"action"`
	Queue  *order.Queue `json:"queue"`
	Max    *int         `json:"max"`
}

// Report has the results for the letters of one queue.
type Report struct {
	Queue    order.Queue     `json:"queue"`
	Redriven []order.Summary `json:"redriven"`
	Kept     []Failed        `json:"kept"`           // these stay in the queue
	More     bool            `json:"more,omitempty"` // the function ran out of time before the queue was empty
}

// Redrive answers {"action":"redriveDeadLetters","queue":"RefundPayment","max":10} with a
// [Report] on up to max letters, by default 10. Without a queue it redrives all three,
// refunds first, until they are empty or its time is nearly over, and answers
// {"queues":[…]} with a report for each. A letter is deleted only when its order is
// settled, so a call that dies halfway loses nothing and can be repeated. Errors wrap
// order.ErrInvalid or order.ErrUnavailable.
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
		return nil, invalid("max needs a queue: without a queue, all letters are redriven")
	case e.Queue == nil:
		return r.redriveAll(ctx)
	case !slices.Contains(workflow.Queues(), *e.Queue):
		return nil, invalid("queue is %q, but must be one of %v; leave it out to redrive all", *e.Queue, workflow.Queues())
	case most < 1 || most > MaxLetters:
		return nil, invalid("max is %d, but must be 1 to %d", most, MaxLetters)
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

// redriveAll continues with the next queue if one cannot be read. It then returns an
// error that includes the reports.
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

// redriveSome redrives up to most letters and returns how many it received.
func (r *Repairer) redriveSome(ctx context.Context, most int, report *Report) (found int, err error) {
	messages, err := r.config.Queues.Receive(ctx, report.Queue, most)
	if err != nil {
		return 0, fmt.Errorf("receive from %s: %w", report.Queue, err)
	}
	for _, m := range messages {
		if late(ctx) {
			report.Kept = append(report.Kept, Failed{Error: "not tried: the function's time is nearly over; the letter will be visible again soon"})
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

// redrive does what the letter's order still needs and deletes the letter. It first
// removes the letter from the order's record: if the deletion fails, the queue delivers
// the letter again and there is nothing left to do.
func (r *Repairer) redrive(ctx context.Context, q order.Queue, m Message) (string, order.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, enough)
	defer cancel()
	var letter workflow.Letter
	if err := json.Unmarshal([]byte(m.Body), &letter); err != nil {
		return "", order.Order{}, fmt.Errorf("the letter is not one of the workflow's: %w", err)
	}
	in := steps.Input{Order: letter.Order}
	in.Order.ErrorOnStep, in.Order.PerStepDelaySeconds = workflow.FaultNone, 0 // an injected fault fails only once
	if err := workflow.Validate(in.Order); err != nil {
		return in.Order.ID, order.Order{}, err
	}
	o, err := r.config.Steps.Orders.Get(ctx, in.Order.ID)
	if err != nil {
		return in.Order.ID, o, err
	}
	if !o.Status.Ended() {
		return o.ID, o, fmt.Errorf("the order is still in progress (status %s); redrive this letter after the order has ended", o.Status)
	}
	if o, err = r.settle(ctx, q, in); err != nil {
		return in.Order.ID, o, err
	}
	if o, err = r.forget(ctx, o, q); err != nil {
		return o.ID, o, err
	}
	return o.ID, o, r.config.Queues.Delete(ctx, q, m)
}

// settle does what the letter asks for and returns the settled order.
func (r *Repairer) settle(ctx context.Context, q order.Queue, in steps.Input) (order.Order, error) {
	saga := r.config.Steps
	if q == workflow.AddLoyaltyPointsQueue {
		o, err := saga.AddLoyaltyPoints(ctx, in)
		if errors.Is(err, order.ErrClosed) && !o.Status.Reached(order.DeliveryConfirmed) {
			return o, nil // rolled back: no points are owed
		}
		return o, err
	}
	if q == workflow.RefundPaymentQueue {
		restart := order.NewChange(order.RestartRefund, time.Now())
		o, _, err := saga.Orders.Apply(ctx, in.Order.ID, restart)
		if err != nil || o.Payment == order.PaymentNone || o.Payment == order.PaymentPaid {
			// The refund failed before it claimed anything, and the order was reconciled:
			// it ended uncharged or was delivered.
			return o, err
		}
	}
	o, failed, err := r.undo(ctx, in, nil) // no retries: the operator can redrive again
	if failed == order.RefundPayment {
		again := order.NewChange(order.FailRefundAgain, time.Now())
		_, _, recorded := saga.Orders.Apply(ctx, in.Order.ID, again)
		err = errors.Join(err, recorded)
	}
	return o, err
}

// forget removes the queue from the dead letters in the order's record. It tries more
// than once, because another redrive may change them at the same time.
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
