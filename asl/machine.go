package asl

import (
	"cmp"
	"fmt"
	"slices"
)

// Machine is a definition that has been checked and compiled. It never changes.
type Machine struct {
	text    string
	timeout int64 // seconds; 0 is none
	flow    *flow
	tasks   []*taskWork
	parts   []*Part
}

// maxDefinitionBytes is AWS's limit for a definition.
const maxDefinitionBytes = 1 << 20

// Load reads a definition, replaces each ${Name} by its substitution and checks
// everything. The error is a [Problems].
func Load(definition []byte, substitutions map[string]string) (*Machine, error) {
	return load(definition, substitutions, nil)
}

// load is Load for a text whose lines stand at other places in the text that was given. If
// places is nil, it is the text that was given.
func load(definition []byte, substitutions map[string]string, places []place) (*Machine, error) {
	if len(definition) > maxDefinitionBytes {
		return nil, Problems{{Code: SchemaValidationFailed, Message: fmt.Sprintf("the definition has %d bytes; it may have 1 MB", len(definition))}}
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

// CheckExpress returns what an EXPRESS state machine cannot have: tasks that wait for a
// token or for the end of a job. The error is a [Problems].
func (m *Machine) CheckExpress() error {
	return m.checkTasks(func(w *taskWork) string {
		if !w.byToken {
			return ""
		}
		return fmt.Sprintf("an EXPRESS state machine cannot wait, as %s does", w.action)
	})
}

// Definition returns the text of the definition, with the substitutions.
func (m *Machine) Definition() string { return m.text }
