package asl

import (
	"fmt"
	"time"
)

// history has the events of an execution. It is the largest part of a waiting execution, so
// an entry takes half the memory of an [Event].
type history []entry

type entry struct {
	at       int64 // milliseconds since 1970
	details  Details
	previous int32
	kind     uint8 // index in eventTypes
}

// add appends the event with the next id. It panics if eventTypes lacks the event's type.
// The capacity grows in small steps: with many waiting executions, unused capacity would
// add up.
func (h *history) add(e Event) {
	kind, known := eventIndexes[e.Type]
	if !known {
		panic("asl: unknown type of event " + e.Type)
	}
	if len(*h) == cap(*h) {
		*h = append(make(history, 0, len(*h)+max(8, len(*h)/4)), *h...)
	}
	*h = append(*h, entry{e.Time.UnixMilli(), e.Details, int32(e.PreviousID), kind})
}

// since returns a new slice of the events after the first n.
func (h history) since(n int) []Event {
	events := make([]Event, len(h)-n)
	for i := range events {
		events[i] = h.event(n + i)
	}
	return events
}

// event returns the event with the id i+1.
func (h history) event(i int) Event {
	e := h[i]
	return Event{ID: int64(i + 1), PreviousID: int64(e.previous), Time: time.UnixMilli(e.at), Type: eventTypes[e.kind].name, Details: e.details}
}

// historyOf returns a history with these events.
func historyOf(events []Event) (history, error) {
	h := make(history, 0, len(events))
	for i, e := range events {
		if _, known := eventIndexes[e.Type]; !known || e.ID != int64(i+1) {
			return nil, fmt.Errorf("event %d has the id %d and the type %q: ids must count from 1, and types must be known", i+1, e.ID, e.Type)
		}
		h.add(e)
	}
	return h, nil
}
