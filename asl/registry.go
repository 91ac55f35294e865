package asl

import (
	"maps"
	"slices"
	"sync"
)

// registry has the running executions and those that ended last. It also counts the
// goroutines of running tasks and timers.
type registry struct {
	mu     sync.RWMutex
	byName map[string]*execution
	ended  []string // names of ended executions, in the order in which they ended
	longer []string // names of ended executions that cannot be forgotten yet
	keep   int      // the maximum length of ended
	closed bool
	busy   sync.WaitGroup
}

// get returns the execution with this name, or nil.
func (r *registry) get(name string) *execution {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.byName[name]
}

// all returns all executions in no particular order.
func (r *registry) all() []*execution {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Collect(maps.Values(r.byName))
}

// add adds an execution. If there is one with the same name, add returns that one instead.
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

func (r *registry) remove(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byName, name)
}

// running returns the number of executions that have not ended.
func (r *registry) running() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.byName) - len(r.ended) - len(r.longer)
}

// noteEnded records that an execution has ended. It returns the names of those to forget and
// removes them from its lists.
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

// keepLonger adds the name of an ended execution that cannot be forgotten yet.
func (r *registry) keepLonger(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.longer = append(r.longer, name)
}

// enter counts a goroutine and returns true, or returns false if the registry is closed. The
// goroutine calls leave when it is done.
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

// close stops the timers of all executions. After that, add and enter fail.
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
