package local

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
)

// calls counts the calls, and injects the faults of a schedule into them.
type calls struct {
	faults  []callFault
	mu      sync.Mutex
	count   map[string]int
	made    []callFault // all calls in order, without their faults
	outages map[string]outage
	calmed  bool
}

type outage struct {
	kind kind
	ends time.Time
}

func newCalls(faults []callFault) *calls {
	return &calls{faults: faults, count: map[string]int{}, outages: map[string]outage{}}
}

// calm ends the injection of faults.
func (c *calls) calm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calmed = true
}

// next counts a call of the name, and returns it with its fault.
func (c *calls) next(name string) callFault {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count[name]++
	b := callFault{call: name, n: c.count[name]}
	if c.calmed {
		return b
	}
	c.made = append(c.made, b)
	i := slices.IndexFunc(c.faults, func(f callFault) bool { return f.call == name && f.n == b.n })
	switch {
	case time.Now().Before(c.outages[name].ends):
		b.kind = c.outages[name].kind
	case i < 0:
	case c.faults[i].kind == down || c.faults[i].kind == mute:
		b.kind = map[kind]kind{down: lostBefore, mute: lostAfter}[c.faults[i].kind]
		c.outages[name] = outage{b.kind, time.Now().Add(c.faults[i].after)}
	default:
		b = c.faults[i]
	}
	return b
}

var (
	errLost    = errors.New("the connection was lost")
	errRefused = errors.New("refused")
)

// attempt makes a call with its fault. p is the process that makes the call; a fault can
// kill it. If p is nil, a caller without an answer waits until ctx ends. Each call takes a
// different time, so that no two things happen at the same instant.
func attempt[T any](ctx context.Context, c *calls, p *process, name string, act func() (T, error)) (answer T, err error) {
	if p != nil {
		p.mustLive()
		name = p.action + "." + name
	}
	b := c.next(name)
	h := fnv.New64a()
	fmt.Fprint(h, b.call, b.n)
	latency := time.Millisecond + time.Duration(h.Sum64()%uint64(4*time.Millisecond))
	wait := func() {
		if p != nil {
			<-p.dead
			p.die()
		}
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Hour): // longer than any execution
		}
	}
	after := func(d time.Duration) {
		go func() { time.Sleep(d); _, _ = act() }()
	}
	time.Sleep(latency)
	if ctx.Err() != nil {
		return answer, errLost
	}
	switch b.kind {
	case refused:
		return answer, errRefused
	case late:
		after(b.after)
		return answer, errLost
	case hangs:
		after(b.after)
		wait()
		return answer, errLost
	case lostBefore:
		return answer, errLost
	case diesBefore:
		if p != nil {
			p.die()
		}
		return answer, errLost
	case slow:
		time.Sleep(b.after)
	}
	got, failed := act()
	time.Sleep(latency)
	switch b.kind {
	case twice:
		after(b.after)
	case unanswered:
		wait()
		return answer, errLost
	case lostAfter:
		time.Sleep(b.after)
		return answer, errLost
	case diesAfter:
		if p != nil {
			p.die()
		}
		return answer, errLost
	}
	if p != nil {
		p.mustLive()
	}
	return got, failed
}

// store returns the store with faults, for the function.
func (w *cloud) store() order.Orders { return store{w} }

type store struct{ *cloud }

func (s store) Submit(ctx context.Context, sub order.Submission) ([]order.Order, error) {
	sent := context.WithoutCancel(ctx)
	orders, err := attempt(ctx, s.calls, processOf(ctx), "submit", func() ([]order.Order, error) {
		orders, err := s.orders.Submit(sent, sub)
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, o := range orders {
			if !slices.Contains(s.placed, o.ID) {
				s.placed = append(s.placed, o.ID)
			}
		}
		return orders, err
	})
	return orders, unavailable(err)
}

// stored returns the ids of the orders that were stored.
func (w *cloud) stored() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.placed)
}

func (s store) Get(ctx context.Context, id string) (order.Order, error) {
	o, err := attempt(ctx, s.calls, processOf(ctx), "get", func() (order.Order, error) { return s.orders.Get(ctx, id) })
	return o, unavailable(err)
}

