package asl

import (
	"context"
	"encoding/json"
)

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

// Value is an immutable JSON value.
type Value struct{ tree any } // or packed

// packed is a value as its text, which takes a third of the memory.
type packed string

// ParseValue reads a JSON text.
func ParseValue(text []byte) (Value, error) {
	tree, err := decode(text)
	return Value{tree}, err
}

// String is the value as compact JSON.
func (v Value) String() string {
	if text, ok := v.tree.(packed); ok {
		return string(text)
	}
	return string(encode(v.tree))
}

// Bytes is the value as compact JSON.
func (v Value) Bytes() []byte { return []byte(v.String()) }

// Any is the value as nil, bool, int64, float64, string, []any or
// map[string]any, made anew; a number that neither int64 nor float64 can hold
// is a json.Number.
func (v Value) Any() any {
	if text, ok := v.tree.(packed); ok {
		tree, _ := decode([]byte(text)) // encode wrote it
		return plainly(tree)
	}
	return plainly(v.tree)
}

// MarshalJSON gives the value as a JSON string that holds its text, which is
// how the Step Functions API carries inputs and outputs.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Value) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	var err error
	*v, err = ParseValue([]byte(text))
	return err
}
