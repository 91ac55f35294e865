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

// load is Load for a text that was converted from another one, in which places are the
// positions of its lines. places is nil if the text was not converted.
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

// Definition returns the text of the definition after substitution.
func (m *Machine) Definition() string { return m.text }
