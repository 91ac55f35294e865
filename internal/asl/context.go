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
	state := map[string]any{"Name": in.State.name, "EnteredTime": timestamp(in.Since)}
	switch in.State.kind {
	case "Task", "Parallel", "Map":
		state["RetryCount"] = int64(in.Attempt)
	}
	c := t.engine.config
	context := map[string]any{
		"Execution": map[string]any{
			"Id":        t.arn,
			"Input":     t.Input.tree,
			"Name":      t.Name,
			"RoleArn":   c.RoleARN,
			"StartTime": timestamp(t.Started),
		},
		"State":        state,
		"StateMachine": map[string]any{"Id": t.engine.arn, "Name": c.Name},
	}
	if f.Task != nil && f.Task.Token != "" {
		context["Task"] = map[string]any{"Token": f.Task.Token}
	}
	for ; f != nil; f = f.parent {
		if f.parent != nil && f.parent.Group.IsMap {
			context["Map"] = map[string]any{"Item": map[string]any{"Index": int64(f.index), "Value": f.Item.tree}}
			break
		}
	}
	return context
}

// timestamp is a time as the context object has it.
func timestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
