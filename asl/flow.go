package asl

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// flow is a StartAt with its States: the machine itself, a branch of a Parallel
// or the processor of a Map.
type flow struct {
	parent *flow // the flow with the Parallel or Map; nil for the machine itself
	start  *state
	states map[string]*state

	// For the checks.
	node       *jsonvalue.Node // of States
	place      jsonvalue.Place
	incomplete bool // the targets of some state are not known
	lost       bool // the target of some transition is missing
}

// flow reads StartAt and States.
func (l *loader) flow(f *fields, parent *flow) *flow {
	fl := &flow{parent: parent, states: map[string]*state{}}
	f.text("Comment")
	n := f.field("States")
	f.requireFlow(parent == nil)
	if n == nil {
		return fl
	}
	fl.node, fl.place = n, f.at("States")
	states := l.fields(n, fl.place)
	if states == nil {
		return fl
	}
	if len(n.Members) == 0 {
		f.wrong("States", "needs at least one state")
		return fl
	}
	l.flows = append(l.flows, fl)
	for _, m := range n.Members {
		fl.states[m.Name] = &state{name: m.Name}
		l.checkName(m, fl.place.Field(m.Name))
	}
	if name, ok := f.text("StartAt"); ok {
		l.target(fl, f, "StartAt", name, func(st *state) { fl.start = st })
	}
	for _, m := range n.Members {
		if body := l.fields(m.Node, fl.place.Field(m.Name)); body != nil {
			(&stateFields{body, fl, fl.states[m.Name]}).compile()
		} else {
			fl.incomplete = true
		}
	}
	return fl
}

// requireFlow reports a missing StartAt or States. For the machine, AWS's message is known.
func (f *fields) requireFlow(isMachine bool) {
	var missing []string
	for _, name := range []string{"States", "StartAt"} {
		if !f.has(name) {
			missing = append(missing, name)
		}
	}
	switch {
	case missing == nil:
	case isMachine:
		f.report(f.node.Begin, f.place, "These fields are required: [%s]", strings.Join(missing, ", "))
	default:
		f.lacks(strings.Join(missing, " and "))
	}
}

// checkName reports a state name that is empty, too long or not unique.
func (l *loader) checkName(m jsonvalue.Member, place jsonvalue.Place) {
	if n := utf8.RuneCountInString(m.Name); n == 0 || n > 80 {
		l.report(m.Begin, place, "the name of a state must have 1 to 80 characters")
	}
	if other, taken := l.names[m.Name]; taken && other != place {
		l.report(m.Begin, place, "the name is already used at %s", other)
		return
	}
	if l.names == nil {
		l.names = map[string]jsonvalue.Place{}
	}
	l.names[m.Name] = place
}

// missingTarget is a transition to a state that the flow does not have.
type missingTarget struct {
	flow  *flow
	begin int // offset in the text
	place jsonvalue.Place
	field string
	name  string
	lead  func(*state)
}

// target calls lead with the state of the flow that a field names. If there is no such
// state, checkTargets reports it.
func (l *loader) target(fl *flow, f *fields, field, name string, lead func(*state)) {
	if st, ok := fl.states[name]; ok {
		lead(st)
		return
	}
	l.missing = append(l.missing, missingTarget{fl, f.field(field).Begin, f.at(field), field, name, lead})
}

// checkTargets reports transitions to missing states. For a misspelt name, lead is called
// with the state that was probably meant. For any other name the target is not known, so
// checkFlow cannot tell which states are reachable.
func (l *loader) checkTargets() {
	for _, m := range l.missing {
		message, hint := fmt.Sprintf("Missing '%s' target: %s", m.field, m.name), ""
		nearest, isMisspelt := expr.Nearest(m.name, slices.Sorted(maps.Keys(m.flow.states)))
		switch other, elsewhere := l.names[m.name]; {
		case elsewhere:
			hint = fmt.Sprintf("the state is at %s; a transition cannot enter or leave a branch or a Map", other)
			for _, fl := range l.flows {
				fl.incomplete = true
			}
		case isMisspelt:
			hint = fmt.Sprintf("did you mean %q?", nearest)
			m.lead(m.flow.states[nearest])
		default:
			m.flow.lost = true
		}
		l.reportAs(m.begin, m.place, MissingTransitionTarget, message, hint)
	}
}

// checkFlow reports states that are not reachable, and a flow without an end.
func (l *loader) checkFlow(fl *flow) {
	if fl.incomplete {
		return
	}
	if fl.start != nil && !fl.lost {
		reached := fl.reached()
		for _, m := range fl.node.Members {
			if !reached[fl.states[m.Name]] {
				l.reportAs(m.Begin, fl.place.Field(m.Name), MissingTransitionTarget, fmt.Sprintf("State %q is not reachable.", m.Name), "")
			}
		}
	}
	if !fl.ends() {
		place := fl.place
		if fl.parent == nil {
			place = ""
		}
		l.reportAs(fl.node.Begin, place, MissingEndState, "Workflow has no terminal state", "add End to a state, or add a Succeed or Fail state")
	}
}

// reached returns the states that can be reached from the start.
func (fl *flow) reached() map[*state]bool {
	reached := map[*state]bool{}
	var reach func(*state)
	reach = func(st *state) {
		if reached[st] {
			return
		}
		reached[st] = true
		for _, next := range st.targets {
			reach(next)
		}
	}
	reach(fl.start)
	return reached
}

// ends reports whether some state ends the flow.
func (fl *flow) ends() bool {
	for _, st := range fl.states {
		if st.terminal || st.kind == "Choice" && len(st.targets) == 0 {
			return true
		}
	}
	return false
}
