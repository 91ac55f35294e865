package asl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// data names the field beside which the API says whether it was truncated.
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

// detailsKey is the field under which the API gives the details of a type.
func (t EventType) detailsKey() string {
	name := string(t)
	for _, suffix := range []string{"StateEntered", "StateExited"} {
		if strings.HasSuffix(name, suffix) {
			name = suffix
		}
	}
	return strings.ToLower(name[:1]) + name[1:] + "EventDetails"
}

// MarshalJSON gives the event as the Step Functions API does.
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
	var head struct {
		ID         int64       `json:"id"`
		PreviousID int64       `json:"previousEventId"`
		Timestamp  json.Number `json:"timestamp"`
		Type       EventType   `json:"type"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	ms, err := strconv.ParseInt(strings.Replace(head.Timestamp.String(), ".", "", 1), 10, 64)
	if err != nil {
		return fmt.Errorf("event %d: timestamp: %w", head.ID, err)
	}
	*e = Event{ID: head.ID, PreviousID: head.PreviousID, Time: time.UnixMilli(ms), Type: head.Type}
	details := fields[e.Type.detailsKey()]
	if details == nil {
		return nil
	}
	if e.Details = e.Type.newDetails(); e.Details == nil {
		return fmt.Errorf("event %d: %q has no details", e.ID, e.Type)
	}
	return json.Unmarshal(details, e.Details)
}

// newDetails are empty details of the kind that events of this type have.
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
