package asl

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// loader collects what is wrong with a definition while it is compiled.
type loader struct {
	source
	machine  *Machine
	problems Problems
	jsonata  *Problem          // the one thing to say of a definition in JSONata
	names    map[string]string // where each state's name was first seen
	missing  []missing
	assigned []assignment
}

func (l *loader) report(n *node, place, format string, args ...any) {
	l.problems = append(l.problems, l.problem(n.begin, place, fmt.Sprintf(format, args...)))
}

// object reads the fields of a JSON object. Those that nobody asks for are
// reported by close.
type object struct {
	*loader
	node  *node
	place string
	seen  map[string]bool
}

// object gives n as an object, or nil when it is none, which is reported.
func (l *loader) object(n *node, place string) *object {
	if n.kind != '{' {
		l.report(n, place, "must be an object")
		return nil
	}
	names := make(map[string]bool, len(n.members))
	for _, m := range n.members {
		if names[m.name] {
			l.problems = append(l.problems, l.problem(m.at, join(place, m.name), "is there twice"))
		}
		names[m.name] = true
	}
	return &object{l, n, place, map[string]bool{}}
}

// join gives the place of a field.
func join(place, name string) string {
	plain := name != ""
	for _, c := range name {
		plain = plain && (c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')
	}
	switch {
	case !plain:
		return place + "[" + strconv.Quote(name) + "]"
	case place == "":
		return name
	}
	return place + "." + name
}

func nth(place string, index int) string { return fmt.Sprintf("%s[%d]", place, index) }

// field gives the node of a field, or nil.
func (o *object) field(name string) *node {
	o.seen[name] = true
	for _, m := range o.node.members {
		if m.name == name {
			return m.node
		}
	}
	return nil
}

func (o *object) has(name string) bool {
	return slices.ContainsFunc(o.node.members, func(m member) bool { return m.name == name })
}

func (o *object) at(name string) string { return join(o.place, name) }

// wrong reports a problem with a field, or with the object when it lacks it.
func (o *object) wrong(name, format string, args ...any) {
	n := o.field(name)
	if n == nil {
		n = o.node
	}
	o.report(n, o.at(name), format, args...)
}

// required reports a field that is not there.
func (o *object) required(name string) bool {
	if o.has(name) {
		return true
	}
	o.report(o.node, o.place, "needs the field %s", name)
	return false
}

// exclusive reports all but the first of the fields that are there.
func (o *object) exclusive(names ...string) {
	var first string
	for _, name := range names {
		switch {
		case !o.has(name):
		case first == "":
			first = name
		default:
			o.seen[first] = true
			o.wrong(name, "cannot stand beside %s", first)
		}
	}
}

func (o *object) text(name string) (string, bool) {
	n := o.field(name)
	if n == nil {
		return "", false
	}
	text, ok := n.literal.(string)
	if !ok {
		o.wrong(name, "must be a string")
	}
	return text, ok
}

func (o *object) flag(name string) bool {
	n := o.field(name)
	if n == nil {
		return false
	}
	value, ok := n.literal.(bool)
	if !ok {
		o.wrong(name, "must be true or false")
	}
	return value
}

// integer gives a whole number from low to high, or otherwise when the field is absent.
func (o *object) integer(name string, low, high, otherwise int64) int64 {
	n := o.field(name)
	if n == nil {
		return otherwise
	}
	number, ok := n.literal.(json.Number)
	value, err := strconv.ParseInt(number.String(), 10, 64)
	if !ok || err != nil || value < low || value > high {
		o.wrong(name, "must be a whole number from %d to %d", low, high)
		return otherwise
	}
	return value
}

// number gives a number of at least low, or otherwise when the field is absent.
func (o *object) number(name string, low, otherwise float64) float64 {
	n := o.field(name)
	if n == nil {
		return otherwise
	}
	number, ok := n.literal.(json.Number)
	value, err := number.Float64()
	if !ok || err != nil || value < low {
		o.wrong(name, "must be a number of at least %v", low)
		return otherwise
	}
	return value
}

// list gives the items of an array.
func (o *object) list(name string) []*node {
	n := o.field(name)
	if n == nil {
		return nil
	}
	if n.kind != '[' {
		o.wrong(name, "must be an array")
	}
	return n.items
}

// fault reports an error of the data layer, which may join several.
func (o *object) fault(name string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			o.fault(name, one)
		}
		return
	}
	o.wrong(name, "%v", err)
}

// compiled reads a field that holds a string in a language of its own.
func compiled[T any](o *object, name string, compile func(string) (T, error)) (out T) {
	text, ok := o.text(name)
	if !ok {
		return out
	}
	out, err := compile(text)
	if err != nil {
		o.fault(name, err)
	}
	return out
}

func (o *object) template(name string) *template {
	n := o.field(name)
	if n == nil {
		return nil
	}
	if n.kind != '{' && name != "ItemSelector" { // an item may be anything
		o.wrong(name, "must be an object")
		return nil
	}
	t, err := compileTemplate(o.tree(n))
	if err != nil {
		o.fault(name, err)
	}
	return t
}

// close reports the fields that nobody asked for. What says of which kind of
// object they are no fields.
func (o *object) close(what string) {
	for _, m := range o.node.members {
		if o.seen[m.name] {
			continue
		}
		message := "is not a field of " + what
		if slices.Contains(jsonataFields, m.name) {
			message += " in JSONPath (JSONata is not supported)"
		}
		o.problems = append(o.problems, o.problem(m.at, o.at(m.name), message))
	}
}

var jsonataFields = []string{"Arguments", "Output", "Items", "Condition"}
