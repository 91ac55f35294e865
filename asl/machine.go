package asl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Machine is a definition that has been checked and compiled. It does not
// change.
type Machine struct {
	text    string
	timeout int64 // seconds; 0 is none
	flow    *flow
	states  map[string]*state // all of them: names are unique
	tasks   []*taskWork
}

// maxDefinition is how large AWS lets a definition be, in bytes.
const maxDefinition = 1 << 20

// Load reads a definition, with each ${Name} replaced by its substitution, and
// checks it whole. What is wrong with it comes as [Problems].
func Load(definition []byte, substitutions map[string]string) (*Machine, error) {
	if len(definition) > maxDefinition {
		return nil, Problems{{Message: fmt.Sprintf("the definition has %d bytes, it may have 1 MB", len(definition))}}
	}
	l := &loader{source: source{substitute(definition, substitutions)}, machine: &Machine{states: map[string]*state{}}}
	root, problem := l.parse()
	if problem != nil {
		return nil, Problems{*problem}
	}
	l.compile(root)
	if l.jsonata != nil {
		return nil, Problems{*l.jsonata}
	}
	if len(l.problems) > 0 {
		slices.SortStableFunc(l.problems, func(a, b Problem) int {
			return cmp.Or(a.Line-b.Line, a.Column-b.Column)
		})
		return nil, l.problems
	}
	l.machine.text = string(l.source.text)
	return l.machine, nil
}

func (l *loader) compile(root *node) {
	l.substituted(root, "")
	o := l.object(root, "")
	if o == nil {
		return
	}
	if version, ok := o.text("Version"); ok && version != "1.0" {
		o.wrong("Version", `must be "1.0"`)
	}
	o.language()
	l.machine.timeout = o.integer("TimeoutSeconds", 1, maxSeconds, 0)
	l.machine.flow = l.compileFlow(o, nil)
	o.close("a state machine")
	l.explainMissing()
	l.reassigned()
}

// language reads QueryLanguage, which can only be JSONPath here.
func (o *object) language() {
	switch language, ok := o.text("QueryLanguage"); {
	case language == "JSONata" && o.jsonata == nil:
		problem := o.problem(o.field("QueryLanguage").begin, o.at("QueryLanguage"),
			"JSONata is not supported: this interpreter runs the JSONPath form of the Amazon States Language")
		o.jsonata = &problem
	case ok && language != "JSONPath":
		o.wrong("QueryLanguage", "must be JSONPath")
	}
}

// substituted reports the ${Names} that have been given no value.
func (l *loader) substituted(n *node, place string) {
	if text, ok := n.literal.(string); ok {
		for _, found := range placeholder.FindAllString(text, -1) {
			l.report(n, place, "no value is given for %s", found)
		}
	}
	for _, m := range n.members {
		l.substituted(m.node, join(place, m.name))
	}
	for i, item := range n.items {
		l.substituted(item, nth(place, i))
	}
}

// Definition is the definition's text with its substitutions filled in.
func (m *Machine) Definition() string { return m.text }

// Problem is one thing that is wrong with a definition.
type Problem struct {
	Place        string // such as "States.Pay.Catch[0].Next"; empty for the whole
	Line, Column int    // in the definition's text, from 1; 0 when not known
	Message      string
}

func (p Problem) String() string {
	where := p.Place
	if p.Line > 0 {
		where = strings.TrimSpace(fmt.Sprintf("%d:%d %s", p.Line, p.Column, where))
	}
	if where == "" {
		return p.Message
	}
	return where + ": " + p.Message
}

// Problems is everything that is wrong with a definition, in the order of its
// text.
type Problems []Problem

// Error lists the problems, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}
