package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"pizzasaga/asl"
	"pizzasaga/internal/bolt"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outside"
	"pizzasaga/internal/simulated"
)

// Open opens a shop; the caller must close it. With a data file, every order in it
// continues where it stopped.
func Open(c Config) (*Shop, error) {
	c.Keep = cmp.Or(c.Keep, 10_000)
	if c.Data == "" {
		orders, queues := memory.NewOrders(), &memory.Queues{}
		p, err := c.systems(nil, parts{store: orders, queues: queues})
		if err != nil {
			return nil, err
		}
		return open(c, orders, queues, p)
	}
	data, err := bolt.Open(c.Data)
	if err != nil {
		return nil, err
	}
	p, err := c.systems(data, parts{store: data, queues: data, data: data})
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	s, err := open(c, data, data, p)
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	s.data = data
	if err := s.resume(c.Keep); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot continue the executions in %s: %w", c.Data, err), s.Close(context.Background()))
	}
	return s, nil
}

// systems returns the parts with the outside systems added.
func (c Config) systems(books simulated.Books, p parts) (parts, error) {
	p.gateway, p.programme, p.kitchen = simulated.Gateway{Books: books}, simulated.Programme{Books: books}, simulated.Kitchen{Books: books}
	if c.Outside == "" {
		return p, nil
	}
	systems, err := outside.At(c.Outside)
	p.gateway, p.programme, p.kitchen = systems, systems, systems
	return p, err
}

// resume continues all executions in the data file, except the ended ones that need not
// be kept.
func (s *Shop) resume(keep int) error {
	// with a full disk, the shop still opens
	if err := s.data.DropUnstarted(); err != nil && !errors.Is(err, order.ErrUnavailable) {
		return err
	}
	all, err := s.data.Executions()
	if err != nil {
		return err
	}
	kept := s.trim(all, keep)
	for _, saved := range kept {
		if err := s.continueSaved(saved); err != nil {
			return err
		}
	}
	return nil
}

// trim forgets, in one commit, the settled orders among all but the newest keep ended
// executions. It returns the others, or all if that fails.
func (s *Shop) trim(all []asl.Change, keep int) (kept []asl.Change) {
	ended := slices.IndexFunc(all, func(x asl.Change) bool { return x.Status == asl.Running })
	if ended < 0 {
		ended = len(all)
	}
	var forget []string
	for i, x := range all {
		if i < ended-keep && s.settled(x.Name) {
			forget = append(forget, x.Name)
		} else {
			kept = append(kept, x)
		}
	}
	if s.Orders.Forget(forget...) != nil {
		return all
	}
	return kept
}

// continueSaved continues an execution. If it ended without success, its order is
// reconciled, because that may not have been done before the restart.
func (s *Shop) continueSaved(saved asl.Change) error {
	if current := s.engine.Machine(); saved.Machine.Definition() == current.Definition() {
		saved.Machine = current
	}
	if s.progress != nil {
		s.progress.Resumed(saved.Name, saved.Events)
	}
	x, err := s.engine.Resume(saved)
	if err != nil {
		return err
	}
	switch x.Status {
	case asl.Failed, asl.TimedOut, asl.Aborted:
		s.reconciles.Go(func() { s.reconcile(x.ARN) })
	}
	return nil
}

// settled reports whether nothing is owed for an order, or there is no such order.
func (s *Shop) settled(id string) bool {
	o, err := s.Orders.Get(s.working, id)
	return err == nil && o.Settled() || errors.Is(err, order.ErrNotFound)
}

// forget removes an execution that has ended, and its order, unless something is still
// owed. It reports whether it did.
func (s *Shop) forget(name string) bool { return s.settled(name) && s.Orders.Forget(name) == nil }

// closeWithData closes the file before it cancels the tasks, so that they are not stored
// as failed.
func (s *Shop) closeWithData(ctx context.Context) error {
	err := s.data.Close()
	s.cancel()
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	_ = s.engine.Close(stopped) // cancels the tasks
	s.reconciles.Wait()
	s.closeProgress()
	return err
}
