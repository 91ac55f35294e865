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
	HasRetries bool // whether the object has a RetryCount

	Token string // empty except in a task that waits for its token
	Item  *Item  // nil outside a Map
}

// Item is the item of a Map's iteration.
type Item struct {
	Index int
	Value any
}

// contextObjects are the objects in the context object and their fields, in AWS's order.
var contextObjects = []struct {
	name   string
	fields []string
}{
	{"Execution", []string{"Id", "Input", "Name", "RedriveCount", "RoleArn", "StartTime"}},
	{"State", []string{"EnteredTime", "Name", "RetryCount"}},
	{"StateMachine", []string{"Id", "Name"}},
	{"Task", []string{"Token"}},
	{"Map", []string{"Item"}},
}

// field returns a field of an object in the context object. ok is false if it is missing.
func (c *Context) field(object, name string) (v any, ok bool) {
	switch object + "." + name {
	case "Execution.Id":
		return c.ExecutionARN, true
	case "Execution.Input":
		return c.Input, true
	case "Execution.Name":
		return c.ExecutionName, true
	case "Execution.RedriveCount":
		return int64(0), true
	case "Execution.RoleArn":
		return c.RoleARN, true
	case "Execution.StartTime":
		return formatTimestamp(c.Started), true
	case "State.EnteredTime":
		return formatTimestamp(c.Entered), true
	case "State.Name":
		return c.State, true
	case "State.RetryCount":
		return int64(c.Retries), c.HasRetries
	case "StateMachine.Id":
		return c.MachineARN, true
	case "StateMachine.Name":
		return c.MachineName, true
	case "Task.Token":
		return c.Token, c.Token != ""
	case "Map.Item":
		if c.Item != nil {
			return jsonvalue.ObjectOf(jsonvalue.Prop("Index", int64(c.Item.Index)), jsonvalue.Prop("Value", c.Item.Value)), true
		}
	}
	return nil, false
}

// object returns the whole context object.
func (c Context) object() *jsonvalue.Object {
	context := jsonvalue.ObjectWithRoom(len(contextObjects))
	for _, of := range contextObjects {
		object := jsonvalue.ObjectWithRoom(len(of.fields))
		for _, name := range of.fields {
			if v, ok := c.field(of.name, name); ok {
				object.Set(name, v)
			}
		}
		if len(object.Properties()) > 0 {
			context.Set(of.name, object)
		}
	}
	return context
}

// find returns what a path of names finds, without creating the whole object. If found is
// false, the caller must try the query on the whole object.
func (c Context) find(q *query) (v any, found bool) {
	if len(q.steps) < 2 {
		return nil, false
	}
	if v, found = c.field(q.steps[0].name, q.steps[1].name); !found {
		return nil, false
	}
	below := query{steps: q.steps[2:]}
	return below.walk(v)
}
