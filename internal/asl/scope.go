package asl

// scope is what a path, a template or a rule is evaluated against.
type scope struct {
	input   any        // "$"
	context func() any // "$$", built only when asked
	vars    *variables // "$name"; nil has none
}

// variables are what Assign has set, as a chain of frames: those of a branch
// or an item see the ones around them and cannot write them.
type variables struct {
	outer  *variables
	values map[string]any
}

// runtimeError is a failure that a state's own data causes, in AWS's wording.
type runtimeError struct{ Name, Cause string }

func (e *runtimeError) Error() string { return e.Name + ": " + e.Cause }

// inner gives a frame for a branch or an item: it sees v's variables and
// assigns its own.
func (v *variables) inner() *variables { return &variables{outer: v} }

// assign gives v with the values of an Assign field set; v itself stays as it was.
func (v *variables) assign(values map[string]any) *variables {
	next := &variables{values: make(map[string]any, len(values))}
	if v != nil {
		next.outer = v.outer
		for name, value := range v.values {
			next.values[name] = value
		}
	}
	for name, value := range values {
		next.values[name] = value
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
