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

// data returns the field beside which the API says whether it was truncated.
func (*ExecutionStartedDetails) data() string { return "input" }
func (*OutputDetails) data() string           { return "output" }
func (*FailureDetails) data() string          { return "" }
func (*StateEnteredDetails) data() string     { return "input" }
func (*StateExitedDetails) data() string      { return "output" }
func (*MapStateStartedDetails) data() string  { return "" }
func (*MapIterationDetails) data() string     { return "" }
func (*LambdaScheduledDetails) data() string  { return "input" }
func (*TaskScheduledDetails) data() string    { return "" }
func (*TaskStartedDetails) data() string      { return "" }
func (*TaskOutputDetails) data() string       { return "output" }
func (*TaskFailureDetails) data() string      { return "" }

// detailsKey returns the field under which the API has the details of a type.
func (t EventType) detailsKey() string {
	name := string(t)
	for _, suffix := range []string{"StateEntered", "StateExited"} {
		if strings.HasSuffix(name, suffix) {
			name = suffix
		}
	}
	return strings.ToLower(name[:1]) + name[1:] + "EventDetails"
}

// MarshalJSON writes the event as the Step Functions API does.
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
		if exited, ok := e.Details.(*StateExitedDetails); ok && exited.Assigned != nil {
			b.WriteString(`,"assignedVariablesDetails":{"truncated":false}`)
		}
		b.WriteByte('}')
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
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
	if e.Details = e.Type.newDetails(); e.Details == nil {
		return nil
	}
	details, ok := fields[e.Type.detailsKey()]
	if !ok {
		return fmt.Errorf("event %d: %s without its details", id, kind)
	}
	return json.Unmarshal(details, e.Details)
}

// newDetails returns empty details of the kind that events of this type have.
func (t EventType) newDetails() Details {
	switch t {
	case ExecutionStarted:
		return &ExecutionStartedDetails{}
	case ExecutionSucceeded, LambdaFunctionSucceeded:
		return &OutputDetails{}
	case ExecutionFailed, ExecutionTimedOut, ExecutionAborted, LambdaFunctionFailed, LambdaFunctionTimedOut:
		return &FailureDetails{}
	case LambdaFunctionScheduled:
		return &LambdaScheduledDetails{}
	case TaskScheduled:
		return &TaskScheduledDetails{}
	case TaskStarted:
		return &TaskStartedDetails{}
	case TaskSubmitted, TaskSucceeded:
		return &TaskOutputDetails{}
	case TaskFailed, TaskTimedOut:
		return &TaskFailureDetails{}
	case MapStateStarted:
		return &MapStateStartedDetails{}
	case MapIterationStarted, MapIterationSucceeded, MapIterationFailed, MapIterationAborted:
		return &MapIterationDetails{}
	}
	switch {
	case strings.HasSuffix(string(t), "StateEntered"):
		return &StateEnteredDetails{}
	case strings.HasSuffix(string(t), "StateExited"):
		return &StateExitedDetails{}
	}
	return nil
}
