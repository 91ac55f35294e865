package asl

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// registry holds the executions that run and the last of those that have
// ended.
type registry struct {
	mu     sync.RWMutex
	byName map[string]*execution
	ended  []string // a ring of names, the oldest at next once it is full
	next   int
	keep   int
	closed bool
}

// add takes up an execution, unless there is another of its name.
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

// retire notes that an execution has ended and forgets the one that ended
// longest ago when there are too many.
func (r *registry) retire(x *execution) {
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
		x.disarm()
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

func (e *Engine) find(executionARN string) (*execution, error) {
	name, ok := strings.CutPrefix(executionARN, e.executions)
	if ok {
		e.registry.mu.RLock()
		defer e.registry.mu.RUnlock()
		if x := e.byName[name]; x != nil {
			return x, nil
		}
	}
	return nil, fmt.Errorf("%w: %s", ErrExecutionDoesNotExist, executionARN)
}

// List describes the executions that run and those ended ones that are kept,
// the last started first.
func (e *Engine) List() []Execution {
	all := e.all()
	list := make([]Execution, len(all))
	for i, x := range all {
		list[i] = x.describe()
	}
	slices.SortFunc(list, func(a, b Execution) int {
		return cmp.Or(b.Started.Compare(a.Started), strings.Compare(a.Name, b.Name))
	})
	return list
}

// checkExecutionName holds an execution's name to AWS's rules.
func checkExecutionName(name string) error {
	bad := func(why string) error { return fmt.Errorf("%w: %q %s", ErrInvalidName, name, why) }
	if n := utf8.RuneCountInString(name); n > 80 {
		return bad("is longer than 80 characters")
	}
	for _, c := range name {
		if unicode.IsSpace(c) || unicode.IsControl(c) || c == utf8.RuneError || strings.ContainsRune(`<>{}[]?*"#%\\^|~`+"`$&,;:/", c) {
			return bad(fmt.Sprintf("may not contain %q", c))
		}
	}
	return nil
}

// newName is a random UUID.
func newName() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
