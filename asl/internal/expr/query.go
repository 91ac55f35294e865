package expr

import (
	"errors"
	"fmt"
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// query is a path that may find several values. It finds them in the order of
// their arrays and objects, an object before what is in it.
type query struct {
	fragments []fragment
	// single says that it gives one value, not a list: ['a','b'] at the end of
	// an otherwise definite path gives one object.
	single bool
}

// fragment is one step of a query: it yields what it finds from v on.
type fragment interface {
	from(v any, r *queryRun, yield func(any))
}

// maxVisits bounds how many values one query looks at; the largest payload
// has an eighth of that.
const maxVisits = 1_000_000

// queryRun is one evaluation of a query.
type queryRun struct {
	root  any
	plain any // the root for filters, once one has asked
	work  int
	found []any
}

// run gives all that the query finds in root.
func (q *query) run(root any) (any, error) {
	r := &queryRun{root: root, found: []any{}}
	r.follow(q.fragments, root)
	switch {
	case r.work > maxVisits:
		return nil, cause("It selects too much")
	case q.single && len(r.found) == 0:
		return nil, cause("No results")
	case q.single:
		return r.found[0], nil
	}
	return r.found, nil
}

func (r *queryRun) follow(fragments []fragment, v any) {
	if r.work++; r.work > maxVisits {
		return
	}
	if len(fragments) == 0 {
		r.found = append(r.found, v)
		return
	}
	fragments[0].from(v, r, func(next any) { r.follow(fragments[1:], next) })
}

// from finds an index past the end of its array as null, as a definite path
// does.
func (s step) from(v any, _ *queryRun, yield func(any)) {
	if s.isIndex {
		if array, ok := v.([]any); ok {
			yield(at(array, s.index))
		}
	} else if object, ok := v.(*jsonvalue.Object); ok {
		if value, ok := object.Get(s.name); ok {
			yield(value)
		}
	}
}

// at gives an array's item, counted from its end if index is negative.
func at(array []any, index int) any {
	if index < 0 {
		index += len(array)
	}
	if index < 0 || index >= len(array) {
		return nil
	}
	return array[index]
}

// wildcard is * and [*].
type wildcard struct{}

func (wildcard) from(v any, _ *queryRun, yield func(any)) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			yield(item)
		}
	case *jsonvalue.Object:
		for _, p := range v.Properties() {
			yield(p.Value)
		}
	}
}

// descent is the .. before a step: every object and array from v down.
type descent struct{}

func (d descent) from(v any, r *queryRun, yield func(any)) {
	switch v.(type) {
	case []any, *jsonvalue.Object:
		if r.work++; r.work > maxVisits {
			return
		}
		yield(v)
		wildcard{}.from(v, r, func(item any) { d.from(item, r, yield) })
	}
}

// slice is [from:to].
type slice struct{ first, end *int }

func (s slice) from(v any, _ *queryRun, yield func(any)) {
	array, _ := v.([]any)
	bound := func(b *int, unset int) int {
		switch {
		case b == nil:
			return unset
		case *b < 0:
			return max(0, *b+len(array))
		}
		return min(*b, len(array))
	}
	first, end := bound(s.first, 0), bound(s.end, len(array))
	for i := first; i < end; i++ {
		yield(array[i])
	}
}

// union is [0,2] or ['a','b'].
type union []step

func (u union) from(v any, r *queryRun, yield func(any)) {
	for _, s := range u {
		s.from(v, r, yield)
	}
}

// selection is ['a','b'] as the last step: an object of those fields.
type selection []step

func (names selection) from(v any, _ *queryRun, yield func(any)) {
	object, ok := v.(*jsonvalue.Object)
	if !ok {
		return
	}
	selected := jsonvalue.ObjectWithRoom(len(names))
	for _, s := range names {
		if value, ok := object.Get(s.name); ok {
			selected.Set(s.name, value)
		}
	}
	yield(selected)
}

// newQuery puts the steps of an indefinite path together.
func newQuery(fragments []fragment) (*query, error) {
	q := &query{fragments: fragments, single: true}
	last := len(fragments) - 1
	for i, f := range fragments {
		switch f := f.(type) {
		case descent:
			if i == last {
				return nil, errors.New("its .. is followed by nothing")
			}
			if next, ok := fragments[i+1].(*filter); ok {
				next.descending = true
			}
		case union:
			if i == last && !f[0].isIndex {
				fragments[i] = selection(f)
				continue
			}
		case step:
			continue
		}
		q.single = false
	}
	return q, nil
}

// newUnion refuses what would find a value twice, and names among indexes.
func newUnion(steps []step) (union, error) {
	for i, s := range steps {
		if slices.Contains(steps[:i], s) {
			return nil, fmt.Errorf("%s comes twice", s)
		}
		if s.isIndex != steps[0].isIndex {
			return nil, errors.New("it has names and indexes")
		}
	}
	return steps, nil
}
