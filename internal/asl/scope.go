package asl

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
func (v *variables) assign(values map[string]any) *variables {
	next := &variables{values: values}
	if v != nil {
		next.outer = v.outer
		next.values = merge(v.values, values)
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

// merge gives an object with the fields of both, where both have one that of b.
func merge(a, b map[string]any) map[string]any {
	merged := make(map[string]any, len(a)+len(b))
	for key, value := range a {
		merged[key] = value
	}
	for key, value := range b {
		merged[key] = value
	}
	return merged
}

// runtimeError is a failure that a state's own data causes, in AWS's wording.
type runtimeError struct{ Name, Cause string }

func (e *runtimeError) Error() string { return e.Name + ": " + e.Cause }

// cause is why something failed, in the words that a history shows: AWS's,
// where it has some.
type cause string

func (c cause) Error() string { return string(c) }
