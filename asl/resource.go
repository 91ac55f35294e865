package asl

import "context"

// Task is one piece of work that a Task state asks for.
type Task struct {
	ExecutionARN string
	State        string // the state's name
	Resource     string // as the definition has it, substitutions filled in
	Parameters   Value  // what Parameters gave, or the state's input
	Token        string // for SendTaskSuccess; empty unless the resource ends in .waitForTaskToken
	Attempt      int    // 0 for the first, then one more for each retry
}

// Resource does the work of a Task state: a service integration.
//
// It gives the task's output: a [Value], a json.RawMessage, or anything that
// encoding/json can marshal. A *[TaskError] fails the task under that name;
// any other error fails it as States.TaskFailed, with the error's text as
// cause.
//
// The context ends with the task's TimeoutSeconds or when [Engine.Close] gives
// up waiting; it does not end when the execution is stopped or when the task's
// branch is, because work that AWS has started runs on. An answer that comes
// after its time-out is dropped.
//
// For a resource that ends in .waitForTaskToken the output is what submitting
// the task gave; the task then waits for its token to come back.
type Resource func(ctx context.Context, t Task) (output any, err error)

// TaskError is a failure with the name that Retry and Catch match.
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
