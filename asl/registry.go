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
	ended  []string // names of ended executions, the first to end first
	longer []string // names of ended executions that must be kept longer
	keep   int      // how many of ended are kept
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
	return len(r.byName) - len(r.ended) - len(r.longer)
}

// noteEnded notes that an execution has ended. It takes out, and returns, the names of
// those to forget if possible.
func (r *registry) noteEnded(name string) (forget []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = append(r.ended, name)
	if len(r.longer) > 0 {
		forget, r.longer = append(forget, r.longer[0]), r.longer[1:]
	}
	if len(r.ended) > r.keep {
		forget, r.ended = append(forget, r.ended[0]), r.ended[1:]
	}
	return forget
}

// keepLonger puts back the name of an execution that cannot be forgotten yet.
func (r *registry) keepLonger(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.longer = append(r.longer, name)
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
