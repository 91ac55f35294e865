package expr

import (
	"fmt"
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// ReferencePath is a compiled reference path into a state's input, such as ResultPath.
// It has names and indexes only.
type ReferencePath struct {
	text  string
	steps []step
}

// CompileReferencePath compiles ResultPath: a reference path into a state's input.
func CompileReferencePath(text string) (*ReferencePath, error) {
	p, err := CompileReference(text)
	switch {
	case err != nil:
		return nil, err
	case p.kind != inputRoot:
		return nil, notReference(text, "must start with $. or $[")
	case slices.ContainsFunc(p.steps, func(s step) bool { return s.index < 0 }):
		return nil, notReference(text, "must not have negative indexes")
	}
	return &ReferencePath{text, p.steps}, nil
}

// CompileReference compiles a reference path, which has names and indexes only and finds one
// value.
func CompileReference(text string) (*Path, error) {
	p, err := CompilePath(text)
	if err == nil && (len(p.steps) < len(p.tokens) || slices.ContainsFunc(p.steps, func(s step) bool { return s.fromEnd })) {
		return nil, notReference(text, "may only have names and indexes")
	}
	return p, err
}

// CompileDataReference compiles a reference path that must not read the context object.
func CompileDataReference(text string) (*Path, error) {
	p, err := CompileReference(text)
	if err == nil && p.kind == contextRoot {
		return nil, notReference(text, "must not read the context object")
	}
	return p, err
}

func notReference(text, why string) error {
	return &Refusal{"Value is not a Reference Path", fmt.Sprintf("%q %s", text, why)}
}

// Set returns a copy of input with result at the path. It adds missing objects on the path.
// If a value on the path does not fit, the error is States.ResultPathMatchFailure.
func (r *ReferencePath) Set(input, result any) (any, error) {
	output, ok := put(input, r.steps, result)
	if !ok {
		return nil, &Error{
			Name:  resultPathMatchFailure,
			Cause: fmt.Sprintf("Unable to apply ReferencePath %s to input %s", r.text, jsonvalue.Encode(input)),
		}
	}
	return output, nil
}

func put(into any, steps []step, result any) (any, bool) {
	if len(steps) == 0 {
		return result, true
	}
	s := steps[0]
	if s.isIndex {
		array, _ := into.([]any)
		if s.index >= len(array) {
			return nil, false
		}
		item, ok := put(array[s.index], steps[1:], result)
		if !ok {
			return nil, false
		}
		array = slices.Clone(array)
		array[s.index] = item
		return array, true
	}
	object, isObject := into.(*jsonvalue.Object)
	if !isObject {
		return nil, false
	}
	below, exists := object.Get(s.name)
	if !exists && len(steps) > 1 {
		below = jsonvalue.ObjectOf()
	}
	item, ok := put(below, steps[1:], result)
	if !ok {
		return nil, false
	}
	return object.With(s.name, item), true
}
