package asl

import (
	"bytes"
	"errors"
	"fmt"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// loader reads a definition and collects what is wrong with it.
type loader struct {
	text     []byte
	machine  *Machine
	problems Problems
	jsonata  *Problem                   // the one thing to say of a definition in JSONata
	names    map[string]jsonvalue.Place // where each state's name was first seen
	flows    []*flow
	missing  []missingTarget
	assigned []assignedVariable
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// parse reads the text as one JSON value that knows where everything stands.
func (l *loader) parse() (*jsonvalue.Node, *Problem) {
	if bytes.HasPrefix(l.text, byteOrderMark) {
		problem := l.problem(0, "", "the definition begins with a byte order mark (U+FEFF); save it as UTF-8 without one")
		return nil, &problem
	}
	root, err := jsonvalue.Parse(l.text)
	if syntax, ok := errors.AsType[*jsonvalue.SyntaxError](err); ok {
		problem := l.problem(syntax.Offset, "", "not valid JSON: "+syntax.Message)
		return nil, &problem
	}
	return root, nil
}

// compile reads the whole definition into l.machine.
func (l *loader) compile(root *jsonvalue.Node) {
	l.checkSubstituted(root, "")
	f := l.fields(root, "")
	if f == nil {
		return
	}
	if version, ok := f.text("Version"); ok && version != "1.0" {
		f.wrong("Version", `must be "1.0"`)
	}
	f.queryLanguage()
	l.machine.timeout = f.integer("TimeoutSeconds", 1, maxSeconds, 0)
	l.machine.flow = l.flow(f, nil)
	f.reportUnknown("a state machine")
	l.checkTargets()
	for _, fl := range l.flows {
		l.checkFlow(fl)
	}
	l.checkAssigned()
}

// fields returns the reader of an object, or nil if n is none, which is reported.
// A name that comes twice is reported, too.
func (l *loader) fields(n *jsonvalue.Node, place jsonvalue.Place) *fields {
	if !n.IsObject() {
		l.report(n.Begin, place, "must be an object")
		return nil
	}
	seen := make(map[string]bool, len(n.Members))
	for _, m := range n.Members {
		if seen[m.Name] {
			l.report(m.Begin, place.Field(m.Name), "is there twice")
		}
		seen[m.Name] = true
	}
	return &fields{loader: l, node: n, place: place, read: map[string]bool{}}
}

// problem returns a problem at an offset of the text.
func (l *loader) problem(offset int, place jsonvalue.Place, message string) Problem {
	before := l.text[:min(offset, len(l.text))]
	return Problem{
		Place:   string(place),
		Line:    1 + bytes.Count(before, []byte("\n")),
		Column:  len(before) - bytes.LastIndexByte(before, '\n'),
		Message: message,
	}
}

func (l *loader) report(offset int, place jsonvalue.Place, format string, args ...any) {
	l.problems = append(l.problems, l.problem(offset, place, fmt.Sprintf(format, args...)))
}

func (l *loader) reportFaults(faults []expr.Fault) {
	for _, f := range faults {
		l.report(f.Offset, f.Place, "%s", f.Message)
	}
}

// checkSubstituted reports the ${Names} that have been given no value.
func (l *loader) checkSubstituted(n *jsonvalue.Node, place jsonvalue.Place) {
	if text, ok := n.Value.(string); ok {
		for _, name := range placeholder.FindAllString(text, -1) {
			l.report(n.Begin, place, "no value is given for %s", name)
		}
	}
	for _, m := range n.Members {
		l.checkSubstituted(m.Node, place.Field(m.Name))
	}
	for i, item := range n.Items {
		l.checkSubstituted(item, place.Item(i))
	}
}

// assignedVariable is a name that an Assign sets.
type assignedVariable struct {
	flow  *flow
	name  string
	begin int // offset in the text
	place jsonvalue.Place
}

// checkAssigned reports the variables of a branch or an iteration that a flow
// around it assigns, too.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
func (l *loader) checkAssigned() {
	type variable struct {
		flow *flow
		name string
	}
	places := map[variable]jsonvalue.Place{}
	for _, a := range l.assigned {
		places[variable{a.flow, a.name}] = a.place
	}
	for _, a := range l.assigned {
		for around := a.flow.parent; around != nil; around = around.parent {
			if other, ok := places[variable{around, a.name}]; ok {
				l.report(a.begin, a.place, "is assigned at %s, too: a branch cannot assign what is assigned around it", other)
				break
			}
		}
	}
}
