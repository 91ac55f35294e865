package asl

import (
	"cmp"
	"fmt"
	"slices"
)

// Machine is a checked and compiled definition. It is immutable.
type Machine struct {
	text    string
	timeout int64 // seconds; 0 is none
	flow    *flow
	tasks   []*taskWork
	parts   []*Part
}

// maxDefinitionBytes is AWS's limit for a definition.
const maxDefinitionBytes = 1 << 20

// Load parses a definition, replaces each ${Name} with its substitution, and checks and
// compiles the result. The error is a [Problems].
func Load(definition []byte, substitutions map[string]string) (*Machine, error) {
	return load(definition, substitutions, nil)
}

// load is [Load] for JSON that may have been converted from YAML. places are then the
// positions of the JSON's lines in the YAML; otherwise it is nil.
func load(definition []byte, substitutions map[string]string, places []place) (*Machine, error) {
	if len(definition) > maxDefinitionBytes {
		return nil, Problems{{Code: SchemaValidationFailed, Message: fmt.Sprintf("the definition has %d bytes; the limit is 1 MiB", len(definition))}}
	}
	source := newSource(definition, substitutions)
	source.places = places
	l := &loader{source: source, machine: &Machine{}, unfilled: map[int]bool{}}
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
	l.machine.text = string(l.text)
	return l.machine, nil
}

// CheckExpress reports the tasks that an EXPRESS state machine cannot have: those that wait
// for a token or for the end of a job. The error is a [Problems].
func (m *Machine) CheckExpress() error {
	return m.checkTasks(func(w *taskWork) string {
		if !w.byToken {
			return ""
		}
		return fmt.Sprintf("an EXPRESS state machine does not support %s", w.action)
	})
}

// checkTasks returns a Problems with the messages that check returns, or nil.
func (m *Machine) checkTasks(check func(*taskWork) string) error {
	var problems Problems
	for _, w := range m.tasks {
		if message := check(w); message != "" {
			problem := w.resourceAt
			problem.Message = message
			problems = append(problems, problem)
		}
	}
	if problems == nil {
		return nil
	}
	return problems
}

// Definition returns the text of the definition after substitution.
func (m *Machine) Definition() string { return m.text }
