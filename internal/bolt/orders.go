package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"pizzasaga/internal/order"
)

var _ order.Orders = (*Store)(nil)

// stored is an order with the idempotency key of its submission, if it had one.
type stored struct {
	order.Order
	Key string `json:",omitempty"`
}

// record is an idempotency record with the orders of its submission.
type record struct {
	order.Record
	IDs  []string
	Gone map[string]order.Order `json:",omitempty"` // orders that were forgotten, without their timelines
}

// Submit implements [order.Orders].
func (s *Store) Submit(ctx context.Context, sub order.Submission) (submitted []order.Order, err error) {
	if err := order.CheckContext(ctx); err != nil {
		return nil, err
	}
	err = s.update(func(t *tx) (err error) {
		submitted, err = t.submit(sub)
		return err
	})
	return submitted, err
}

func (t *tx) submit(sub order.Submission) ([]order.Order, error) {
	now := time.Now()
	t.dropExpired(now)
	if sub.Record != nil {
		var known record
		found, err := t.get(keys, []byte(sub.Record.Key), &known)
		if err != nil {
			return nil, err
		}
		if found && now.Before(known.Expires) {
			return t.replay(known, sub.Record.Fingerprint)
		}
	}
	var ids []string
	for _, o := range sub.Orders {
		if t.Bucket(orders).Get([]byte(o.ID)) != nil || slices.Contains(ids, o.ID) {
			return nil, fmt.Errorf("store order %s: the id already exists", o.ID)
		}
		ids = append(ids, o.ID)
	}
	key := ""
	if r := sub.Record; r != nil {
		key = r.Key
		t.put(keys, []byte(key), record{Record: *r, IDs: ids})
		t.put(expiries, expiry(now.Add(order.UnstartedLife), key), ids)
	}
	for _, o := range sub.Orders {
		t.put(orders, []byte(o.ID), stored{o, key})
	}
	return sub.Orders, nil
}

func (t *tx) replay(known record, fingerprint string) (submitted []order.Order, err error) {
	if known.Fingerprint != fingerprint {
		return nil, order.ErrKeyReused
	}
	for _, id := range known.IDs {
		o := known.Gone[id]
		if _, err := t.get(orders, []byte(id), &o); err != nil {
			return nil, err
		}
		submitted = append(submitted, o)
	}
	return submitted, nil
}

// expiry returns the key of an idempotency record in the bucket "expiries", which is
// sorted by time.
func expiry(at time.Time, key string) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano())), key...)
}

// dropExpired removes a few expired idempotency records with those of their orders that
// have never started, the oldest first. It is called for every submission, so that more
// records are removed than added.
func (t *tx) dropExpired(now time.Time) {
	const few = 4
	c, until := t.Bucket(expiries).Cursor(), expiry(now, "")
	var gone [][]byte
	for at, _ := c.First(); at != nil && bytes.Compare(at[:len(until)], until) <= 0 && len(gone) < few; at, _ = c.Next() {
		gone = append(gone, bytes.Clone(at))
	}
	for _, at := range gone {
		t.fail(t.dropRecord(at, now))
	}
}

func (t *tx) dropRecord(at []byte, now time.Time) error {
	key := at[len(expiry(now, "")):]
	var ids []string
	var r record
	_, err := t.get(expiries, at, &ids)
	known, other := t.get(keys, key, &r)
	if err = errors.Join(err, other); err != nil {
		return err
	}
	for _, id := range ids {
		var o stored
		if _, err := t.get(orders, []byte(id), &o); err != nil {
			return err
		}
		if o.ID != "" && o.Expired(now) {
			t.delete(orders, []byte(id))
		}
	}
	if known && !now.Before(r.Expires) { // else the key has been used again
		t.delete(keys, key)
	}
	t.delete(expiries, at)
	return nil
}

// forgetOrder removes an order, and leaves a copy without timeline in its idempotency
// record.
func (t *tx) forgetOrder(id string) error {
	var o stored
	if found, err := t.get(orders, []byte(id), &o); err != nil || !found {
		return err
	}
	var r record
	known, err := t.get(keys, []byte(o.Key), &r)
	if err != nil {
		return err
	}
	if known && slices.Contains(r.IDs, id) {
		if r.Gone == nil {
			r.Gone = map[string]order.Order{}
		}
		o.Timeline = nil
		r.Gone[id] = o.Order
		t.put(keys, []byte(o.Key), r)
	}
	t.delete(orders, []byte(id))
	return nil
}

// Get implements [order.Orders].
func (s *Store) Get(ctx context.Context, id string) (order.Order, error) {
	if err := order.CheckContext(ctx); err != nil {
		return order.Order{}, err
	}
	var there stored
	if err := s.view(func(t *tx) error { return t.find(id, &there) }); err != nil {
		return order.Order{}, err
	}
	return there.Order, nil
}

func (t *tx) find(id string, o *stored) error {
	found, err := t.get(orders, []byte(id), o)
	if err == nil && (!found || o.Expired(time.Now())) {
		err = order.ErrNotFound
	}
	return err
}

// List returns all orders, newest first, or none if the file cannot be read.
func (s *Store) List() []order.Order {
	found := []order.Order{}
	_ = s.view(func(t *tx) error {
		return t.each(orders, nil, func(_, value []byte) error {
			var o order.Order
			if err := json.Unmarshal(value, &o); err != nil {
				return err
			}
			if !o.Expired(time.Now()) {
				found = append(found, o)
			}
			return nil
		})
	})
	slices.SortFunc(found, order.NewestFirst)
	return found
}

// Apply implements [order.Orders].
func (s *Store) Apply(ctx context.Context, id string, c order.Change) (o order.Order, moved bool, err error) {
	if err := order.CheckContext(ctx); err != nil {
		return order.Order{}, false, err
	}
	err = s.update(func(t *tx) error {
		var there stored
		if err := t.find(id, &there); err != nil {
			return err
		}
		if moved = c.Apply(&there.Order); moved {
			t.put(orders, []byte(id), there)
		}
		o = there.Order
		return nil
	})
	if err != nil {
		return order.Order{}, false, err
	}
	return o, moved, nil
}

// DropUnstarted removes the orders that have neither an execution nor an idempotency key
// and are pending or settled: the process ended before their executions started, so no
// customer knows their ids. An order with a key stays until the key expires.
func (s *Store) DropUnstarted() error {
	return s.update(func(t *tx) error {
		var gone []string
		err := t.each(orders, nil, func(id, value []byte) error {
			var o stored
			err := json.Unmarshal(value, &o)
			if o.Key == "" && (o.Status == order.Pending || o.Settled()) && t.Bucket(executions).Get(id) == nil {
				gone = append(gone, o.ID)
			}
			return err
		})
		for _, id := range gone {
			t.delete(orders, []byte(id))
		}
		return err
	})
}
