package expr

import (
	"fmt"
	"strings"
)

// Expression is a path or a call of an intrinsic function, as in a ".$" field.
type Expression interface {
	// Field returns the expression's value for the field with this name, or an *[Error].
	Field(s *Scope, name string) (any, error)
}

func compileExpression(text string) (e Expression, err error) {
	switch {
	case strings.HasPrefix(text, "$"):
		e, err = CompilePath(text)
	case strings.HasPrefix(text, intrinsicPrefix):
		e, err = compileCall(text)
	default:
		err = fmt.Errorf("%q must be a valid JSONPath or a valid intrinsic function call", text)
	}
	if err != nil {
		return nil, err // not e: it holds a nil pointer
	}
	return e, nil
}

// CompileText compiles the expression of a field whose value must be a string: ErrorPath or
// CausePath.
func CompileText(text string) (Expression, error) {
	e, err := compileExpression(text)
	if err != nil {
		return nil, err
	}
	if c, isCall := e.(*call); isCall && !c.root.has(returnsText) {
		return nil, fmt.Errorf("%s cannot be used here: it does not return a string", c.root.name)
	}
	return e, nil
}
