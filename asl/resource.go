package asl

import "context"

// Task is a call of a Task state's resource.
type Task struct {
	ExecutionARN string
	State        string // the state's name
	Resource     string // as in the definition, after substitution
	Parameters   Value  // the value of Parameters, or the state's input if there are none
	Token        string // for SendTaskSuccess; empty unless the resource ends in .waitForTaskToken or .sync
	Attempt      int    // 0 for the first call, 1 for the first retry, and so on
}

// Resource does the work of Task states, as a service integration does on AWS. It is
// called concurrently.
//
// It returns the task's output: a [Value], a json.RawMessage, or anything that encoding/json
// can marshal. A *[TaskError] fails the task with its name and cause. Any other error fails
// the task with States.TaskFailed and the error's text as the cause.
//
// The context ends when the task's TimeoutSeconds are over or the context of [Engine.Close]
// ends. It does not end when the execution is stopped or the task's branch fails, because
// AWS does not interrupt tasks either. An output that comes after the time-out is dropped.
//
// If the task's Resource field ends in .waitForTaskToken, .sync or .sync:2, the output is
// that of submitting the task or starting the job. The task then waits until
// [Engine.SendTaskSuccess] or [Engine.SendTaskFailure] is called with its token.
type Resource func(ctx context.Context, t Task) (output any, err error)

// TaskError is a failure of a task. Retry and Catch match its Name.
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
