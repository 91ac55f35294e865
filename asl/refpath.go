package asl

import (
	"errors"
	"fmt"
	"slices"
)

// refPath is a compiled reference path: it names one place, with .name,
// ['name'] and [index] only. ResultPath is one.
type refPath struct {
	text  string
	steps []step
}

// compileRefPath reads a reference path into a state's input.
func compileRefPath(text string) (*refPath, error) {
	p, err := compilePath(text)
	if err != nil {
		return nil, err
	}
	switch {
	case p.kind != inputRoot:
		err = errors.New("it has to start with $. or $[")
	case !p.isReference():
		err = errors.New("it may only have names and indexes")
	case slices.ContainsFunc(p.steps, func(s step) bool { return s.isIndex && s.index < 0 }):
		err = errors.New("an index counts from 0")
	}
	if err != nil {
		return nil, fmt.Errorf("%q is not a valid reference path: %w", text, err)
	}
	return &refPath{text, p.steps}, nil
}

func (r *refPath) String() string { return r.text }

// set gives input with result at the path's place. Objects that are missing
// on the way are made; only what is on the way is copied. Where the path
// leads through anything else the error is States.ResultPathMatchFailure.
func (r *refPath) set(input, result any) (any, error) {
	output, ok := put(input, r.steps, result)
	if !ok {
		return nil, &runtimeError{
			Name:  "States.ResultPathMatchFailure",
			Cause: fmt.Sprintf("Unable to apply ReferencePath %s to input %s", r.text, encode(input)),
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
	object, isObject := into.(*jsonObject)
	if !isObject {
		return nil, false
	}
	below, exists := object.get(s.name)
	if !exists && len(steps) > 1 {
		below = newObject()
	}
	item, ok := put(below, steps[1:], result)
	if !ok {
		return nil, false
	}
	return object.with(s.name, item), true
}
