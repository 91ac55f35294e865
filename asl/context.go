package asl

import "time"

// scope is what f's fields are evaluated against, with input as "$".
func (t *turn) scope(f *frame, input any) *scope {
	return &scope{input: input, context: func() any { return t.contextOf(f) }, vars: f.Vars}
}

// contextOf is the context object, "$$", as f sees it.
func (t *turn) contextOf(f *frame) any {
	in := f
	if in.State == nil { // an iteration about to begin is still in the Map's state
		in = f.parent
	}
	state := newObject(property{"EnteredTime", timestamp(in.Since)}, property{"Name", in.State.name})
	switch in.State.kind {
	case "Task", "Parallel", "Map":
		state.set("RetryCount", int64(in.Attempt))
	}
	c := t.engine.config
	context := newObject(
		property{"Execution", newObject(
			property{"Id", t.arn},
			property{"Input", t.Input.tree},
			property{"Name", t.Name},
			property{"RoleArn", c.RoleARN},
			property{"StartTime", timestamp(t.Started)},
		)},
		property{"State", state},
		property{"StateMachine", newObject(property{"Id", t.engine.arn}, property{"Name", c.Name})},
	)
	if f.Task != nil && f.Task.Token != "" {
		context.set("Task", newObject(property{"Token", f.Task.Token}))
	}
	for ; f != nil; f = f.parent {
		if f.parent != nil && f.parent.Group.IsMap {
			item := newObject(property{"Index", int64(f.index)}, property{"Value", f.Item.tree})
			context.set("Map", newObject(property{"Item", item}))
			break
		}
	}
	return context
}

// timestamp is a time as the context object has it.
func timestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
