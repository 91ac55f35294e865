package asl

import "pizzasaga/asl/internal/expr"

// state is a compiled state.
type state struct {
	stateType
	name     string
	work     work
	part     *Part
	leave    transition // of Next, End or Default
	terminal bool       // it has End, or is a Succeed or a Fail
	targets  []*state   // all states that can follow

	inputPath, outputPath inputPath
	parameters            *expr.Template // nil in a Map, which has an ItemSelector
	selector              *expr.Template // ResultSelector
	resultPath            resultPath
	retry                 []retrier
	catch                 []catcher
}

// transition leads from a state to the next one, or ends the flow.
type transition struct {
	next   *state // nil ends the flow
	assign *expr.Template
	part   *Part // nil in a Succeed, and in a Choice without Default
}

// stateType is what states of one type have in common.
type stateType struct {
	kind                     string    // the Type in the definition
	entered, exited, aborted EventType // empty if there is no such event
	hasRetries               bool      // the context object has a RetryCount
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

func stateKinds() (kinds []string) {
	for _, t := range stateTypes {
		kinds = append(kinds, t.kind)
	}
	return kinds
}

// work is what a state of some type does.
type work interface {
	// begin starts the work when the state is entered, and again for each retry. It
	// completes the state or makes f wait. An error fails the state.
	begin(t *turn, f *frame) error
}

// checkSize returns an error if the state's input or output is too large.
func (st *state) checkSize(bytes int) error {
	if bytes > maxPayloadBytes {
		return &expr.Error{Name: statesDataLimitExceeded, Cause: tooLarge(st.name)}
	}
	return nil
}

// MarshalText returns the state's name. A frame is saved with that only.
func (st *state) MarshalText() ([]byte, error) { return []byte(st.name), nil }

// UnmarshalText sets the state's name. link replaces the state with that of the definition.
func (st *state) UnmarshalText(name []byte) error { st.name = string(name); return nil }
