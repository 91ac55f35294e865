// Package history reads the history of an execution: the state of each event, the
// attempt, and what failed.
package history

import (
	"strings"

	"pizzasaga/asl"
)

// Event is an event of a history with its state.
type Event struct {
	asl.Event
	State   string // the name of the event's state, or ""
	Attempt int    // how often the state's task has been scheduled so far
}

// Entered reports whether the execution entered the state with this event.
func (e Event) Entered() bool { return strings.HasSuffix(string(e.Type), "StateEntered") }

// Ended reports whether the execution ended with this event.
func (e Event) Ended() bool {
	switch e.Type {
	case asl.ExecutionSucceeded, asl.ExecutionFailed, asl.ExecutionTimedOut, asl.ExecutionAborted:
		return true
	}
	return false
}

// Failure returns why an attempt of the state's task failed, or nil if the event is not
// such a failure.
func (e Event) Failure() *asl.TaskFailureDetails {
	d, _ := e.Details.(*asl.TaskFailureDetails)
	return d
}

// Reader reads the history of one execution, event by event. The zero value is
// ready to use.
type Reader struct {
	states   map[int64]string // by event id
	attempts map[string]int   // by state
}

// Next returns the execution's next event with its state. Call it with every event, in
// sequence.
func (r *Reader) Next(e asl.Event) Event {
	if r.states == nil {
		r.states, r.attempts = map[int64]string{}, map[string]int{}
	}
	state := r.states[e.PreviousID]
	switch d := e.Details.(type) {
	case *asl.StateEnteredDetails:
		state = d.Name
	case *asl.StateExitedDetails:
		state = d.Name
	}
	if e.Type == asl.TaskScheduled {
		r.attempts[state]++
	}
	r.states[e.ID] = state
	return Event{Event: e, State: state, Attempt: r.attempts[state]}
}

// Read reads a whole history.
func Read(events []asl.Event) []Event {
	var r Reader
	read := make([]Event, len(events))
	for i, e := range events {
		read[i] = r.Next(e)
	}
	return read
}
