package asl

import (
	"slices"
	"strings"
)

// EventType is the type of an event in the Step Functions API. The types of most events of
// a state begin with the type of the state: "TaskStateEntered", "WaitStateExited",
// "ParallelStateAborted".
type EventType string

// The types of all other events.
const (
	ExecutionStarted   EventType = "ExecutionStarted"
	ExecutionSucceeded EventType = "ExecutionSucceeded"
	ExecutionFailed    EventType = "ExecutionFailed"
	ExecutionTimedOut  EventType = "ExecutionTimedOut"
	ExecutionAborted   EventType = "ExecutionAborted"

	LambdaFunctionScheduled EventType = "LambdaFunctionScheduled"
	LambdaFunctionStarted   EventType = "LambdaFunctionStarted"
	LambdaFunctionSucceeded EventType = "LambdaFunctionSucceeded"
	LambdaFunctionFailed    EventType = "LambdaFunctionFailed"
	LambdaFunctionTimedOut  EventType = "LambdaFunctionTimedOut"

	TaskScheduled EventType = "TaskScheduled"
	TaskStarted   EventType = "TaskStarted"
	TaskSubmitted EventType = "TaskSubmitted"
	TaskSucceeded EventType = "TaskSucceeded"
	TaskFailed    EventType = "TaskFailed"
	TaskTimedOut  EventType = "TaskTimedOut"

	ParallelStateStarted   EventType = "ParallelStateStarted"
	ParallelStateSucceeded EventType = "ParallelStateSucceeded"
	ParallelStateFailed    EventType = "ParallelStateFailed"

	MapStateStarted       EventType = "MapStateStarted"
	MapStateSucceeded     EventType = "MapStateSucceeded"
	MapStateFailed        EventType = "MapStateFailed"
	MapIterationStarted   EventType = "MapIterationStarted"
	MapIterationSucceeded EventType = "MapIterationSucceeded"
	MapIterationFailed    EventType = "MapIterationFailed"
	MapIterationAborted   EventType = "MapIterationAborted"
)

// eventType is a type of event that the interpreter records.
type eventType struct {
	name       EventType
	newDetails func() Details // returns nil if the API has none
}

// eventTypes are all types of events.
var eventTypes = slices.Concat(
	typesOf(with[ExecutionStartedDetails], ExecutionStarted),
	typesOf(with[OutputDetails], ExecutionSucceeded, LambdaFunctionSucceeded),
	typesOf(with[FailureDetails], ExecutionFailed, ExecutionTimedOut, ExecutionAborted, LambdaFunctionFailed, LambdaFunctionTimedOut),
	typesOf(with[LambdaScheduledDetails], LambdaFunctionScheduled),
	typesOf(with[TaskScheduledDetails], TaskScheduled),
	typesOf(with[TaskStartedDetails], TaskStarted),
	typesOf(with[TaskOutputDetails], TaskSubmitted, TaskSucceeded),
	typesOf(with[TaskFailureDetails], TaskFailed, TaskTimedOut),
	typesOf(with[MapStateStartedDetails], MapStateStarted),
	typesOf(with[MapIterationDetails], MapIterationStarted, MapIterationSucceeded, MapIterationFailed, MapIterationAborted),
	typesOf(without, LambdaFunctionStarted, ParallelStateStarted, ParallelStateSucceeded, ParallelStateFailed, MapStateSucceeded, MapStateFailed),
	stateEventTypes(),
)

// eventIndexes maps each type to its index in eventTypes.
var eventIndexes = func() map[EventType]uint8 {
	indexes := make(map[EventType]uint8, len(eventTypes))
	for i, t := range eventTypes {
		indexes[t.name] = uint8(i)
	}
	return indexes
}()

func with[D any, P interface {
	*D
	Details
}]() Details {
	return P(new(D))
}

func without() Details { return nil }

func typesOf(newDetails func() Details, names ...EventType) []eventType {
	types := make([]eventType, len(names))
	for i, name := range names {
		types[i] = eventType{name, newDetails}
	}
	return types
}

func stateEventTypes() (types []eventType) {
	for _, st := range stateTypes {
		types = append(types,
			eventType{st.entered, with[StateEnteredDetails]},
			eventType{st.exited, with[StateExitedDetails]},
			eventType{st.aborted, without})
	}
	return slices.DeleteFunc(types, func(t eventType) bool { return t.name == "" })
}

// detailsKey returns the name of the API's field for the details.
func (t EventType) detailsKey() string {
	name := string(t)
	for _, suffix := range []string{"StateEntered", "StateExited"} {
		if strings.HasSuffix(name, suffix) {
			name = suffix
		}
	}
	return strings.ToLower(name[:1]) + name[1:] + "EventDetails"
}
