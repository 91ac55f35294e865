package local

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"pizzasaga/asl"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/workflow"
)

// progress prints what becomes of every order: a line for each state that it
// enters, for each attempt that fails, and for its end. It prints beside the
// interpreter, which does not wait for a terminal.
type progress struct {
	out    io.Writer
	paint  paint
	orders *memory.Orders
	events chan observed
	done   sync.WaitGroup
}

type observed struct {
	orderID string
	event   asl.Event
}

// backlog is how many events may wait for a slow terminal before the
// interpreter waits, too.
const backlog = 1 << 14

func newProgress(out io.Writer, p paint, orders *memory.Orders) *progress {
	r := &progress{out: out, paint: p, orders: orders, events: make(chan observed, backlog)}
	r.done.Go(r.print)
	return r
}

func (p *progress) observe(orderID string, e asl.Event) { p.events <- observed{orderID, e} }

// close prints what is left. Nothing may be observed after that.
func (p *progress) close() {
	close(p.events)
	p.done.Wait()
}

func (p *progress) print() {
	journeys := map[string]*journey{}
	for o := range p.events {
		j := journeys[o.orderID]
		if j == nil {
			j = &journey{trail: newTrail(), began: o.event.Time}
			journeys[o.orderID] = j
		}
		if text := p.tell(j, o); text != "" {
			at := p.paint.dim(o.event.Time.Format("15:04:05.000"))
			_, _ = fmt.Fprintf(p.out, "%s  %s  %s\n", at, shortID(o.orderID), text)
		}
		if ended(o.event.Type) {
			delete(journeys, o.orderID)
		}
	}
}

// shortID is enough of an id to tell orders apart at a glance.
func shortID(id string) string { return id[:min(6, len(id))] }

// journey is an order's way so far.
type journey struct {
	*trail
	began time.Time
}

// tell puts an event into words, or none where it says nothing new.
func (p *progress) tell(j *journey, o observed) string {
	state := j.follow(o.event)
	if name, message, ok := failed(o.event); ok {
		return p.paint.red(fmt.Sprintf("  %s ✗ attempt %d: %s", state, j.attempts[state], sentence(name, message)))
	}
	switch {
	case o.event.Type == asl.ExecutionStarted:
		return p.placed(o.orderID)
	case entered(o.event):
		return "  " + state
	case ended(o.event.Type):
		return p.ending(o, o.event.Time.Sub(j.began))
	}
	return ""
}

func (p *progress) placed(orderID string) string {
	o, err := p.orders.Get(context.Background(), orderID)
	if err != nil {
		return p.paint.bold("execution started")
	}
	text := fmt.Sprintf("%s pizza, order %s", o.Flavour, o.ID)
	if o.ErrorOnStep != workflow.FaultNone {
		text += fmt.Sprintf(", %s will fail", workflow.FaultStep(o.ErrorOnStep))
	}
	return p.paint.bold(text)
}

func (p *progress) ending(o observed, took time.Duration) string {
	text := fmt.Sprintf("%s after %v", o.event.Type, took.Round(time.Millisecond))
	if end, err := p.orders.Get(context.Background(), o.orderID); err == nil {
		text = fmt.Sprintf("%s, payment %s, loyalty %s, after %v", end.Status, end.Payment, end.Loyalty, took.Round(time.Millisecond))
	}
	if o.event.Type == asl.ExecutionSucceeded {
		return p.paint.green("■ " + text)
	}
	return p.paint.red("■ " + text)
}

// sentence joins the name of an error and what it said.
func sentence(name, message string) string {
	if message == "" {
		return name
	}
	return name + ": " + message
}
