package asl

import (
	"maps"
	"slices"
	"sync"
)

// registry holds the executions that are running and those that ended last. It
// also counts the goroutines that work for them.
type registry struct {
	mu     sync.RWMutex
	byName map[string]*execution
	ring   []string // names of ended executions; when it is full, the oldest is at next
	next   int
	keep   int // how many ended executions are kept
	closed bool
	busy   sync.WaitGroup
}

// get returns the execution of this name, or nil.
func (r *registry) get(name string) *execution {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.byName[name]
}

// all returns all executions, in no order.
func (r *registry) all() []*execution {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Collect(maps.Values(r.byName))
}

// add adds an execution. If another one has its name, add returns that one.
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

// remove removes an execution.
func (r *registry) remove(x *execution) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byName, x.Name)
}

// keepEnded notes that an execution has ended. If there are too many of these, it
// removes the one that ended first.
func (r *registry) keepEnded(x *execution) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ring) < r.keep {
		r.ring = append(r.ring, x.Name)
		return
	}
	delete(r.byName, r.ring[r.next])
	r.ring[r.next] = x.Name
	r.next = (r.next + 1) % r.keep
}

// enter counts a goroutine and returns true, or false if the registry is closed.
// The goroutine calls leave when it is done.
func (r *registry) enter() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.closed {
		return false
	}
	r.busy.Add(1)
	return true
}

func (r *registry) leave() { r.busy.Done() }

// close stops the timers of all executions. From now on, add and enter refuse.
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

func (r *registry) isClosed() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.closed
}
