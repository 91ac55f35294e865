// Package memory stores orders and dead letter queues in this process. It implements the
// same contracts as the stores on AWS, but loses everything when the process ends.
package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"pizzasaga/internal/order"
)

// Orders is a store of orders that is safe for concurrent use. Its zero value is not
// usable; see NewOrders.
type Orders struct {
	mu      sync.Mutex
	orders  map[string]stored
	records map[string]*record // by hash of the idempotency key
	inOrder []*record          // the oldest first
}

// stored is an order with the idempotency record of its submission, if it had one.
type stored struct {
	order.Order
	record *record
}

// record is an idempotency record with its orders.
type record struct {
	order.Record
	ids  []string
	gone []order.Order // orders that were forgotten, without their timelines
}

var _ order.Orders = (*Orders)(nil)

// NewOrders returns an empty store.
func NewOrders() *Orders {
	return &Orders{orders: map[string]stored{}, records: map[string]*record{}}
}

// Submit implements [order.Orders].
func (s *Orders) Submit(ctx context.Context, sub order.Submission) ([]order.Order, error) {
	if err := over(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.dropExpired(now)
	if sub.Record != nil {
		if known := s.records[sub.Record.Key]; known != nil && now.Before(known.Expires) {
			return s.replay(known, sub.Record.Fingerprint)
		}
	}
	var ids []string
	for _, o := range sub.Orders {
		if _, taken := s.orders[o.ID]; taken || slices.Contains(ids, o.ID) {
			return nil, fmt.Errorf("store order %s: the id already exists", o.ID)
		}
		ids = append(ids, o.ID)
	}
	var r *record
	if sub.Record != nil {
		r = &record{Record: *sub.Record, ids: ids}
		s.records[r.Key] = r
		s.inOrder = append(s.inOrder, r)
	}
	for _, o := range sub.Orders {
		s.orders[o.ID] = stored{clone(o), r}
	}
	return sub.Orders, nil
}

// dropExpired removes expired records, the oldest first.
func (s *Orders) dropExpired(now time.Time) {
	for len(s.inOrder) > 0 && !now.Before(s.inOrder[0].Expires) {
		if r := s.inOrder[0]; s.records[r.Key] == r {
			delete(s.records, r.Key)
		}
		s.inOrder[0], s.inOrder = nil, s.inOrder[1:]
	}
}

func (s *Orders) replay(known *record, fingerprint string) ([]order.Order, error) {
	if known.Fingerprint != fingerprint {
		return nil, order.ErrKeyReused
	}
	var orders []order.Order
	for _, id := range known.ids {
		if o, ok := s.orders[id]; ok {
			orders = append(orders, clone(o.Order))
		} else if i := slices.IndexFunc(known.gone, func(o order.Order) bool { return o.ID == id }); i >= 0 {
			orders = append(orders, clone(known.gone[i]))
		}
	}
	return orders, nil
}

// Forget removes an order. A repeated submission still returns it, without its timeline.
// It returns nil for an order that does not exist.
func (s *Orders) Forget(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.orders[id]; ok && o.record != nil {
		gone := clone(o.Order)
		gone.Timeline = nil
		o.record.gone = append(o.record.gone, gone)
	}
	delete(s.orders, id)
	return nil
}

// Get implements [order.Orders].
func (s *Orders) Get(ctx context.Context, id string) (order.Order, error) {
	if err := over(ctx); err != nil {
		return order.Order{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[id]
	if ok && expired(o.Order) {
		delete(s.orders, id)
		ok = false
	}
	if !ok {
		return order.Order{}, order.ErrNotFound
	}
	return clone(o.Order), nil
}

// List returns all orders, the newest first.
func (s *Orders) List() []order.Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []order.Order{}
	for _, o := range s.orders {
		if !expired(o.Order) {
			all = append(all, clone(o.Order))
		}
	}
	slices.SortFunc(all, NewestFirst)
	return all
}

// NewestFirst compares two orders for sorting.
func NewestFirst(a, b order.Order) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ErrorOnStep, b.ErrorOnStep), cmp.Compare(a.ID, b.ID))
}

// expired reports whether an order was never started and is old enough to be dropped.
func expired(o order.Order) bool {
	return len(o.Timeline) == 1 && time.Since(o.CreatedAt) >= order.UnstartedLife
}

// Apply implements [order.Orders].
func (s *Orders) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if err := over(ctx); err != nil {
		return order.Order{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[id]
	if !ok {
		return order.Order{}, false, order.ErrNotFound
	}
	moved := c.Apply(&o.Order)
	s.orders[id] = o
	return clone(o.Order), moved, nil
}

// over returns an error if the caller's context has ended, as a call to AWS does.
func over(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", order.ErrUnavailable, err)
	}
	return nil
}

// clone returns a copy that shares nothing with o, so that callers cannot change the
// stored order.
func clone(o order.Order) order.Order {
	if o.NotifiedAt != nil {
		o.NotifiedAt = new(*o.NotifiedAt)
	}
	if o.CancelRequestedAt != nil {
		o.CancelRequestedAt = new(*o.CancelRequestedAt)
	}
	if o.Failure != nil {
		o.Failure = new(*o.Failure)
	}
	o.DeadLetters = slices.Clone(o.DeadLetters)
	o.Timeline = slices.Clone(o.Timeline)
	return o
}
