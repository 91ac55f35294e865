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
	orders  map[string]order.Order
	records map[string]record // by hash of the idempotency key
}

// record is an idempotency record with its orders.
type record struct {
	order.Record
	ids []string
}

var _ order.Orders = (*Orders)(nil)

// NewOrders returns an empty store.
func NewOrders() *Orders {
	return &Orders{orders: map[string]order.Order{}, records: map[string]record{}}
}

// Submit implements [order.Orders].
func (s *Orders) Submit(ctx context.Context, sub order.Submission) ([]order.Order, error) {
	if err := over(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub.Record != nil {
		known, ok := s.records[sub.Record.Key]
		if ok && time.Now().Before(known.Expires) {
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
	for _, o := range sub.Orders {
		s.orders[o.ID] = clone(o)
	}
	if sub.Record != nil {
		s.records[sub.Record.Key] = record{*sub.Record, ids}
	}
	return sub.Orders, nil
}

func (s *Orders) replay(known record, fingerprint string) ([]order.Order, error) {
	if known.Fingerprint != fingerprint {
		return nil, order.ErrKeyReused
	}
	var orders []order.Order
	for _, id := range known.ids {
		orders = append(orders, clone(s.orders[id]))
	}
	return orders, nil
}

// Get implements [order.Orders].
func (s *Orders) Get(ctx context.Context, id string) (order.Order, error) {
	if err := over(ctx); err != nil {
		return order.Order{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[id]
	if ok && expired(o) {
		delete(s.orders, id)
		ok = false
	}
	if !ok {
		return order.Order{}, order.ErrNotFound
	}
	return clone(o), nil
}

// List returns all orders, the newest first.
func (s *Orders) List() []order.Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []order.Order{}
	for _, o := range s.orders {
		if !expired(o) {
			all = append(all, clone(o))
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
	moved := c.Apply(&o)
	s.orders[id] = o
	return clone(o), moved, nil
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
