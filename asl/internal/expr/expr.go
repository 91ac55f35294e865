// Package expr evaluates the expressions of a definition: paths, payload templates,
// intrinsic functions and the rules of a Choice state. They read a state's input, the
// context object and variables.
//
// Expressions are compiled when the definition is loaded. They are then safe for
// concurrent use. An evaluation fails with an [*Error], which has AWS's message.
package expr

import (
	"fmt"
	"math/rand/v2"
)

// Scope has the values that expressions read.
type Scope struct {
	Input     any            // "$"
	Context   func() Context // "$$"; called when an expression reads it
	Variables *Variables     // "$name"; nil has none
	Random    *rand.Rand     // for States.MathRandom and States.UUID; nil is Secret
}

// Error is an error in the data of a state, with AWS's name and message.
type Error struct{ Name, Cause string }

func (e *Error) Error() string { return e.Name + ": " + e.Cause }

// The names of the errors of this package.
const (
	// Runtime is the name of most errors. No Retry and no Catch matches it.
	Runtime = "States.Runtime"

	resultPathMatchFailure = "States.ResultPathMatchFailure"
)

// RuntimeError returns an error with the name [Runtime].
func RuntimeError(format string, args ...any) *Error {
	return &Error{Runtime, fmt.Sprintf(format, args...)}
}

// cause is an error whose text becomes a part of the Cause of an Error.
type cause string

func (c cause) Error() string { return string(c) }
