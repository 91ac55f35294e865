package expr

import (
	"fmt"
	"slices"
	"strings"
)

// Expression is what a ".$" field holds: a path or a call of an intrinsic
// function.
type Expression interface {
	// Field returns the expression's value for the field of this name, or an
	// *[Error].
	Field(s *Scope, name string) (any, error)
}

func compileExpression(text string) (Expression, error) {
	switch {
	case strings.HasPrefix(text, "$"):
		return CompilePath(text)
	case strings.HasPrefix(text, "States."):
		return compileCall(text)
	}
	return nil, fmt.Errorf("%q must be a valid JSONPath or a valid intrinsic function call", text)
}

// givesText are the intrinsic functions that AWS allows in ErrorPath and
// CausePath.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
var givesText = []string{"States.Format", "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode", "States.Base64Decode", "States.Hash", "States.UUID"}

// CompileText reads an expression that must give a string: ErrorPath, CausePath.
func CompileText(text string) (Expression, error) {
	e, err := compileExpression(text)
	if err != nil {
		return nil, err
	}
	if c, isCall := e.(*call); isCall && !slices.Contains(givesText, c.root.name) {
		return nil, fmt.Errorf("%s cannot stand here: it gives no text", c.root.name)
	}
	return e, nil
}
