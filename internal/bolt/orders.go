package bolt

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
)

var _ order.Orders = (*Store)(nil)

// record is an idempotency record with the orders that it stands for.
type record struct {
	order.Record
	IDs []string
}

// Submit implements [order.Orders].
func (s *Store) Submit(ctx context.Context, sub order.Submission) (stored []order.Order, err error) {
	if err := over(ctx); err != nil {
		return nil, err
	}
	err = s.update(func(t *tx) (err error) {
		stored, err = t.submit(sub)
		return err
	})
	return stored, err
}

func (t *tx) submit(sub order.Submission) ([]order.Order, error) {
	if sub.Record != nil {
		var known record
		found, err := t.get(keys, []byte(sub.Record.Key), &known)
		if err != nil {
			return nil, err
		}
		if found && time.Now().Before(known.Expires) {
			return t.replay(known, sub.Record.Fingerprint)
		}
	}
	var ids []string
	for _, o := range sub.Orders {
		if t.Bucket(orders).Get([]byte(o.ID)) != nil || slices.Contains(ids, o.ID) {
			return nil, fmt.Errorf("store order %s: the id is taken", o.ID)
		}
		ids = append(ids, o.ID)
	}
	for _, o := range sub.Orders {
		t.put(orders, []byte(o.ID), o)
	}
	if sub.Record != nil {
		t.put(keys, []byte(sub.Record.Key), record{*sub.Record, ids})
	}
	return sub.Orders, nil
}

func (t *tx) replay(known record, fingerprint string) (stored []order.Order, err error) {
	if known.Fingerprint != fingerprint {
		return nil, order.ErrKeyReused
	}
	for _, id := range known.IDs {
		var o order.Order
		if _, err := t.get(orders, []byte(id), &o); err != nil {
			return nil, err
		}
		stored = append(stored, o)
	}
	return stored, nil
}

// Get implements [order.Orders].
func (s *Store) Get(ctx context.Context, id string) (o order.Order, err error) {
	if err := over(ctx); err != nil {
		return order.Order{}, err
	}
	err = s.view(func(t *tx) error { return t.find(id, &o) })
	return o, err
}

func (t *tx) find(id string, o *order.Order) error {
	found, err := t.get(orders, []byte(id), o)
	if err == nil && (!found || expired(*o)) {
		err = order.ErrNotFound
	}
	return err
}

// expired reports whether an order was never started and is forgotten by now.
func expired(o order.Order) bool {
	return len(o.Timeline) == 1 && time.Since(o.CreatedAt) >= order.UnstartedLife
}

// List returns all orders, the newest first. There are none when the file cannot be read.
func (s *Store) List() []order.Order {
	found := []order.Order{}
	_ = s.view(func(t *tx) error {
		return t.each(orders, nil, func(_, value []byte) error {
			var o order.Order
			if err := json.Unmarshal(value, &o); err != nil {
				return err
			}
			if !expired(o) {
				found = append(found, o)
			}
			return nil
		})
	})
	slices.SortFunc(found, memory.NewestFirst)
	return found
}

// Apply implements [order.Orders].
func (s *Store) Apply(ctx context.Context, id string, c order.Change) (o order.Order, moved bool, err error) {
	if err := over(ctx); err != nil {
		return order.Order{}, false, err
	}
	err = s.update(func(t *tx) error {
		if err := t.find(id, &o); err != nil {
			return err
		}
		if moved = c.Apply(&o); moved {
			t.put(orders, []byte(id), o)
		}
		return nil
	})
	if err != nil {
		return order.Order{}, false, err
	}
	return o, moved, nil
}

// over returns an error if the caller's time is over, as a call to AWS does.
func over(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", order.ErrUnavailable, err)
	}
	return nil
}
