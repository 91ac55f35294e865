package asl

// Details are the details of an event: a pointer to one of the …Details types of
// this package.
type Details interface {
	// data returns the name of the field for which the API reports whether it was
	// truncated, or an empty string.
	data() string
}

// ExecutionStartedDetails are the details of ExecutionStarted.
type ExecutionStartedDetails struct {
	Input   Value  `json:"input"`
	RoleARN string `json:"roleArn"`
}

func (*ExecutionStartedDetails) data() string { return "input" }

// OutputDetails are the details of ExecutionSucceeded and LambdaFunctionSucceeded.
type OutputDetails struct {
	Output Value `json:"output"`
}

func (*OutputDetails) data() string { return "output" }

// FailureDetails are the details of ExecutionFailed, ExecutionTimedOut,
// ExecutionAborted, LambdaFunctionFailed and LambdaFunctionTimedOut.
type FailureDetails struct {
	Error string `json:"error,omitempty"`
	Cause string `json:"cause,omitempty"`
}

func (*FailureDetails) data() string { return "" }

// StateEnteredDetails are the details of every …StateEntered.
type StateEnteredDetails struct {
	Name  string `json:"name"`
	Input Value  `json:"input"`
}

func (*StateEnteredDetails) data() string { return "input" }

// StateExitedDetails are the details of every …StateExited.
type StateExitedDetails struct {
	Name     string           `json:"name"`
	Output   Value            `json:"output"`
	Assigned map[string]Value `json:"assignedVariables,omitempty"` // the variables set by Assign
}

func (*StateExitedDetails) data() string { return "output" }

// MapStateStartedDetails are the details of MapStateStarted.
type MapStateStartedDetails struct {
	Length int `json:"length"` // number of items
}

func (*MapStateStartedDetails) data() string { return "" }

// MapIterationDetails are the details of every MapIteration….
type MapIterationDetails struct {
	Name  string `json:"name"` // of the Map state
	Index int    `json:"index"`
}

func (*MapIterationDetails) data() string { return "" }

// LambdaScheduledDetails are the details of LambdaFunctionScheduled.
type LambdaScheduledDetails struct {
	Resource       string `json:"resource"`
	Input          Value  `json:"input"`
	TimeoutSeconds int64  `json:"timeoutInSeconds,omitempty"`
}

func (*LambdaScheduledDetails) data() string { return "input" }

// TaskScheduledDetails are the details of TaskScheduled.
type TaskScheduledDetails struct {
	ResourceType     string `json:"resourceType"` // such as "sqs"
	Resource         string `json:"resource"`     // such as "sendMessage"
	Region           string `json:"region"`
	Parameters       Value  `json:"parameters"`
	TimeoutSeconds   int64  `json:"timeoutInSeconds,omitempty"`
	HeartbeatSeconds int64  `json:"heartbeatInSeconds,omitempty"`
}

func (*TaskScheduledDetails) data() string { return "" }

// TaskStartedDetails are the details of TaskStarted.
type TaskStartedDetails struct {
	ResourceType string `json:"resourceType"`
	Resource     string `json:"resource"`
}

func (*TaskStartedDetails) data() string { return "" }

// TaskOutputDetails are the details of TaskSubmitted and TaskSucceeded.
type TaskOutputDetails struct {
	ResourceType string `json:"resourceType"`
	Resource     string `json:"resource"`
	Output       Value  `json:"output"`
}

func (*TaskOutputDetails) data() string { return "output" }

// TaskFailureDetails are the details of TaskFailed and TaskTimedOut.
type TaskFailureDetails struct {
	ResourceType string `json:"resourceType"`
	Resource     string `json:"resource"`
	Error        string `json:"error,omitempty"`
	Cause        string `json:"cause,omitempty"`
}

func (*TaskFailureDetails) data() string { return "" }
