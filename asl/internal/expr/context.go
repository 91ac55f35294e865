package expr

import (
	"time"

	"pizzasaga/asl/internal/jsonvalue"
)

// Context is the content of the context object.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
type Context struct {
	ExecutionARN, ExecutionName string
	Input                       any
	RoleARN                     string
	Started                     time.Time
	MachineARN, MachineName     string

	State      string
	Entered    time.Time
	Retries    int
	HasRetries bool // whether the object has the number of retries

	Token string // empty except in a task that waits for its token
	Item  *Item  // nil outside a Map
}

// Item is the item of a Map's iteration.
type Item struct {
	Index int
	Value any
}

// Object returns the context object.
func (c Context) Object() *jsonvalue.Object {
	state := jsonvalue.ObjectOf(jsonvalue.Prop("EnteredTime", formatTimestamp(c.Entered)), jsonvalue.Prop("Name", c.State))
	if c.HasRetries {
		state.Set("RetryCount", int64(c.Retries))
	}
	context := jsonvalue.ObjectOf(
		jsonvalue.Prop("Execution", jsonvalue.ObjectOf(
			jsonvalue.Prop("Id", c.ExecutionARN),
			jsonvalue.Prop("Input", c.Input),
			jsonvalue.Prop("Name", c.ExecutionName),
			jsonvalue.Prop("RedriveCount", int64(0)),
			jsonvalue.Prop("RoleArn", c.RoleARN),
			jsonvalue.Prop("StartTime", formatTimestamp(c.Started)),
		)),
		jsonvalue.Prop("State", state),
		jsonvalue.Prop("StateMachine", jsonvalue.ObjectOf(jsonvalue.Prop("Id", c.MachineARN), jsonvalue.Prop("Name", c.MachineName))),
	)
	if c.Token != "" {
		context.Set("Task", jsonvalue.ObjectOf(jsonvalue.Prop("Token", c.Token)))
	}
	if c.Item != nil {
		context.Set("Map", jsonvalue.ObjectOf(jsonvalue.Prop("Item", jsonvalue.ObjectOf(jsonvalue.Prop("Index", int64(c.Item.Index)), jsonvalue.Prop("Value", c.Item.Value)))))
	}
	return context
}
