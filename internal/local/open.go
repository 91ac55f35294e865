package local

import (
	"context"
	"errors"
	"fmt"

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
	if c.Data == "" {
		orders, queues := memory.NewOrders(), &memory.Queues{}
		return open(c, orders, queues, c.systems(nil, parts{store: orders, queues: queues}))
	}
	data, err := bolt.Open(c.Data)
	if err != nil {
		return nil, err
	}
	s, err := open(c, data, data, c.systems(data, parts{store: data, queues: data, data: data}))
	if err != nil {
		return nil, errors.Join(err, data.Close())
	}
	s.data = data
	if err := s.resume(); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot continue the executions in %s: %w", c.Data, err), s.Close(context.Background()))
	}
	return s, nil
}

// systems returns the parts with the outside systems added.
func (c Config) systems(books simulated.Books, p parts) parts {
	p.gateway, p.programme, p.kitchen = simulated.Gateway{Books: books}, simulated.Programme{Books: books}, simulated.Kitchen{Books: books}
	if c.Outside != "" {
		systems := outside.At(c.Outside)
		p.gateway, p.programme, p.kitchen = systems, systems, systems
	}
	return p
}

// resume continues all executions in the data file.
func (s *Shop) resume() error {
	names, err := s.data.Executions()
	if err != nil {
		return err
	}
	for _, name := range names {
		saved, err := s.data.Execution(name)
		if err == nil {
			err = s.continueSaved(saved)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// continueSaved continues an execution. If it did not succeed, its order is reconciled,
// because that may not have been done before the restart.
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

// forget removes an execution that has ended, and its order, unless something is still
// owed. It reports whether it did.
func (s *Shop) forget(name string) bool {
	o, err := s.Orders.Get(s.working, name)
	if err == nil && !o.Settled() || err != nil && !errors.Is(err, order.ErrNotFound) {
		return false
	}
	return s.Orders.Forget(name) == nil
}

// closeWithData closes the file first, so that the tasks that it then cancels are not
// stored as failed.
func (s *Shop) closeWithData(ctx context.Context) error {
	err := s.data.Close()
	s.cancel()
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	_ = s.engine.Close(stopped) // cancels the tasks
	s.reconciles.Wait()
	if s.progress != nil {
		s.progress.Close()
	}
	return err
}
