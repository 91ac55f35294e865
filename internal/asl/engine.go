package asl

import (
	"context"
	"errors"
	"time"
)

// The errors that an Engine's methods give, named as in the Step Functions
// API. They come wrapped, with what was asked for.
var (
	ErrExecutionAlreadyExists = errors.New("ExecutionAlreadyExists")
	ErrExecutionDoesNotExist  = errors.New("ExecutionDoesNotExist")
	ErrInvalidName            = errors.New("InvalidName")
	ErrInvalidExecutionInput  = errors.New("InvalidExecutionInput")
	ErrInvalidOutput          = errors.New("InvalidOutput")
	ErrInvalidToken           = errors.New("InvalidToken")
	ErrTaskDoesNotExist       = errors.New("TaskDoesNotExist")
	ErrTaskTimedOut           = errors.New("TaskTimedOut")
	ErrClosed                 = errors.New("engine is closed")
)

// Config is what an Engine is made of. Machine is required.
type Config struct {
	Machine *Machine

	// Resources do the work of Task states. The key is the integration's name
	// as in its ARN: "lambda:invoke", "sqs:sendMessage" (which also serves
	// sqs:sendMessage.waitForTaskToken), "dynamodb:updateItem"; "lambda" stands
	// for a function's own ARN.
	Resources map[string]Resource

	// Observe, when set, gets each history event as it happens; those of one
	// execution in order. It must return soon and must not call the engine.
	Observe func(executionARN string, e Event)

	Name    string // of the state machine; "StateMachine" when empty
	Region  string // "us-east-1" when empty
	Account string // "123456789012" when empty
	RoleARN string // the role that histories name; derived from Name when empty

	// KeepEnded is how many ended executions can still be described; the
	// oldest are forgotten first. 10,000 when 0.
	KeepEnded int
}

// Status is how an execution stands, as the Step Functions API names it.
type Status string

// The statuses of an execution.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)

// Execution describes one execution as it stood when it was asked for.
type Execution struct {
	ARN             string
	Name            string
	StateMachineARN string
	Status          Status
	Input           Value
	Output          Value  // when Succeeded
	Error, Cause    string // unless Succeeded; either may be empty
	Started         time.Time
	Stopped         time.Time // zero while Running
}

// Engine runs the executions of one state machine. Its methods may be called
// from many goroutines at once.
type Engine struct{ config Config }

// New gives an engine. The error is [Problems] when the machine has tasks for
// which no resource is registered.
func New(c Config) (*Engine, error) { return &Engine{config: c}, nil }

// Start starts an execution and returns as soon as it exists. An empty name
// gets a generated one. Starting again under the name of an execution that is
// still running, with equal input, gives that execution; with another input,
// or when it has ended, the error is ErrExecutionAlreadyExists. A bad name is
// ErrInvalidName, an input that is not JSON or over 256 KiB
// ErrInvalidExecutionInput.
func (e *Engine) Start(name string, input []byte) (Execution, error) { return Execution{}, nil }

// Describe tells how an execution stands, or ErrExecutionDoesNotExist.
func (e *Engine) Describe(executionARN string) (Execution, error) { return Execution{}, nil }

// History gives the events of an execution so far, or ErrExecutionDoesNotExist.
func (e *Engine) History(executionARN string) ([]Event, error) { return nil, nil }

// List describes the executions that run and those ended ones that are kept,
// the last started first.
func (e *Engine) List() []Execution { return nil }

// StateMachineARN is the name under which the engine's machine is known.
func (e *Engine) StateMachineARN() string { return "" }

// Wait blocks until the execution has ended and tells how. It gives up with
// the context, with the context's error.
func (e *Engine) Wait(ctx context.Context, executionARN string) (Execution, error) {
	return Execution{}, nil
}

// Stop ends an execution as Aborted. No Catch sees it and no compensation
// runs; tasks that are running run on. An execution that has ended stays as
// it is. Error and cause may be empty.
func (e *Engine) Stop(executionARN, errorName, cause string) (Execution, error) {
	return Execution{}, nil
}

// SendTaskSuccess answers the task that waits with this token. The output is
// JSON of at most 256 KiB, or the error is ErrInvalidOutput. A token is
// answered once: after that, or when the task is no longer waited for, it is
// ErrTaskTimedOut; one that was never given out is ErrInvalidToken.
func (e *Engine) SendTaskSuccess(token string, output []byte) error { return nil }

// SendTaskFailure fails the task that waits with this token; error and cause
// may be empty. Errors are those of SendTaskSuccess.
func (e *Engine) SendTaskFailure(token, errorName, cause string) error { return nil }

// SendTaskHeartbeat says that the task which waits with this token is being
// worked on: its HeartbeatSeconds start anew. Errors are those of
// SendTaskSuccess.
func (e *Engine) SendTaskHeartbeat(token string) error { return nil }

// Snapshot is an execution, history and all, as JSON from which Restore
// carries on.
func (e *Engine) Snapshot(executionARN string) ([]byte, error) { return nil, nil }

// Restore takes up an execution that Snapshot saved, under its name, which
// must be free here (ErrExecutionAlreadyExists). The engine must have been made
// with the same definition. A time that passed meanwhile has come at once;
// a task that was running then is called again, as its answer is lost.
func (e *Engine) Restore(snapshot []byte) error { return nil }

// Close ends the engine: nothing starts any more, and running tasks are
// waited for until the context ends; then their contexts are cancelled and
// they are waited for without limit. The context's error says that it came to
// that. Executions that were not done stay as they are.
func (e *Engine) Close(ctx context.Context) error { return nil }
