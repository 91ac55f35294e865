// Package bolt stores what must outlive the process in one bbolt file: orders, dead
// letters, executions with their histories, and the books of the simulated outside
// systems.
//
// A write returns when it is on disk. Writes that arrive at the same time share a
// commit. Reads see committed data only.
package bolt

import (
	"errors"
	"fmt"
	"sync"

	"go.etcd.io/bbolt"

	"pizzasaga/internal/order"
)

// Store is an open file. It is safe for concurrent use.
type Store struct {
	db     *bbolt.DB
	mu     sync.RWMutex // guards closed
	closed bool
	writes chan write
	done   sync.WaitGroup
	hidden hidden

	machines sync.Map // by the hash of the definition
	hashes   sync.Map // of definitions, by the machine
}

// write is a write that is waiting for its commit.
type write struct {
	do   func(*tx) error
	done chan error
}

// maxBatch is the maximum number of writes in a commit.
const maxBatch = 1000

func newStore(db *bbolt.DB) *Store {
	s := &Store{db: db, writes: make(chan write, maxBatch)}
	s.done.Go(s.run)
	return s
}

// Close waits for the writes that have begun, and closes the file. Later reads and
// writes fail.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	close(s.writes)
	s.done.Wait()
	return s.db.Close()
}

// update calls do, and returns when everything that do has put is on disk. If do returns
// an error, what it put before the error is stored nevertheless. If the commit fails, the
// error wraps [order.ErrUnavailable], and nothing is stored.
func (s *Store) update(do func(*tx) error) error {
	w := write{do, make(chan error, 1)}
	if err := s.enqueue(w); err != nil {
		return err
	}
	return <-w.done
}

func (s *Store) enqueue(w write) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return fmt.Errorf("%w: the data file is closed", order.ErrUnavailable)
	}
	s.writes <- w
	return nil
}

// run commits the waiting writes until the store is closed.
func (s *Store) run() {
	for first := range s.writes {
		batch := []write{first}
		for len(batch) < maxBatch && len(s.writes) > 0 {
			batch = append(batch, <-s.writes)
		}
		s.commit(batch)
	}
}

func (s *Store) commit(batch []write) {
	errs := make([]error, len(batch))
	err := s.db.Update(func(t *bbolt.Tx) error {
		tx := &tx{Tx: t}
		for i, w := range batch {
			errs[i] = w.do(tx)
		}
		return tx.finish()
	})
	for i, w := range batch {
		if err != nil && !errors.Is(err, errNothing) {
			// also if do failed: it may have read what this failed commit wrote
			errs[i] = fmt.Errorf("%w: write the data file: %w", order.ErrUnavailable, err)
		}
		w.done <- errs[i]
	}
}

// Behind reports whether the queue of waiting writes is more than half full.
func (s *Store) Behind() bool { return len(s.writes) > maxBatch/2 }

// view reads committed data.
func (s *Store) view(do func(*tx) error) error {
	return s.db.View(func(t *bbolt.Tx) error { return do(&tx{Tx: t}) })
}
