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

// CompileReferencePath reads a reference path into a state's input.
func CompileReferencePath(text string) (*ReferencePath, error) {
	p, err := compileReference(text)
	if err != nil {
		return nil, err
	}
	if p.kind != inputRoot {
		return nil, notReference(text, "it must start with $. or $[")
	}
	if slices.ContainsFunc(p.steps, func(s step) bool { return s.isIndex && s.index < 0 }) {
		return nil, notReference(text, "an index counts from 0")
	}
	return &ReferencePath{text, p.steps}, nil
}

// compileReference reads a reference path into any document.
func compileReference(text string) (*Path, error) {
	p, err := CompilePath(text)
	if err != nil {
		return nil, err
	}
	if p.query != nil || p.length {
		return nil, notReference(text, "it may only have names and indexes")
	}
	return p, nil
}

func notReference(text, why string) error {
	return fmt.Errorf("%q is not a reference path: %s", text, why)
}

// String returns the path as it was written.
func (r *ReferencePath) String() string { return r.text }

// Set returns a copy of input with result at the path. It adds objects that are
// missing on the path. If a value on the path does not fit, the error is
// States.ResultPathMatchFailure.
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
