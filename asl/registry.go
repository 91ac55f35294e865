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
	ended  []string // names of ended executions, the one to forget next first
	keep   int      // how many ended executions are kept
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
func (r *registry) remove(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byName, name)
}

// running returns how many executions have not ended.
func (r *registry) running() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.byName) - len(r.ended)
}

// noteEnded notes that an execution has ended, or that it is kept once more.
func (r *registry) noteEnded(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = append(r.ended, name)
}

// tooMany takes the name that was noted first, if more than keep are.
func (r *registry) tooMany() (name string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ended) <= r.keep {
		return "", false
	}
	name, r.ended = r.ended[0], r.ended[1:]
	return name, true
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
