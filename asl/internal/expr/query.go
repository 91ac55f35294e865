package expr

import "errors"

// query is the steps of an indefinite path. It finds values in the order of the
// document, an object or array before the values in it.
type query struct {
	fragments []fragment
	// single is true if the path is definite except for ['a','b'] at its end, which
	// finds one object. Then the result is that object instead of an array.
	single bool
}

// maxVisits is the limit for the values that one query visits. The largest payload has
// an eighth of that.
const maxVisits = 1_000_000

// queryRun is one evaluation of a query.
type queryRun struct {
	root  any
	plain any // the root for filters; made for the first one
	work  int // how many values have been visited
	found []any
}

// run returns what the query finds in root.
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

// follow applies fragments to v.
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

// newQuery makes a query of the steps of an indefinite path. It may change the slice.
func newQuery(fragments []fragment) (*query, error) {
	q := &query{fragments: fragments, single: true}
	last := len(fragments) - 1
	for i, f := range fragments {
		switch f := f.(type) {
		case descent:
			if i == last {
				return nil, errors.New("its .. is followed by nothing")
			}
			if _, ok := fragments[i+1].(*filter); ok {
				fragments[i] = descent{objectsOnly: true}
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
