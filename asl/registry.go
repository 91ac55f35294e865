package asl

import (
	"maps"
	"slices"
	"sync"
)

// registry holds the executions that are running and the last of those that have
// ended.
type registry struct {
	mu     sync.RWMutex
	byName map[string]*execution
	ended  []string // a ring of names, the oldest at next once it is full
	next   int
	keep   int
	closed bool
}

// add adds an execution, unless there is another of its name.
func (r *registry) add(x *execution) (other *execution, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	if other := r.byName[x.Name]; other != nil {
		return other, nil
	}
	if r.byName == nil {
		r.byName = map[string]*execution{}
	}
	r.byName[x.Name] = x
	return nil, nil
}

// keepEnded notes that an execution has ended, and forgets the one that ended
// longest ago when there are too many.
func (r *registry) keepEnded(x *execution) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ended) < r.keep {
		r.ended = append(r.ended, x.Name)
		return
	}
	delete(r.byName, r.ended[r.next])
	r.ended[r.next] = x.Name
	r.next = (r.next + 1) % r.keep
}

func (r *registry) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	for _, x := range r.all() {
		x.mu.Lock()
		x.stopTimer()
		x.mu.Unlock()
	}
}

func (r *registry) all() []*execution {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Collect(maps.Values(r.byName))
}

func (r *registry) isClosed() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.closed
}
