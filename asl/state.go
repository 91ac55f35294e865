package asl

import (
	"slices"

	"pizzasaga/asl/internal/expr"
)

// state is a compiled state.
type state struct {
	stateType
	name    string
	work    work
	next    *state   // nil ends the flow
	targets []*state // all that it can lead to

	inputPath, outputPath inputPath
	parameters            *expr.Template // nil in a Map, which has an ItemSelector
	selector              *expr.Template
	resultPath            resultPath
	assign                *expr.Template
	retry                 []retrier
	catch                 []catcher
}

// MarshalText saves a state as its name.
func (st *state) MarshalText() ([]byte, error) { return []byte(st.name), nil }

// UnmarshalText makes a state that is no more than its name.
func (st *state) UnmarshalText(name []byte) error { st.name = string(name); return nil }

// stateType is what the interpreter knows of a type of state.
type stateType struct {
	kind                     string    // the definition's Type
	entered, exited, aborted EventType // empty if there is no such event
	hasRetries               bool      // the context object counts them
}

var stateTypes = []stateType{
	{kind: "Pass", entered: "PassStateEntered", exited: "PassStateExited"},
	{kind: "Task", entered: "TaskStateEntered", exited: "TaskStateExited", aborted: "TaskStateAborted", hasRetries: true},
	{kind: "Choice", entered: "ChoiceStateEntered", exited: "ChoiceStateExited"},
	{kind: "Wait", entered: "WaitStateEntered", exited: "WaitStateExited", aborted: "WaitStateAborted"},
	{kind: "Succeed", entered: "SucceedStateEntered", exited: "SucceedStateExited"},
	{kind: "Fail", entered: "FailStateEntered"},
	{kind: "Parallel", entered: "ParallelStateEntered", exited: "ParallelStateExited", aborted: "ParallelStateAborted", hasRetries: true},
	{kind: "Map", entered: "MapStateEntered", exited: "MapStateExited", aborted: "MapStateAborted", hasRetries: true},
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

// compile reads the state.
func (f *stateFields) compile() {
	f.text("Comment")
	f.queryLanguage()
	f.require("Type")
	kind, named := f.text("Type")
	i := slices.IndexFunc(stateTypes, func(t stateType) bool { return t.kind == kind })
	if i < 0 {
		if named {
			f.wrong("Type", "must be Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map")
		}
		f.flow.incomplete = true
		return
	}
	f.state.stateType, f.state.work = stateTypes[i], f.work(kind)
	f.reportUnknown("a " + kind + " state")
}

func (f *stateFields) work(kind string) work {
	switch kind {
	case "Pass":
		return compilePass(f)
	case "Task":
		return compileTask(f)
	case "Choice":
		return compileChoice(f)
	case "Wait":
		return compileWait(f)
	case "Succeed":
		return compileSucceed(f)
	case "Fail":
		return compileFail(f)
	case "Parallel":
		return compileParallel(f)
	default:
		return compileMap(f)
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
