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
	kind     uint8 // index in eventTypes
}

// add appends the event whose id comes next. It takes memory in small steps:
// executions that wait hold what is spare. An event of a type that is not in
// eventTypes is a mistake in this package, so add panics.
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

// events returns the history as others see it.
func (h history) events() []Event {
	events := make([]Event, len(h))
	for i, e := range h {
		events[i] = Event{ID: int64(i + 1), PreviousID: int64(e.previous), Time: time.UnixMilli(e.at), Type: eventTypes[e.kind].name, Details: e.details}
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
		if _, known := eventIndexes[e.Type]; !known || e.ID != int64(i+1) {
			return fmt.Errorf("event %d is %d, a %s, which no history has there", i+1, e.ID, e.Type)
		}
		h.add(e)
	}
	return nil
}
