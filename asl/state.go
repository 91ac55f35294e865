package asl

import "pizzasaga/asl/internal/expr"

// state is a compiled state.
type state struct {
	name    string
	kind    string // its Type
	work    work
	next    *state   // nil ends the flow
	targets []*state // all that it can lead to

	entered, exited EventType
	aborted         EventType // empty for the types that have no such event

	inputPath, outputPath inputPath
	parameters            *expr.Template // nil in a Map, which has an ItemSelector
	selector              *expr.Template
	resultPath            resultPath
	assign                *expr.Template
	retry                 []retrier
	catch                 []catcher
}

// work is what a state of some type does.
type work interface {
	// begin does it, from entering the state on, and again when it is retried. It
	// completes the state or leaves f waiting for something. An error fails the
	// state.
	begin(t *turn, f *frame) error
}

// stateFields reads the fields of a state.
type stateFields struct {
	*fields
	flow  *flow
	state *state
}

func (l *loader) state(f *stateFields) {
	f.text("Comment")
	f.queryLanguage()
	f.require("Type")
	kind, named := f.text("Type")
	st := f.state
	switch kind {
	case "Pass":
		st.work = compilePass(f)
	case "Task":
		st.work = compileTask(f)
	case "Choice":
		st.work = compileChoice(f)
	case "Wait":
		st.work = compileWait(f)
	case "Succeed":
		st.work = compileSucceed(f)
	case "Fail":
		st.work = compileFail(f)
	case "Parallel":
		st.work = compileParallel(f)
	case "Map":
		st.work = compileMap(f)
	default:
		if named {
			f.wrong("Type", "must be Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map")
		}
		f.flow.incomplete = true
		return
	}
	f.reportUnknown("a " + kind + " state")
	st.kind, st.entered, st.exited = kind, EventType(kind+"StateEntered"), EventType(kind+"StateExited")
	switch kind {
	case "Task", "Wait", "Parallel", "Map":
		st.aborted = EventType(kind + "StateAborted")
	}
}

// transition reads Next and End, of which a state has one.
func (f *stateFields) transition() {
	f.exclusive("Next", "End")
	switch {
	case f.has("End"):
		if !f.flag("End") {
			f.wrong("End", "must be true; leave it out where there is a Next")
		}
	case f.has("Next"):
		f.target(f.fields, "Next", func(st *state) { f.state.next = st })
	default:
		f.lacks("Next or End")
		f.flow.incomplete = true
	}
}

// target has a field of from, which names a state of the same flow, lead there.
func (f *stateFields) target(from *fields, field string, lead func(*state)) {
	name, ok := from.text(field)
	if !ok {
		return
	}
	f.loader.target(f.flow, from, field, name, func(st *state) {
		f.state.targets = append(f.state.targets, st)
		lead(st)
	})
}
