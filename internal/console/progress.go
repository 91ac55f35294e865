// Package console prints for people at a terminal: the progress of each order, and the
// table of the outcomes.
package console

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"pizzasaga/asl"
	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// Orders is the store from which Progress reads an order when its execution starts and
// ends.
type Orders interface {
	Get(ctx context.Context, id string) (order.Order, error)
}

// Progress prints the progress of every order: a line for each state that it enters, for
// each attempt that fails, and for its end, even if that comes after the end of its
// execution. It prints in its own goroutine and skips events that come faster than they
// can be printed, so that nothing waits for the terminal.
type Progress struct {
	out    io.Writer
	paint  paint
	orders Orders
	events chan observed
	missed atomic.Int64  // skipped events that have not been reported yet
	done   chan struct{} // closed when all events are printed
}

type observed struct {
	orderID string
	event   asl.Event
	order   order.Order // when the execution started or ended; zero if there was none
	past    bool        // not printed
}

// reconciled is not an event of an execution: it says that the order has ended after its execution.
const reconciled asl.EventType = "OrderReconciled"

// backlog is how many events may wait for a slow terminal before more are skipped.
const backlog = 1 << 14

// NewProgress returns a Progress that prints to out until Close.
func NewProgress(out io.Writer, orders Orders) *Progress {
	p := &Progress{out: out, paint: paintFor(out), orders: orders, events: make(chan observed, backlog), done: make(chan struct{})}
	go p.print()
	return p
}

// Observe takes the next event of the execution of an order.
func (p *Progress) Observe(orderID string, e asl.Event) {
	var o order.Order
	if (history.Event{Event: e}).Ended() || e.Type == asl.ExecutionStarted {
		o, _ = p.orders.Get(context.Background(), orderID) // not every execution has an order
	}
	p.take(observed{orderID: orderID, event: e, order: o})
}

// Resumed takes the earlier events of an order. It does not print them.
func (p *Progress) Resumed(orderID string, events []asl.Event) {
	for _, e := range events {
		p.take(observed{orderID: orderID, event: e, past: true})
	}
}

// take queues an event, unless too many are waiting.
func (p *Progress) take(o observed) {
	select {
	case p.events <- o:
	default:
		p.missed.Add(1)
	}
}

// Reconciled takes an order that has ended after its execution.
func (p *Progress) Reconciled(o order.Order) {
	p.take(observed{orderID: o.ID, event: asl.Event{Type: reconciled, Time: time.Now()}, order: o})
}

// Close prints the remaining events, but does not wait longer than a second for a terminal
// that has stopped reading. Observe must not be called after it.
func (p *Progress) Close() {
	close(p.events)
	select {
	case <-p.done:
	case <-time.After(time.Second):
	}
}

func (p *Progress) print() {
	defer close(p.done)
	journeys := map[string]*journey{}
	for o := range p.events {
		if n := p.missed.Swap(0); n > 0 {
			clear(journeys) // their last events may be missing
			_, _ = fmt.Fprintln(p.out, p.paint.dim(fmt.Sprintf("… %d events skipped: they came faster than they could be printed", n)))
		}
		j := journeys[o.orderID]
		if j == nil {
			j = &journey{began: o.event.Time}
			journeys[o.orderID] = j
		}
		e := j.history.Next(o.event)
		if text := p.line(j, e, o.order); text != "" && !o.past {
			at := p.paint.dim(e.Time.Format("15:04:05.000"))
			_, _ = fmt.Fprintf(p.out, "%s  %s  %s\n", at, shortID(o.orderID), text)
		}
		if e.Ended() || e.Type == reconciled {
			delete(journeys, o.orderID)
		}
	}
}

// shortID returns enough of an id to tell orders apart at a glance.
func shortID(id string) string { return id[:min(6, len(id))] }

// journey is an order's progress so far.
type journey struct {
	began   time.Time
	history history.Reader
}

// line describes an event; it returns "" if there is nothing to print.
func (p *Progress) line(j *journey, e history.Event, o order.Order) string {
	if failure := e.Failure(); failure != nil {
		return p.paint.red(fmt.Sprintf("  %s ✗ attempt %d: %s", e.State, e.Attempt, sentence(failure)))
	}
	switch {
	case e.Type == asl.ExecutionStarted:
		return p.placed(o)
	case e.Entered():
		return "  " + e.State
	case e.Ended():
		return p.ending(j, e, o)
	case e.Type == reconciled:
		return p.toned(o.Status.Reached(order.DeliveryConfirmed), "■ "+standing(o)+", reconciled")
	}
	return ""
}

func (p *Progress) placed(o order.Order) string {
	if o.ID == "" {
		return p.paint.bold("execution started")
	}
	text := fmt.Sprintf("%s pizza, order %s", o.Flavour, o.ID)
	if o.ErrorOnStep != workflow.FaultNone {
		text += fmt.Sprintf(", %s will fail", workflow.FaultStep(o.ErrorOnStep))
	}
	return p.paint.bold(text)
}

func (p *Progress) ending(j *journey, e history.Event, o order.Order) string {
	took := e.Time.Sub(j.began).Round(time.Millisecond)
	text := fmt.Sprintf("■ %s after %v", e.Type, took)
	switch {
	case o.Status.Ended() && e.Type != asl.ExecutionSucceeded && o.Status.Reached(order.DeliveryConfirmed):
		text = fmt.Sprintf("■ %s, but the execution %s, after %v", standing(o), badly[e.Type], took)
	case o.Status.Ended():
		text = fmt.Sprintf("■ %s, after %v", standing(o), took)
	case o.ID != "":
		text = fmt.Sprintf("✗ %s after %v, at %s", e.Type, took, standing(o))
	}
	return p.toned(e.Type == asl.ExecutionSucceeded, text)
}

// badly has the statuses of executions that do not succeed.
var badly = map[asl.EventType]asl.Status{
	asl.ExecutionFailed: asl.Failed, asl.ExecutionTimedOut: asl.TimedOut, asl.ExecutionAborted: asl.Aborted,
}

// standing returns an order's statuses as text.
func standing(o order.Order) string {
	return fmt.Sprintf("%s, payment %s, loyalty %s", o.Status, o.Payment, o.Loyalty)
}

func (p *Progress) toned(good bool, text string) string {
	if good {
		return p.paint.green(text)
	}
	return p.paint.red(text)
}

// sentence joins the name of an error and its message.
func sentence(d *asl.TaskFailureDetails) string {
	if message := workflow.CauseMessage(d.Cause); message != "" {
		return d.Error + ": " + message
	}
	return d.Error
}
