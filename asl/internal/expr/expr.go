// Package expr evaluates what a definition says about data: paths, payload
// templates, intrinsic functions and the rules of a Choice state, over a state's
// input, the context object and variables.
//
// Everything is compiled once, when the definition is loaded, and is then safe
// for any number of goroutines. What fails at run time is an [*Error] whose cause
// has AWS's wording.
package expr

import "fmt"

// Scope is what an expression is evaluated against.
type Scope struct {
	Input     any        // "$"
	Context   func() any // "$$"; called only when an expression asks for it
	Variables *Variables // "$name"; nil has none
}

// Error is a failure that a state's own data causes, in AWS's wording.
type Error struct{ Name, Cause string }

func (e *Error) Error() string { return e.Name + ": " + e.Cause }

// The names of the errors of this package.
const (
	// Runtime is the name of most of them. No Retry and no Catch matches it.
	Runtime = "States.Runtime"

	resultPathMatchFailure = "States.ResultPathMatchFailure"
)

// RuntimeError returns an error with the name [Runtime].
func RuntimeError(format string, args ...any) *Error {
	return &Error{Runtime, fmt.Sprintf(format, args...)}
}

// cause is the part of a cause that an inner error contributes, in AWS's wording
// where it has one.
type cause string

func (c cause) Error() string { return string(c) }
