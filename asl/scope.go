package asl

import "maps"

// scope is what a path, a template or a rule is evaluated against.
type scope struct {
	input   any        // "$"
	context func() any // "$$", built only when asked
	vars    *variables // "$name"; nil has none
}

// variables are what Assign has set, as a chain of frames: those of a branch
// or an item see the ones around them and cannot write them. A frame is not
// changed once it is made; nil is an empty one.
type variables struct {
	outer  *variables
	values map[string]any
}

// inner gives a frame for a branch or an item: it sees v's variables and
// assigns its own.
func (v *variables) inner() *variables { return &variables{outer: v} }

// assign gives v with the values of an Assign field set; v itself stays as it
// was.
func (v *variables) assign(values *jsonObject) *variables {
	next := &variables{values: map[string]any{}}
	if v != nil {
		next.outer = v.outer
		maps.Copy(next.values, v.values)
	}
	for _, p := range values.properties {
		next.values[p.name] = p.value
	}
	return next
}

// get gives the variable's value, from the innermost frame that has it.
func (v *variables) get(name string) (any, bool) {
	for ; v != nil; v = v.outer {
		if value, ok := v.values[name]; ok {
			return value, true
		}
	}
	return nil, false
}

// runtimeError is a failure that a state's own data causes, in AWS's wording.
type runtimeError struct{ Name, Cause string }

func (e *runtimeError) Error() string { return e.Name + ": " + e.Cause }

// cause is why something failed, in the words that a history shows: AWS's,
// where it has some.
type cause string

func (c cause) Error() string { return string(c) }