func (s store) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	type answer struct {
		o     order.Order
		moved bool
	}
	sent := context.WithoutCancel(ctx) // a write that was sent is made, even if its caller dies
	a, err := attempt(ctx, s.calls, processOf(ctx), "apply", func() (a answer, err error) {
		unconditional := c
		unconditional.OnlyIf = nil // a mutant may drop it
		if o, err := s.orders.Get(sent, id); err == nil && unconditional.Allows(o) && s.dropped(ctx, "apply", &c) {
			moved := c.Apply(&o)
			return answer{o, moved}, nil
		}
		a.o, a.moved, err = s.orders.Apply(sent, id, c)
		return a, err
	})
	return a.o, a.moved, unavailable(err)
}

// unavailable converts the error of a failed call to order.ErrUnavailable.
func unavailable(err error) error {
	if errors.Is(err, errLost) || errors.Is(err, errRefused) {
		return fmt.Errorf("%w: %w", order.ErrUnavailable, err)
	}
	return err
}

// dropped reports whether the mutant drops a call that the process of ctx makes.
func (w *cloud) dropped(ctx context.Context, call string, c *order.Change) bool {
	return w.changed.drops != nil && w.changed.drops(processOf(ctx).action, call, c)
}

// outside returns a call to an outside system, with faults. If a fault refuses an order,
// refuse makes the refusal permanent.
func (w *cloud) outside(name string, act call, refuse func(id string)) call {
	return func(ctx context.Context, r order.Request) error {
		_, err := attempt(ctx, w.calls, processOf(ctx), name, func() (none struct{}, err error) {
			time.Sleep(r.Delay())
			if w.dropped(ctx, name, nil) {
				return none, nil
			}
			return none, act(ctx, r)
		})
		if errors.Is(err, errRefused) && refuse != nil {
			refuse(r.ID)
			return act(ctx, r)
		}
		return err
	}
}

// parts returns the dependencies of the function, with faults.
func (w *cloud) parts() parts {
	return parts{
		store:     w.store(),
		queues:    queues{w},
		gateway:   bank{w.outside("charge", w.money.give, w.money.refuse(order.ErrDeclined)), w.outside("refund", w.money.takeBack, nil)},
		programme: programme{w.outside("add", w.points.give, nil), w.outside("reclaim", w.points.takeBack, nil)},
		kitchen: kitchen{w.outside("prepare", w.ovens.give, nil), w.outside("handOver", w.pizzas.give, w.pizzas.refuse(order.ErrRefused)),
			func(ctx context.Context, r order.Request) (bool, error) {
				return attempt(ctx, w.calls, processOf(ctx), "void", func() (bool, error) {
					if w.dropped(ctx, "void", nil) {
						return false, nil
					}
					return w.pizzas.void(ctx, r)
				})
			}},
	}
}

// queues are the dead letter queues with faults, for the function.
type queues struct{ *cloud }

func (q queues) Receive(ctx context.Context, queue order.Queue, most int) ([]repair.Message, error) {
	return attempt(ctx, q.calls, processOf(ctx), "receive", func() ([]repair.Message, error) { return q.queues.Receive(ctx, queue, most) })
}

func (q queues) Delete(ctx context.Context, queue order.Queue, m repair.Message) error {
	_, err := attempt(ctx, q.calls, processOf(ctx), "delete", func() (none struct{}, err error) {
		if q.dropped(ctx, "delete", nil) {
			return none, nil
		}
		return none, q.queues.Delete(ctx, queue, m)
	})
	return err
}

func (q queues) Send(ctx context.Context, queue order.Queue, body string) (string, error) {
	return attempt(ctx, q.calls, processOf(ctx), "send", func() (string, error) {
		if q.dropped(ctx, "send", nil) {
			return "", nil
		}
		return q.queues.Send(ctx, queue, body)
	})
}

// executions are the executions with faults, for the function.
type executions struct{ *cloud }

func (x executions) Start(ctx context.Context, r order.Request) error {
	_, err := attempt(ctx, x.calls, processOf(ctx), "start", func() (none struct{}, err error) { return none, x.shop.Start(ctx, r) })
	return unavailable(err)
}

func (x executions) Status(ctx context.Context, id string) (string, error) {
	status, err := attempt(ctx, x.calls, processOf(ctx), "status", func() (string, error) { return x.shop.Status(ctx, id) })
	return status, unavailable(err)
}

func (x executions) List(ctx context.Context, status, token string) (page []repair.Execution, next string, err error) {
	page, err = attempt(ctx, x.calls, processOf(ctx), "list", func() ([]repair.Execution, error) {
		page, _, err := x.shop.List(ctx, status, token)
		return page, err
	})
	return page, "", unavailable(err)
}
