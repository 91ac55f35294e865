package asl

import "time"

// scope is what f's fields are evaluated against, with input as "$".
func (t *turn) scope(f *frame, input any) *scope {
	return &scope{input: input, context: func() any { return t.contextOf(f) }, vars: f.vars}
}

// contextOf is the context object, "$$", as f sees it.
func (t *turn) contextOf(f *frame) any {
	in := f
	if in.state == nil { // an iteration about to begin is still in the Map's state
		in = f.parent
	}
	state := map[string]any{"Name": in.state.name, "EnteredTime": timestamp(in.since)}
	switch in.state.kind {
	case "Task", "Parallel", "Map":
		state["RetryCount"] = int64(in.attempt)
	}
	c := t.engine.config
	context := map[string]any{
		"Execution": map[string]any{
			"Id":        t.arn,
			"Input":     t.input,
			"Name":      t.name,
			"RoleArn":   c.RoleARN,
			"StartTime": timestamp(t.started),
		},
		"State":        state,
		"StateMachine": map[string]any{"Id": t.engine.arn, "Name": c.Name},
	}
	if f.task != nil && f.task.token != "" {
		context["Task"] = map[string]any{"Token": f.task.token}
	}
	for ; f != nil; f = f.parent {
		if f.parent != nil && f.parent.group.items != nil {
			context["Map"] = map[string]any{"Item": map[string]any{"Index": int64(f.index), "Value": f.item}}
			break
		}
	}
	return context
}

// timestamp is a time as the context object has it.
func timestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
