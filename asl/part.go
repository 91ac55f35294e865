package asl

import (
	"cmp"
	"slices"
)

// PartKind is the kind of a part of a definition.
type PartKind string

// The kinds of parts.
const (
	StatePart      PartKind = "state"
	TransitionPart PartKind = "transition" // a Next, End or Default
	ChoicePart     PartKind = "choice rule"
	RetrierPart    PartKind = "retrier"
	CatcherPart    PartKind = "catcher"
)

// Part is a part of a definition that an execution can take. A state is taken when it is
// entered, a transition when the execution follows it, a choice rule when it is the one that
// matches, a retrier when an error matches it, and a catcher when it catches an error.
type Part struct {
	Kind         PartKind
	Place        string // as in a Problem, such as "States.Pay.Catch[0]"; unique
	Line, Column int    // in the text of the definition, from 1; columns are bytes
	State        string // name of the state, or of the state that has the part
	Type         string // type of the state, such as "Task"; empty for other parts
	Next         string // name of the next state; empty for a state, a retrier and End
}

// Parts returns all parts of the definition, in the order of the text.
func (m *Machine) Parts() []Part {
	parts := make([]Part, len(m.parts))
	for i, p := range m.parts {
		parts[i] = *p
	}
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	return parts
}

// part adds a part to the machine.
func (f *stateFields) part(kind PartKind, offset int, place string) *Part {
	line, column := f.position(offset)
	p := &Part{Kind: kind, Place: place, Line: line, Column: column, State: f.state.name}
	f.machine.parts = append(f.machine.parts, p)
	return p
}

// leave reads a field that names the target of a transition.
func (f *stateFields) leave(from *fields, field string, by *transition) {
	f.target(from, field, func(st *state) {
		by.next = st
		if by.part != nil {
			by.part.Next = st.name
		}
	})
}

// cover reports that the execution takes a part.
func (t *turn) cover(p *Part) {
	if p != nil && t.engine.config.Cover != nil {
		t.engine.config.Cover(t.arn, *p)
	}
}
