package asl

import (
	"strings"

	"github.com/ohler55/ojg/jp"
)

// query is an indefinite path.
type query struct {
	expr jp.Expr
	// descents is how many times a part of a document may be gone through
	// again for each level of its depth.
	descents int
}

// maxQueryWork bounds what one query may look at, so that no path takes
// longer than a blink; AWS has a limit on the time it takes.
const maxQueryWork = 10_000_000

func newQuery(expr jp.Expr, text string) *query {
	return &query{
		expr:     expr,
		descents: strings.Count(text, "..") + max(0, strings.Count(text, "?")-1),
	}
}

// run gives all that the query finds in document, in the order of its arrays
// and of its objects' keys.
func (q *query) run(document any) (found []any, err error) {
	if !q.bearable(document) {
		return nil, cause("It selects too much")
	}
	defer func() {
		if recover() != nil {
			err = cause("It cannot be applied")
		}
	}()
	if found = q.expr.Get(document); found == nil {
		found = []any{}
	}
	return found, nil
}

func (q *query) bearable(document any) bool {
	if q.descents < 2 {
		return true
	}
	nodes, depth := extent(document)
	work := float64(nodes)
	for range q.descents - 1 {
		work *= float64(depth)
	}
	return work <= maxQueryWork
}

// extent counts the values in v and how deep they are nested.
func extent(v any) (nodes, depth int) {
	visit := func(item any) {
		n, d := extent(item)
		nodes, depth = nodes+n, max(depth, d)
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			visit(item)
		}
	case map[string]any:
		for _, item := range v {
			visit(item)
		}
	}
	return nodes + 1, depth + 1
}
