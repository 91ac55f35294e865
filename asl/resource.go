package asl

import "context"

// Task is what a resource is called with.
type Task struct {
	ExecutionARN string
	State        string // the state's name
	Resource     string // in the definition, after substitution
	Parameters   Value  // the value of Parameters, or the state's input if there are none
	Token        string // for SendTaskSuccess; empty unless the resource ends in .waitForTaskToken or .sync
	Attempt      int    // 0, then one more with each retry
}

// Resource does the work of Task states: it is a service integration.
//
// It returns the task's output: a [Value], a json.RawMessage, or anything that
// encoding/json can marshal. A *[TaskError] fails the task with that name; any other
// error fails it as States.TaskFailed, with the error's text as the cause.
//
// The context ends with the task's TimeoutSeconds, or when the context of
// [Engine.Close] ends. It does not end when the execution is stopped or the task's
// branch fails, because AWS does not interrupt tasks either. An output that comes
// after the time-out is dropped.
//
// If the resource ends in .waitForTaskToken or .sync (or .sync:2), the output is that of
// submitting the task or starting the job. The task then waits for its token:
// SendTaskSuccess and SendTaskFailure say how the job ended.
type Resource func(ctx context.Context, t Task) (output any, err error)

// TaskError is a failure of a task, with the name that Retry and Catch match.
type TaskError struct {
	Name  string
	Cause string
}

func (e *TaskError) Error() string {
	if e.Cause == "" {
		return e.Name
	}
	return e.Name + ": " + e.Cause
}
