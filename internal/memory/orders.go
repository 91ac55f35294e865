// Package memory stores orders and dead letter queues in this process. It implements the
// same contracts as the stores on AWS, but loses everything when the process ends.
package memory

import (
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
	inOrder []*record          // the oldest first; each stays for order.UnstartedLife
}

// stored is an order with the idempotency record of its submission, if it had one.
type stored struct {
	order.Order
	record *record
}

// record is an idempotency record with its orders.
type record struct {
	order.Record
	until time.Time // when it is removed
	ids   []string
	gone  []order.Order // orders that were forgotten, without their timelines
}

var _ order.Orders = (*Orders)(nil)

// NewOrders returns an empty store.
func NewOrders() *Orders {
	return &Orders{orders: map[string]stored{}, records: map[string]*record{}}
}

// Submit implements [order.Orders].
func (s *Orders) Submit(ctx context.Context, sub order.Submission) ([]order.Order, error) {
	if err := order.CheckContext(ctx); err != nil {
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
		r = &record{Record: *sub.Record, until: now.Add(order.UnstartedLife), ids: ids}
		s.records[r.Key] = r
		s.inOrder = append(s.inOrder, r)
	}
	for _, o := range sub.Orders {
		s.orders[o.ID] = stored{clone(o), r}
	}
	return sub.Orders, nil
}

// dropExpired removes expired records, the oldest first, with those of their orders that
// have never started.
func (s *Orders) dropExpired(now time.Time) {
	for len(s.inOrder) > 0 && !now.Before(s.inOrder[0].until) {
		r := s.inOrder[0]
		for _, id := range r.ids {
			if o, ok := s.orders[id]; ok && o.Expired(now) {
				delete(s.orders, id)
			}
		}
		if s.records[r.Key] == r {
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

// Forget removes orders. A repeated submission still returns them, without their
// timelines. An id that does not exist is ignored.
func (s *Orders) Forget(ids ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if o, ok := s.orders[id]; ok && o.record != nil {
			gone := clone(o.Order)
			gone.Timeline = nil
			o.record.gone = append(o.record.gone, gone)
		}
		delete(s.orders, id)
	}
	return nil
}

// Get implements [order.Orders].
func (s *Orders) Get(ctx context.Context, id string) (order.Order, error) {
	if err := order.CheckContext(ctx); err != nil {
		return order.Order{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[id]
	if ok && o.Expired(time.Now()) {
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
		if !o.Expired(time.Now()) {
			all = append(all, clone(o.Order))
		}
	}
	slices.SortFunc(all, order.NewestFirst)
	return all
}

// Apply implements [order.Orders].
func (s *Orders) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if err := order.CheckContext(ctx); err != nil {
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
