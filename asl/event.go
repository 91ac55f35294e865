package asl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Event is one entry of an execution's history, with the type, the ids and the details that
// the GetExecutionHistory API returns. Its JSON is that of the API.
type Event struct {
	ID         int64 // from 1, without gaps
	PreviousID int64 // of the event that led to this one; 0 for the first two, ExecutionTimedOut and ExecutionAborted
	Time       time.Time
	Type       EventType
	Details    Details // nil if the API has none
}

// MarshalJSON returns the event as the Step Functions API does.
func (e Event) MarshalJSON() ([]byte, error) {
	ms := e.Time.UnixMilli()
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"id":%d,"previousEventId":%d,"timestamp":%d.%03d,"type":%q`,
		e.ID, e.PreviousID, ms/1000, ms%1000, e.Type)
	if e.Details != nil {
		details, err := json.Marshal(e.Details)
		if err != nil {
			return nil, fmt.Errorf("marshal event %d: %w", e.ID, err)
		}
		fmt.Fprintf(&b, `,%q:%s`, e.Type.detailsKey(), details[:len(details)-1])
		if field := e.Details.data(); field != "" {
			fmt.Fprintf(&b, `,"%sDetails":{"truncated":false}`, field)
		}
		if exited, ok := e.Details.(*StateExitedDetails); ok && len(exited.Assigned) > 0 {
			b.WriteString(`,"assignedVariablesDetails":{"truncated":false}`)
		}
		b.WriteByte('}')
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads what MarshalJSON returns.
func (e *Event) UnmarshalJSON(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	var kind string
	err := json.Unmarshal(fields["type"], &kind)
	id, errID := strconv.ParseInt(string(fields["id"]), 10, 64)
	previous, errPrevious := strconv.ParseInt(string(fields["previousEventId"]), 10, 64)
	ms, errTime := strconv.ParseInt(strings.Replace(string(fields["timestamp"]), ".", "", 1), 10, 64)
	if err := errors.Join(err, errID, errPrevious, errTime); err != nil {
		return fmt.Errorf("event %s: %w", fields["id"], err)
	}
	*e = Event{ID: id, PreviousID: previous, Time: time.UnixMilli(ms), Type: EventType(kind)}
	if index, known := eventIndexes[e.Type]; known {
		e.Details = eventTypes[index].newDetails()
	}
	if e.Details == nil {
		return nil
	}
	details, ok := fields[e.Type.detailsKey()]
	if !ok {
		return fmt.Errorf("event %d: %s has no details", id, kind)
	}
	return json.Unmarshal(details, e.Details)
}
