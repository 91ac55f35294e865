package asl

import (
	"errors"
	"fmt"
	"strings"
)

// expression is what a ".$" field holds: a path or a call of an intrinsic
// function.
type expression interface {
	// get gives the expression's value, or a *runtimeError.
	get(s *scope) (any, error)
	// field is get in a payload template, where AWS names the field of a path
	// that finds nothing.
	field(s *scope, name string) (any, error)
}

// compileExpression reads the value of a ".$" field.
func compileExpression(text string) (expression, error) {
	switch {
	case strings.HasPrefix(text, "$"):
		return compilePath(text)
	case strings.HasPrefix(text, "States."):
		return compileCall(text)
	}
	return nil, fmt.Errorf("%q must be a valid JSONPath or a valid intrinsic function call", text)
}

// field gives what the path finds. Its cause names the path as it is written
// and the document that was searched.
func (p *path) field(s *scope, name string) (any, error) {
	v, err := p.get(s)
	if err == nil || err == errNullDocument {
		return v, err
	}
	searched := s.input
	if p.kind == contextRoot {
		searched = s.context()
	}
	return nil, &runtimeError{runtimeName, fmt.Sprintf(
		"The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
		p.text, name, encode(searched))}
}

// inDocument is the path's text as seen from the document that it searches.
func (p *path) inDocument() string {
	if p.kind == contextRoot {
		return p.text[1:]
	}
	return p.text
}

// template is a compiled payload template: Parameters, ResultSelector,
// ItemSelector or Assign. It is immutable, and what it holds of constants is
// shared by all that it makes.
type template struct{ root part }

// part is one value in a template.
type part interface {
	eval(s *scope) (any, error)
}

type constant struct{ value any }

// objectPart makes an object of what is written down, in its order, and then of
// what is computed, in its order, as AWS does.
type objectPart struct {
	written  []written
	computed []computed
}

type written struct {
	name  string
	value part
}

type computed struct {
	name  string // without its ".$"
	field string // with it
	value expression
}

type listPart []part

// compileTemplate reads a payload template. Its error joins one *fieldError
// for each field that is wrong.
func compileTemplate(v any) (*template, error) {
	var problems []error
	root := compilePart(v, "", &problems)
	return &template{root}, errors.Join(problems...)
}

// eval gives the template's value. Every expression sees s as it is: what an
// Assign sets is not seen by its other fields.
func (t *template) eval(s *scope) (any, error) { return t.root.eval(s) }

// fieldError is what is wrong with one field, by its place in what was
// compiled: such as "Payload.order.$" or "And[1].Variable".
type fieldError struct {
	Field string
	Err   error
}

func (e *fieldError) Error() string { return e.Field + ": " + e.Err.Error() }
func (e *fieldError) Unwrap() error { return e.Err }

func compilePart(v any, place string, problems *[]error) part {
	switch v := v.(type) {
	case *jsonObject:
		return compileObject(v, place, problems)
	case []any:
		return compileList(v, place, problems)
	}
	return constant{v}
}

func compileObject(object *jsonObject, place string, problems *[]error) part {
	var o objectPart
	fixed := true
	for _, p := range object.properties {
		at := joinPlace(place, p.name)
		if name, ok := strings.CutSuffix(p.name, ".$"); ok {
			text, isText := p.value.(string)
			e, err := compileExpression(text)
			if !isText {
				err = errors.New("its value must be a string: a JSONPath or an intrinsic function call")
			}
			if err != nil {
				*problems = append(*problems, &fieldError{at, err})
			}
			o.computed = append(o.computed, computed{name, p.name, e})
			continue
		}
		value := compilePart(p.value, at, problems)
		_, isConstant := value.(constant)
		fixed = fixed && isConstant
		o.written = append(o.written, written{p.name, value})
	}
	if fixed && len(o.computed) == 0 {
		return constant{object}
	}
	return &o
}

func joinPlace(place, key string) string {
	if place == "" {
		return key
	}
	return place + "." + key
}

func compileList(list []any, place string, problems *[]error) part {
	parts := make(listPart, len(list))
	fixed := true
	for i, item := range list {
		parts[i] = compilePart(item, fmt.Sprintf("%s[%d]", place, i), problems)
		_, isConstant := parts[i].(constant)
		fixed = fixed && isConstant
	}
	if fixed {
		return constant{list}
	}
	return parts
}

func (c constant) eval(*scope) (any, error) { return c.value, nil }

func (l listPart) eval(s *scope) (any, error) {
	list := make([]any, len(l))
	for i, p := range l {
		var err error
		if list[i], err = p.eval(s); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (o *objectPart) eval(s *scope) (any, error) {
	object := emptyObject(len(o.written) + len(o.computed))
	for i := range o.written {
		value, err := o.written[i].value.eval(s)
		if err != nil {
			return nil, err
		}
		object.set(o.written[i].name, value)
	}
	for i := range o.computed {
		c := &o.computed[i]
		value, err := c.value.field(s, c.field)
		if err != nil {
			return nil, err
		}
		object.set(c.name, value)
	}
	return object, nil
}
