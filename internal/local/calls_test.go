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

// calls counts the calls that are made and knows which faults befall them.
type calls struct {
	befalls []befall
	mu      sync.Mutex
	count   map[string]int
	made    []befall // without a fault, in order
	outages map[string]outage
	peace   bool
}

type outage struct {
	kind kind
	ends time.Time
}

func newCalls(befalls []befall) *calls {
	return &calls{befalls: befalls, count: map[string]int{}, outages: map[string]outage{}}
}

// calm lets no more faults happen.
func (c *calls) calm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.peace = true
}

// next returns what befalls the next call of a name.
func (c *calls) next(name string) befall {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count[name]++
	b := befall{call: name, n: c.count[name]}
	if c.peace {
		return b
	}
	c.made = append(c.made, b)
	i := slices.IndexFunc(c.befalls, func(f befall) bool { return f.call == name && f.n == b.n })
	switch {
	case time.Now().Before(c.outages[name].ends):
		b.kind = c.outages[name].kind
	case i < 0:
	case c.befalls[i].kind == down || c.befalls[i].kind == mute:
		b.kind = map[kind]kind{down: lostBefore, mute: lostAfter}[c.befalls[i].kind]
		c.outages[name] = outage{b.kind, time.Now().Add(c.befalls[i].after)}
	default:
		b = c.befalls[i]
	}
	return b
}

var (
	errLost    = errors.New("the connection was lost")
	errRefused = errors.New("refused")
)

// attempt makes a call as its fault has it. A process, if it makes the call, can die of
// it; else the caller's patience ends with ctx. Each call takes a time of its
// own, so that no two things happen at the same instant.
func attempt[T any](ctx context.Context, c *calls, p *process, name string, act func() (T, error)) (answer T, err error) {
	if p != nil {
		p.mustLive()
		name = p.action + "." + name
	}
	b := c.next(name)
	h := fnv.New64a()
	fmt.Fprint(h, b.call, b.n)
	way := time.Millisecond + time.Duration(h.Sum64()%uint64(4*time.Millisecond))
	wait := func() {
		if p != nil {
			<-p.dead
			p.die()
		}
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Hour): // longer than an execution lives
		}
	}
	after := func(d time.Duration) {
		go func() { time.Sleep(d); _, _ = act() }()
	}
	time.Sleep(way)
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
	time.Sleep(way)
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

// store is the store as the function reaches it.
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
	return orders, away(err)
}

// stored returns the ids of the orders that were stored.
func (w *cloud) stored() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.placed)
}

func (s store) Get(ctx context.Context, id string) (order.Order, error) {
	o, err := attempt(ctx, s.calls, processOf(ctx), "get", func() (order.Order, error) { return s.orders.Get(ctx, id) })
	return o, away(err)
}

func (s store) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	type answer struct {
		o     order.Order
		moved bool
	}
	sent := context.WithoutCancel(ctx) // a write that is on its way arrives
	a, err := attempt(ctx, s.calls, processOf(ctx), "apply", func() (a answer, err error) {
		loose := c
		loose.OnlyIf = nil // a mutant may drop it
		if o, err := s.orders.Get(sent, id); err == nil && loose.Allows(o) && s.dropped(ctx, "apply", &c) {
			moved := c.Apply(&o)
			return answer{o, moved}, nil
		}
		a.o, a.moved, err = s.orders.Apply(sent, id, c)
		return a, err
	})
	return a.o, a.moved, away(err)
}

// away makes of a lost call the error of a store.
func away(err error) error {
	if errors.Is(err, errLost) || errors.Is(err, errRefused) {
		return fmt.Errorf("%w: %w", order.ErrUnavailable, err)
	}
	return err
}

// dropped reports whether a mutant drops the call that ctx's process makes.
func (w *cloud) dropped(ctx context.Context, call string, c *order.Change) bool {
	return w.changed.drops != nil && w.changed.drops(processOf(ctx).action, call, c)
}

// outside is a call to a system outside. Its books know the keys that it refuses.
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

// parts are what the function reaches.
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

// queues are the dead letter queues as the function reaches them.
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

// executions are the executions as the function reaches them.
type executions struct{ *cloud }

func (x executions) Start(ctx context.Context, r order.Request) error {
	_, err := attempt(ctx, x.calls, processOf(ctx), "start", func() (none struct{}, err error) { return none, x.shop.Start(ctx, r) })
	return away(err)
}

func (x executions) Status(ctx context.Context, id string) (string, error) {
	status, err := attempt(ctx, x.calls, processOf(ctx), "status", func() (string, error) { return x.shop.Status(ctx, id) })
	return status, away(err)
}

func (x executions) List(ctx context.Context, status, token string) (page []repair.Execution, next string, err error) {
	page, err = attempt(ctx, x.calls, processOf(ctx), "list", func() ([]repair.Execution, error) {
		page, _, err := x.shop.List(ctx, status, token)
		return page, err
	})
	return page, "", away(err)
}
