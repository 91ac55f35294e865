package asl

import (
	"encoding/json"
	"fmt"
	"time"
)

// history is the events of an execution so far. Executions that wait hold
// little else, so an event is kept in half the memory that an [Event] takes.
type history []entry

type entry struct {
	at       int64 // milliseconds since 1970
	details  Details
	previous int32
	kind     uint8 // its place in eventTypes
}

// eventTypes are all types of events that the interpreter writes.
var eventTypes = []EventType{
	ExecutionStarted, ExecutionSucceeded, ExecutionFailed, ExecutionTimedOut, ExecutionAborted,
	LambdaFunctionScheduled, LambdaFunctionStarted, LambdaFunctionSucceeded, LambdaFunctionFailed, LambdaFunctionTimedOut,
	TaskScheduled, TaskStarted, TaskSubmitted, TaskSucceeded, TaskFailed, TaskTimedOut,
	ParallelStateStarted, ParallelStateSucceeded, ParallelStateFailed,
	MapStateStarted, MapStateSucceeded, MapStateFailed,
	MapIterationStarted, MapIterationSucceeded, MapIterationFailed, MapIterationAborted,
	"PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited",
	"SucceedStateEntered", "SucceedStateExited", "FailStateEntered",
	"TaskStateEntered", "TaskStateExited", "TaskStateAborted", "WaitStateEntered", "WaitStateExited", "WaitStateAborted",
	"ParallelStateEntered", "ParallelStateExited", "ParallelStateAborted", "MapStateEntered", "MapStateExited", "MapStateAborted",
}

var eventKinds = func() map[EventType]uint8 {
	kinds := make(map[EventType]uint8, len(eventTypes))
	for i, t := range eventTypes {
		kinds[t] = uint8(i)
	}
	return kinds
}()

// add appends an event whose id is the one that follows. It takes memory in
// small steps: executions that wait hold what is spare.
func (h *history) add(e Event) {
	if len(*h) == cap(*h) {
		*h = append(make(history, 0, len(*h)+max(8, len(*h)/4)), *h...)
	}
	*h = append(*h, entry{e.Time.UnixMilli(), e.Details, int32(e.PreviousID), eventKinds[e.Type]})
}

// events returns the history as others see it.
func (h history) events() []Event {
	events := make([]Event, len(h))
	for i, e := range h {
		events[i] = Event{ID: int64(i + 1), PreviousID: int64(e.previous), Time: time.UnixMilli(e.at), Type: eventTypes[e.kind], Details: e.details}
	}
	return events
}

// MarshalJSON writes the events as the Step Functions API does.
func (h history) MarshalJSON() ([]byte, error) { return json.Marshal(h.events()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (h *history) UnmarshalJSON(text []byte) error {
	var events []Event
	if err := json.Unmarshal(text, &events); err != nil {
		return err
	}
	*h = make(history, 0, len(events))
	for i, e := range events {
		if _, known := eventKinds[e.Type]; !known || e.ID != int64(i+1) {
			return fmt.Errorf("event %d is %d, a %s, which no history has there", i+1, e.ID, e.Type)
		}
		h.add(e)
	}
	return nil
}
