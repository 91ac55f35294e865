package asl

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// loader reads a definition and collects its problems.
type loader struct {
	source
	machine  *Machine
	problems Problems
	unfilled map[int]bool               // offsets of strings with a placeholder that has no value
	jsonata  *Problem                   // the only problem to report if the definition is in JSONata
	names    map[string]jsonvalue.Place // of states, with the place of the first state of each name
	flows    []*flow
	missing  []missingTarget
	assigned []assignedVariable
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// parse parses the text as JSON, with the position of each value.
func (l *loader) parse() (*jsonvalue.Node, *Problem) {
	if bytes.HasPrefix(l.text, byteOrderMark) {
		problem := l.problem(0, "", "the definition begins with a byte order mark (U+FEFF); save it as UTF-8 without one")
		return nil, &problem
	}
	root, err := jsonvalue.Parse(l.text)
	if syntax, ok := errors.AsType[*jsonvalue.SyntaxError](err); ok {
		problem := l.problem(syntax.Offset, "", "not valid JSON: "+syntax.Message)
		if len(bytes.TrimSpace(l.text)) > 0 {
			problem.Code = InvalidJSONDescription
		}
		if at := placeholder.FindIndex(l.text[syntax.Offset:]); at != nil && at[0] == 0 {
			problem.Hint = "a placeholder must be inside a string, because substitutions are strings"
		}
		return nil, &problem
	}
	return root, nil
}

// compile compiles the whole definition into l.machine.
func (l *loader) compile(root *jsonvalue.Node) {
	if !root.IsObject() {
		l.report(root.Begin, "", "a definition must be an object")
		return
	}
	l.checkText(root, "")
	f := l.fields(root, "")
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

// fields returns the fields of an object. If n is not an object, it reports that and
// returns nil.
func (l *loader) fields(n *jsonvalue.Node, place jsonvalue.Place) *fields {
	if !n.IsObject() {
		l.report(n.Begin, place, "must be an object")
		return nil
	}
	return &fields{loader: l, node: n, place: place, read: map[string]bool{}}
}

// problem returns a problem at an offset of the text.
func (l *loader) problem(offset int, place jsonvalue.Place, message string) Problem {
	line, column := l.position(offset)
	return Problem{Place: string(place), Line: line, Column: column, Code: SchemaValidationFailed, Message: message}
}

// report adds a problem. If a string has a placeholder without a value, only that is
// reported.
func (l *loader) report(offset int, place jsonvalue.Place, format string, args ...any) {
	l.add(offset, l.problem(offset, place, fmt.Sprintf(format, args...)))
}

func (l *loader) add(offset int, p Problem) {
	if !l.unfilled[offset] {
		l.problems = append(l.problems, p)
	}
}

// reportAs is like report, with AWS's code and message, and a hint.
func (l *loader) reportAs(offset int, place jsonvalue.Place, code Code, message, hint string) {
	p := l.problem(offset, place, message)
	p.Code, p.Hint = code, hint
	l.add(offset, p)
}

func (l *loader) reportFaults(faults ...expr.Fault) {
	for _, f := range faults {
		if refusal, ok := errors.AsType[*expr.Refusal](f.Err); ok {
			l.reportAs(f.Offset, f.Place, SchemaValidationFailed, refusal.Text, refusal.Hint)
		} else {
			l.report(f.Offset, f.Place, "%v", f.Err)
		}
	}
}

// checkText reports duplicate names in objects, and placeholders without a value.
func (l *loader) checkText(n *jsonvalue.Node, place jsonvalue.Place) {
	if text, ok := n.Value.(string); ok {
		l.checkSubstituted(text, n.Begin, place)
	}
	seen := make(map[string]bool, len(n.Members))
	for _, m := range n.Members {
		l.checkSubstituted(m.Name, m.Begin, place.Field(m.Name))
		if seen[m.Name] {
			l.report(m.Begin, place.Field(m.Name), "is a duplicate name")
		}
		seen[m.Name] = true
		l.checkText(m.Node, place.Field(m.Name))
	}
	for i, item := range n.Items {
		l.checkText(item, place.Item(i))
	}
}

func (l *loader) checkSubstituted(text string, offset int, place jsonvalue.Place) {
	if names := placeholder.FindAllString(text, -1); names != nil {
		verb := "has"
		if len(names) > 1 {
			verb = "have"
		}
		l.report(offset, place, "%s %s no value in the substitutions", strings.Join(names, ", "), verb)
		l.unfilled[offset] = true
	}
}

// assignedVariable is a variable in an Assign.
type assignedVariable struct {
	flow  *flow
	name  string
	begin int // offset in the text
	place jsonvalue.Place
}

// checkAssigned reports variables of a flow that an enclosing flow also assigns.
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
				l.report(a.begin, a.place, "is also assigned at %s: a branch cannot assign a variable of an outer scope", other)
				break
			}
		}
	}
}
