package asl

import "time"

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
