package local

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
)

// chaos lets faults befall every call that a step or the workflow makes: the
// call is lost before it takes effect or after, it hangs and lands later, the
// process dies around it, or it goes well. What befalls a call depends on the
// seed, the call's name and how often it was made, and not on chance.
type chaos struct {
	seed   uint64
	danger uint64 // of a hundred calls, how many go wrong
	mu     sync.Mutex
	calls  map[string]int
}

type fault int

const (
	none       fault = iota
	lostBefore       // an error, and nothing happened
	lostAfter        // an error, and yet it happened
	diesBefore       // the process dies, and nothing happened
	diesAfter        // the process dies, and yet it happened
	hangs            // nobody waits for it any more when it happens
	faults
)

func (c *chaos) draw(name string) fault {
	c.mu.Lock()
	c.calls[name]++
	n := c.calls[name]
	c.mu.Unlock()
	h := fnv.New64a()
	fmt.Fprint(h, c.seed, name, n)
	dice := h.Sum64() >> 7
	if dice%100 >= c.danger {
		return none
	}
	return fault(1 + dice/100%uint64(faults-1))
}

var errLost = errors.New("the connection was lost")

// around makes a call as the fault drawn for it has it.
func (c *chaos) around(ctx context.Context, name string, act func(context.Context) error) error {
	f := c.draw(name)
	if f == hangs {
		time.Sleep(time.Minute) // longer than the function and its task live
	}
	if f == diesBefore {
		panic("killed before " + name)
	}
	if f == lostBefore {
		return fmt.Errorf("%w: %w", order.ErrUnavailable, errLost)
	}
	err := act(context.WithoutCancel(ctx))
	switch {
	case f == diesAfter:
		panic("killed after " + name)
	case f == lostAfter:
		return fmt.Errorf("%w: %w", order.ErrUnavailable, errLost)
	case ctx.Err() != nil:
		panic("killed during " + name) // what runs past its time-out has no process left
	}
	return err
}

func (c *chaos) call(name string, act call) call {
	return func(ctx context.Context, r order.Request) error {
		return c.around(ctx, name, func(ctx context.Context) error { return act(ctx, r) })
	}
}

// chaoticStore is a store behind a connection that faults befall.
type chaoticStore struct {
	order.Orders
	*chaos
}

func (s chaoticStore) Get(ctx context.Context, id string) (o order.Order, err error) {
	err = s.around(ctx, "get", func(ctx context.Context) (e error) { o, e = s.Orders.Get(ctx, id); return e })
	return o, err
}

func (s chaoticStore) Apply(ctx context.Context, id string, c order.Change) (o order.Order, moved bool, err error) {
	err = s.around(ctx, "apply", func(ctx context.Context) (e error) { o, moved, e = s.Orders.Apply(ctx, id, c); return e })
	return o, moved, err
}

// befall puts the chaos between the world's shop and all that it reaches.
func (c *chaos) befall(w *world) {
	w.parts = parts{
		store:     chaoticStore{w.orders, c},
		gateway:   bank{c.call("charge", w.money.give), c.call("refund", w.money.takeBack)},
		programme: programme{c.call("add", w.points.give), c.call("reclaim", w.points.takeBack)},
		kitchen: kitchen{c.call("prepare", nothing), c.call("handOver", w.pizzas.give), func(ctx context.Context, r order.Request) (out bool, err error) {
			err = c.around(ctx, "void", func(ctx context.Context) (e error) { out, e = w.pizzas.void(ctx, r); return e })
			return out, err
		}},
		queues: chaoticQueues{w.queues, c},
	}
}

// chaoticQueues are queues that a letter may not reach.
type chaoticQueues struct {
	*memory.Queues
	*chaos
}

func (q chaoticQueues) Send(ctx context.Context, queue order.Queue, body string) (id string, err error) {
	defer func() {
		if p := recover(); p != nil { // SQS does not die with the function
			err = errLost
		}
	}()
	err = q.around(ctx, "send", func(ctx context.Context) (e error) { id, e = q.Queues.Send(ctx, queue, body); return e })
	return id, err
}

func nothing(context.Context, order.Request) error { return nil }

// TestTheSagaKeepsItsPromisesUnderFaultsThatNobodyScripted runs orders while
// anything that can go wrong may, and then looks at the books.
func TestTheSagaKeepsItsPromisesUnderFaultsThatNobodyScripted(t *testing.T) {
	seeds := uint64(240)
	if testing.Short() {
		seeds = 40
	}
	ends := map[order.Status]int{}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			inBubble(t, func(w *world) {
				c := &chaos{seed: seed, danger: 5 + 10*(seed%5), calls: map[string]int{}}
				c.befall(w)
				r := w.run(fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":1}`, seed/5%8))
				ends[r.Order.Status]++
				require.NoError(w, promises(w, r), "order: %+v\nstates: %v", r.Order, r.Path())
			})
		})
	}
	for _, s := range order.EndStatuses() {
		t.Run("some order ends "+string(s), func(t *testing.T) {
			require.NotZero(t, ends[s], "the faults do not reach far enough")
		})
	}
	t.Logf("%d orders ended: %v", seeds, ends)
}

// promises returns what the saga has promised of the run and not kept.
func promises(w *world, r outcomes.Run) error {
	o := r.Order
	paid, points := w.money.holds(o.ID), w.points.holds(o.ID)
	var broken []error
	promise := func(kept bool, what string) {
		if !kept {
			broken = append(broken, errors.New(what))
		}
	}
	promise(w.money.gives[o.ID] <= 1, "money is taken once")
	promise(w.points.gives[o.ID] <= 1, "points are added once")
	// Only the last step, whose retries have an end like any other's, can leave
	// an order open; its execution has failed then, and an alarm tells.
	stuck := !o.Status.Ended()
	promise(!stuck || r.Execution == "FAILED", "an order that did not end has a failed execution")
	if stuck {
		return errors.Join(broken...)
	}
	switch {
	case o.Status.Reached(order.DeliveryConfirmed):
		promise(paid, "what was delivered is paid for")
		promise(o.Loyalty != order.LoyaltyAdded || points, "points on record were added")
		promise(o.Loyalty == order.LoyaltyAdded || len(r.DeadLetters) > 0 || lost(o), "points that failed left a dead letter")
		promise(r.Execution == "SUCCEEDED" || r.Execution == "FAILED", "the execution ended")
	case o.Status == order.RollbackFailed:
		promise(len(r.DeadLetters) > 0 || lost(o), "a failed compensation left a dead letter")
		promise(o.Payment == order.PaymentRefundFailed || !paid, "money that is refunded on record is back")
		promise(o.Payment != order.PaymentRefundFailed || w.points.takes[o.ID] == 0 || !paid, "points outlive a failed refund")
	default:
		promise(!paid, "an order that did not go through costs nothing")
		promise(!points, "an order that did not go through gives no points")
	}
	return errors.Join(broken...)
}

// lost reports whether the order tells of a dead letter that could not be sent.
func lost(o order.Order) bool {
	for _, m := range o.Timeline {
		if m.Status == order.DeadLetterLost {
			return true
		}
	}
	return false
}
