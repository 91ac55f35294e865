package asl

import (
	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// inputPath is InputPath or OutputPath. Its zero value is "$".
type inputPath struct {
	path *expr.Path
	null bool // the field is null: it selects {}
}

// get returns what the path selects from a value.
func (p inputPath) get(t *turn, f *frame, value any) (any, error) {
	switch {
	case p.null:
		return jsonvalue.ObjectOf(), nil
	case p.path == nil, value == nil && p.path.IsRoot(): // unlike in other fields, "$" may find null
		return value, nil
	}
	return p.path.Get(t.scope(f, value))
}

// resultPath is ResultPath. Its zero value is "$".
type resultPath struct {
	path *expr.ReferencePath
	null bool // the field is null: it drops the result
}

// put returns the state's raw input with the result at the path.
func (r resultPath) put(input, result any) (any, error) {
	switch {
	case r.null:
		return input, nil
	case r.path == nil:
		return result, nil
	}
	return r.path.Set(input, result)
}

// tooLarge returns AWS's cause for a payload that is too large.
func tooLarge(what string) string {
	return "The state/task '" + what + "' returned a result with a size exceeding the maximum number of bytes service limit."
}
