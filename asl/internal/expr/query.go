package expr

import "errors"

// query is a path that may find several values. It finds them in the order of
// their arrays and objects, an object before what is in it.
type query struct {
	fragments []fragment
	// single says that it gives one value, not a list: ['a','b'] at the end of
	// an otherwise definite path gives one object.
	single bool
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
