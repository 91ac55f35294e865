package local

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"pizzasaga/internal/order"
)

// ledger is an outside system that keeps books: it gives each order one thing (a
// charge, points, a pizza) and can take it back. The order's id is the idempotency
// key; taking back voids the key.
type ledger struct {
	mu     sync.Mutex
	given  map[string]bool
	voided map[string]bool
	// refused are the keys that it refuses for good, each with its error.
	refused map[string]error
	// weak says that the ledger cannot void a key that it has not seen.
	weak bool
	// gives and takes count the calls that had an effect, without repetitions.
	gives, takes map[string]int
}

var errVoided = fmt.Errorf("%w: the key is void", order.ErrRefused)

func newLedger() *ledger {
	return &ledger{given: map[string]bool{}, voided: map[string]bool{}, refused: map[string]error{}, gives: map[string]int{}, takes: map[string]int{}}
}

func (l *ledger) give(_ context.Context, r order.Request) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.voided[r.ID]:
		return errVoided
	case l.refused[r.ID] != nil:
		return l.refused[r.ID]
	case !l.given[r.ID]:
		l.given[r.ID] = true
		l.gives[r.ID]++
	}
	return nil
}

func (l *ledger) takeBack(_ context.Context, r order.Request) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.voided[r.ID] = !l.weak || l.given[r.ID]
	if l.given[r.ID] {
		l.given[r.ID] = false
		l.takes[r.ID]++
	}
	return nil
}

// void makes the ledger refuse the order from now on, and reports whether it has given
// before.
func (l *ledger) void(_ context.Context, r order.Request) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.voided[r.ID] = !l.weak || l.given[r.ID]
	return l.given[r.ID], nil
}

// refuse returns a function that makes the ledger refuse an order for good with the
// error, unless it has given before.
func (l *ledger) refuse(with error) func(id string) {
	return func(id string) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !l.given[id] && l.refused[id] == nil {
			l.refused[id] = with
		}
	}
}

// holds reports whether the ledger has given to the order and not taken back.
func (l *ledger) holds(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.given[id]
}

// books returns how often money, points and pizzas were given for an order and taken
// back.
func (w *world) books(id string) (moves [6]int) {
	for i, l := range []*ledger{w.money, w.points, w.pizzas} {
		l.mu.Lock()
		moves[2*i], moves[2*i+1] = l.gives[id], l.takes[id]
		l.mu.Unlock()
	}
	return moves
}

// call is one call to an outside system.
type call = func(context.Context, order.Request) error

// The outside systems as functions, so that a test can replace them. A nil function
// does nothing.
type (
	bank      struct{ charge, refund call }
	programme struct{ add, reclaim call }
	kitchen   struct {
		prepare, handOver call
		void              func(context.Context, order.Request) (bool, error)
	}
)

func (g bank) Charge(ctx context.Context, r order.Request) error       { return do(ctx, r, g.charge) }
func (g bank) Refund(ctx context.Context, r order.Request) error       { return do(ctx, r, g.refund) }
func (p programme) Add(ctx context.Context, r order.Request) error     { return do(ctx, r, p.add) }
func (p programme) Reclaim(ctx context.Context, r order.Request) error { return do(ctx, r, p.reclaim) }
func (k kitchen) Prepare(ctx context.Context, r order.Request) error   { return do(ctx, r, k.prepare) }
func (k kitchen) HandOver(ctx context.Context, r order.Request) error  { return do(ctx, r, k.handOver) }

func (k kitchen) Void(ctx context.Context, r order.Request) (bool, error) {
	if k.void == nil {
		return false, nil
	}
	return k.void(ctx, r)
}

func do(ctx context.Context, r order.Request, c call) error {
	if c == nil {
		return nil
	}
	return c(ctx, r)
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
