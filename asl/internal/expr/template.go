package expr

import (
	"errors"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// Template is a compiled payload template: Parameters, ResultSelector, ItemSelector or
// Assign. The values that it returns share its constants.
type Template struct{ root part }

// part is one value in a template.
type part interface {
	eval(s *Scope) (any, error)
}

type constantPart struct{ value any }

// objectPart creates an object. As on AWS, the ".$" fields come last.
type objectPart struct {
	written  []writtenField
	computed []computedField
}

type writtenField struct {
	name  string
	value part
}

type computedField struct {
	name  string // without its ".$"
	field string // with it
	value Expression
}

type arrayPart []part

// CompileTemplate compiles the payload template at a place in the definition.
func CompileTemplate(n *jsonvalue.Node, place jsonvalue.Place) (*Template, []Fault) {
	var c templateCompiler
	root := c.part(n, place)
	return &Template{root}, c.faults
}

// Eval returns the template's value, or an *[Error].
func (t *Template) Eval(s *Scope) (any, error) { return t.root.eval(s) }

// templateCompiler collects the faults of a template.
type templateCompiler struct{ faults []Fault }

func (c *templateCompiler) part(n *jsonvalue.Node, place jsonvalue.Place) part {
	switch {
	case n.IsObject():
		return c.object(n, place)
	case n.IsArray():
		return c.array(n, place)
	}
	return constantPart{n.Value}
}

func (c *templateCompiler) object(n *jsonvalue.Node, place jsonvalue.Place) part {
	var o objectPart
	constant := true
	for _, m := range n.Members {
		if name, ok := strings.CutSuffix(m.Name, ".$"); ok {
			o.computed = append(o.computed, computedField{name, m.Name, c.expression(m.Node, place.Field(m.Name))})
			continue
		}
		value := c.part(m.Node, place.Field(m.Name))
		_, isConstant := value.(constantPart)
		constant = constant && isConstant
		o.written = append(o.written, writtenField{m.Name, value})
	}
	if constant && len(o.computed) == 0 {
		return constantPart{n.Value}
	}
	return &o
}

func (c *templateCompiler) expression(n *jsonvalue.Node, place jsonvalue.Place) Expression {
	text, isText := n.Value.(string)
	if !isText {
		c.report(n, place, errors.New("must be a string: a JSONPath or an intrinsic function call"))
		return nil
	}
	e, err := compileExpression(text)
	if err != nil {
		c.report(n, place, err)
	}
	return e
}

func (c *templateCompiler) report(n *jsonvalue.Node, place jsonvalue.Place, err error) {
	c.faults = append(c.faults, Fault{n.Begin, place, err})
}

func (c *templateCompiler) array(n *jsonvalue.Node, place jsonvalue.Place) part {
	parts := make(arrayPart, len(n.Items))
	constant := true
	for i, item := range n.Items {
		parts[i] = c.part(item, place.Item(i))
		_, isConstant := parts[i].(constantPart)
		constant = constant && isConstant
	}
	if constant {
		return constantPart{n.Value}
	}
	return parts
}

func (c constantPart) eval(*Scope) (any, error) { return c.value, nil }

func (parts arrayPart) eval(s *Scope) (any, error) {
	array := make([]any, len(parts))
	for i, p := range parts {
		var err error
		if array[i], err = p.eval(s); err != nil {
			return nil, err
		}
	}
	return array, nil
}

func (o *objectPart) eval(s *Scope) (any, error) {
	object := jsonvalue.ObjectWithRoom(len(o.written) + len(o.computed))
	for i := range o.written {
		value, err := o.written[i].value.eval(s)
		if err != nil {
			return nil, err
		}
		object.Set(o.written[i].name, value)
	}
	for i := range o.computed {
		c := &o.computed[i]
		value, err := c.value.Field(s, c.field)
		if err != nil {
			return nil, err
		}
		object.Set(c.name, value)
	}
	return object, nil
}
