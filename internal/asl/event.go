package asl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Event is one entry of an execution's history, with the type, the ids and the
// details that the GetExecutionHistory API gives. It marshals to that API's
// JSON.
type Event struct {
	ID         int64 // from 1, without gaps
	PreviousID int64 // of the event that led to this one; 0 for the first two
	Time       time.Time
	Type       EventType
	Details    Details // nil where the API has none
}

// EventType is the type of an event, as the Step Functions API names it.
// Those of states are made of the state's type: "TaskStateEntered",
// "WaitStateExited", "ParallelStateAborted".
type EventType string

// The types of events that are not named after a state.
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

// Details are what an event says beside its type: one of the …Details types of
// this package, by pointer.
type Details interface{ data() string }

// ExecutionStartedDetails belong to ExecutionStarted.
type ExecutionStartedDetails struct {
	Input   Value  `json:"input"`
	RoleARN string `json:"roleArn"`
}

// OutputDetails belong to ExecutionSucceeded and LambdaFunctionSucceeded.
type OutputDetails struct {
	Output Value `json:"output"`
}

// FailureDetails belong to ExecutionFailed, ExecutionTimedOut,
// ExecutionAborted, LambdaFunctionFailed and LambdaFunctionTimedOut.
type FailureDetails struct {
	Error string `json:"error,omitempty"`
	Cause string `json:"cause,omitempty"`
}

// StateEnteredDetails belong to every …StateEntered.
type StateEnteredDetails struct {
	Name  string `json:"name"`
	Input Value  `json:"input"`
}

// StateExitedDetails belong to every …StateExited.
type StateExitedDetails struct {
	Name     string           `json:"name"`
	Output   Value            `json:"output"`
	Assigned map[string]Value `json:"assignedVariables,omitempty"` // by Assign
}

// MapStateStartedDetails belong to MapStateStarted.
type MapStateStartedDetails struct {
	Length int `json:"length"` // how many items
}

// MapIterationDetails belong to every MapIteration….
type MapIterationDetails struct {
	Name  string `json:"name"` // of the Map state
	Index int    `json:"index"`
}

// LambdaScheduledDetails belong to LambdaFunctionScheduled.
type LambdaScheduledDetails struct {
	Resource       string `json:"resource"`
	Input          Value  `json:"input"`
	TimeoutSeconds int64  `json:"timeoutInSeconds,omitempty"`
}

// TaskScheduledDetails belong to TaskScheduled.
type TaskScheduledDetails struct {
	ResourceType     string `json:"resourceType"` // such as "sqs"
	Resource         string `json:"resource"`     // such as "sendMessage"
	Region           string `json:"region"`
	Parameters       Value  `json:"parameters"`
	TimeoutSeconds   int64  `json:"timeoutInSeconds,omitempty"`
	HeartbeatSeconds int64  `json:"heartbeatInSeconds,omitempty"`
}

// TaskStartedDetails belong to TaskStarted.
type TaskStartedDetails struct {
	ResourceType string `json:"resourceType"`
	Resource     string `json:"resource"`
}

// TaskOutputDetails belong to TaskSubmitted and TaskSucceeded.
type TaskOutputDetails struct {
	ResourceType string `json:"resourceType"`
	Resource     string `json:"resource"`
	Output       Value  `json:"output"`
}

// TaskFailureDetails belong to TaskFailed and TaskTimedOut.
type TaskFailureDetails struct {
	ResourceType string `json:"resourceType"`
	Resource     string `json:"resource"`
	Error        string `json:"error,omitempty"`
	Cause        string `json:"cause,omitempty"`
}

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
