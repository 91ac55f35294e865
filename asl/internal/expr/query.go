package expr

import (
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// query is a compiled path without its root. It behaves as in version 2.0.0 of Jayway's
// JsonPath with Jackson's tree, which AWS uses.
//
// A definite query finds one value or none. Any other query finds an array, which is empty
// if there is no value.
type query struct {
	tokens   []token
	steps    []step // the tokens, if all of them are steps
	definite bool
}

// token is a part of a query: a name, an index, a wildcard and so on.
type token interface {
	// eval applies the token to a value, and the rest of the query to each value that the
	// token finds.
	eval(r *run, v any, at *place, rest []token) error
	isDefinite() bool
	String() string
}

// step is .name or [index]: a token that finds one value.
type step struct {
	name    string
	index   int
	isIndex bool
	fromEnd bool // the index is negative, and counts from the end of the array

	// skips is set if an object without the name is skipped. Otherwise it is an error. It
	// has an effect only if tokens follow.
	skips bool
}

func newQuery(tokens []token) *query {
	for i, t := range tokens {
		if s, ok := t.(step); ok {
			// the token before counts, too: after an indefinite one, missing names are skipped
			s.skips = !allDefinite(tokens[max(0, i-1):])
			tokens[i] = s
		}
	}
	q := &query{tokens: tokens, definite: allDefinite(tokens)}
	for _, t := range tokens {
		s, ok := t.(step)
		if !ok {
			q.steps = nil
			break
		}
		q.steps = append(q.steps, s)
	}
	return q
}

func allDefinite(tokens []token) bool {
	return !slices.ContainsFunc(tokens, func(t token) bool { return !t.isDefinite() })
}

// find returns what the step finds in v. In Jackson's tree, an index outside its array finds
// null.
func (s *step) find(v any) (found any, ok bool) {
	if !s.isIndex {
		object, _ := v.(*jsonvalue.Object)
		return object.Get(s.name)
	}
	array, ok := v.([]any)
	if i := s.indexIn(array); ok && i >= 0 && i < len(array) {
		return array[i], true
	}
	return nil, ok
}

func (s *step) indexIn(array []any) int {
	if s.fromEnd {
		return len(array) + s.index
	}
	return s.index
}

// maxVisits is the limit for the values that one query visits. It is about eight times the
// number of values in the largest payload.
const maxVisits = 1_000_000

const errTooMuch = cause("It visits too many values")

// run is one evaluation of a query.
type run struct {
	root   any // "$" in the conditions of filters
	found  []any
	visits int
	strict bool // missing names are errors
}

// get returns what the query finds in v; root is "$" in its filters. The error is a
// [missing] or a [cause].
func (q *query) get(root, v any) (any, error) {
	if len(q.steps) == len(q.tokens) {
		if found, ok := q.walk(v); ok {
			return found, nil
		}
	}
	r := &run{root: root, found: []any{}}
	return q.run(r, v)
}

func (q *query) run(r *run, v any) (any, error) {
	if err := r.follow(q.tokens, v, nil); err != nil {
		return nil, err
	}
	if q.definite {
		return r.found[0], nil
	}
	return r.found, nil
}

// walk follows the steps of a query that has no other tokens.
func (q *query) walk(v any) (found any, ok bool) {
	for i := range q.steps {
		if v, ok = q.steps[i].find(v); !ok {
			return nil, false
		}
	}
	return v, true
}

// endsOutside reports whether the query ends with an index outside its array.
func (q *query) endsOutside(v any) bool {
	last := len(q.steps) - 1
	if last < 0 || !q.steps[last].isIndex {
		return false
	}
	before := query{steps: q.steps[:last]}
	v, _ = before.walk(v)
	array, ok := v.([]any)
	i := q.steps[last].indexIn(array)
	return ok && (i < 0 || i >= len(array))
}

// follow applies tokens to v. If there are none, v is found.
func (r *run) follow(tokens []token, v any, at *place) error {
	if r.visits++; r.visits > maxVisits {
		return errTooMuch
	}
	if len(tokens) == 0 {
		r.found = append(r.found, v)
		return nil
	}
	return tokens[0].eval(r, v, at, tokens[1:])
}
