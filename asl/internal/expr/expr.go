// Package expr evaluates what a definition says about data: paths, payload
// templates, intrinsic functions and the rules of a Choice state, over a state's
// input, the context object and variables.
//
// Everything is compiled once, when the definition is loaded, and is then safe
// for any number of goroutines. What fails at run time is an [*Error] whose cause
// has AWS's wording.
package expr

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"

	"pizzasaga/asl/internal/jsonvalue"
)

// Scope is what an expression is evaluated against.
type Scope struct {
	Input     any        // "$"
	Context   func() any // "$$"; called only when an expression asks for it
	Variables *Variables // "$name"; nil has none
}

// Error is a failure that a state's own data causes, in AWS's wording.
type Error struct{ Name, Cause string }

func (e *Error) Error() string { return e.Name + ": " + e.Cause }

// Runtime is the name of most errors of this package. No Retry and no Catch
// matches it.
const Runtime = "States.Runtime"

// RuntimeError returns an error with the name [Runtime].
func RuntimeError(format string, args ...any) *Error {
	return &Error{Runtime, fmt.Sprintf(format, args...)}
}

// cause is the part of a cause that an inner error contributes, in AWS's wording
// where it has one.
type cause string

func (c cause) Error() string { return string(c) }

// Fault is one thing that is wrong in a definition.
type Fault struct {
	Offset  int // in the definition's text, in bytes
	Place   jsonvalue.Place
	Message string
}

// Nearest returns the one of the names that was probably meant by a misspelt one.
func Nearest(misspelt string, names []string) (name string, ok bool) {
	best := 0
	for _, candidate := range names {
		shorter, longer := min(len(misspelt), len(candidate)), max(len(misspelt), len(candidate))
		most := min((longer+2)/3, shorter/2)
		if longer-shorter > most {
			continue
		}
		distance := levenshtein.ComputeDistance(strings.ToLower(misspelt), strings.ToLower(candidate))
		if distance <= most && (name == "" || distance < best) {
			name, best = candidate, distance
		}
	}
	return name, name != ""
}

// DidYouMean returns the end of a sentence about a name that does not exist:
// a question with the nearest of the names, or nothing if none is near.
func DidYouMean(misspelt string, names []string) string {
	if name, ok := Nearest(misspelt, names); ok {
		return fmt.Sprintf("; did you mean %q?", name)
	}
	return ""
}
