package asl

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// taskCall is a call of a task's resource. It is made without holding the execution's lock.
type taskCall struct {
	execution *execution
	frame     *frame
	serial    int64     // the frame's Serial when the task was scheduled
	deadline  time.Time // zero is none
	resource  Resource
	task      Task
}

func newTaskCall(x *execution, f *frame) taskCall {
	w := f.State.work.(*taskWork)
	return taskCall{
		execution: x, frame: f, serial: f.Serial,
		deadline: f.Task.TimesOut,
		resource: x.engine.config.resource(w),
		task: Task{
			ExecutionARN: x.arn,
			State:        f.State.name,
			Resource:     w.resource,
			Parameters:   f.Task.Parameters,
			Token:        f.Task.Token,
			Attempt:      f.Attempt,
		},
	}
}

func startAll(calls []taskCall) {
	for _, c := range calls {
		c.start()
	}
}

// start makes the call in a new goroutine, unless the engine is closed.
func (c taskCall) start() {
	executions := &c.execution.engine.executions
	if !executions.enter() {
		return
	}
	go func() {
		defer executions.leave()
		c.run()
	}()
}

// run makes the call and delivers its answer. If that leads to new calls, run makes the last
// one itself and starts a goroutine for each of the others.
func (c taskCall) run() {
	for {
		a := c.answer()
		x := c.execution
		x.mu.Lock()
		calls, _ := x.settleAndUnlock(x.runTurn(time.Now(), func(t *turn) { c.deliver(t, a) })) // if it fails, the timer tries again
		if len(calls) == 0 || x.engine.executions.isClosed() {
			return
		}
		last := len(calls) - 1
		c = calls[last]
		startAll(calls[:last])
	}
}

// stale reports whether the frame no longer waits for this call, because the task timed out
// or its branch was aborted.
func (c taskCall) stale() bool { return c.frame.Serial != c.serial || c.frame.Waits != forTask }

// deliver passes the answer to the frame, unless the call is stale.
func (c taskCall) deliver(t *turn, a answer) {
	if !c.stale() {
		c.frame.State.work.(*taskWork).answered(t, c.frame, a)
	}
}

// answer calls the resource.
func (c taskCall) answer() answer {
	ctx := c.execution.engine.tasks
	if !c.deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, c.deadline)
		defer cancel()
	}
	return answerOf(c.resource(ctx, c.task))
}

// answerOf converts the results of a resource to an answer.
func answerOf(output any, err error) answer {
	if err == nil {
		var value Value
		if value, err = valueOf(output); err == nil {
			return answer{Output: value}
		}
	}
	if named, ok := errors.AsType[*TaskError](err); ok {
		return answer{Failure: &failure{Name: named.Name, Cause: named.Cause}}
	}
	return answer{Failure: &failure{Name: statesTaskFailed, Cause: err.Error()}}
}

// valueOf converts a resource's output to a JSON value.
func valueOf(output any) (Value, error) {
	switch output := output.(type) {
	case Value:
		return output, nil
	case json.RawMessage:
		return ParseValue(output)
	}
	text, err := json.Marshal(output)
	if err != nil {
		return Value{}, err
	}
	return ParseValue(text)
}
