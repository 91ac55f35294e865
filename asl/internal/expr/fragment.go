package expr

import (
	"errors"
	"fmt"
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// fragment is one step of a query.
type fragment interface {
	// from yields each value that the step finds in v.
	from(v any, r *queryRun, yield func(any))
}

// step is .name or [index].
type step struct {
	name    string
	index   int
	isIndex bool
}

func (s step) String() string {
	if s.isIndex {
		return fmt.Sprintf("[%d]", s.index)
	}
	return "['" + s.name + "']"
}

// find returns what the step finds in v. An index below 0 counts from the end of
// the array.
func (s *step) find(v any) (any, bool) {
	if !s.isIndex {
		object, _ := v.(*jsonvalue.Object)
		return object.Get(s.name)
	}
	array, _ := v.([]any)
	index := s.index
	if index < 0 {
		index += len(array)
	}
	if index < 0 || index >= len(array) {
		return nil, false
	}
	return array[index], true
}

// from yields null for an index past the end of its array, as in a definite path.
func (s step) from(v any, _ *queryRun, yield func(any)) {
	found, ok := s.find(v)
	_, isArray := v.([]any)
	if ok || s.isIndex && isArray {
		yield(found)
	}
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

// descent is the .. before a step: v and all objects and arrays in it.
type descent struct {
	objectsOnly bool // before a filter, which would test the items of arrays twice
}

func (d descent) from(v any, r *queryRun, yield func(any)) {
	_, isObject := v.(*jsonvalue.Object)
	_, isArray := v.([]any)
	if !isObject && !isArray {
		return
	}
	if r.work++; r.work > maxVisits {
		return
	}
	if isObject || !d.objectsOnly {
		yield(v)
	}
	wildcard{}.from(v, r, func(item any) { d.from(item, r, yield) })
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

// selection is ['a','b'] as the last step: an object with these properties.
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

// newUnion refuses steps that come twice, and names beside indexes.
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
