package asl

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// errand is a task that is to be called, outside the execution's lock.
type errand struct {
	execution *execution
	frame     *frame
	serial    int64
	deadline  time.Time // zero is none
	resource  Resource
	task      Task
}

func newErrand(x *execution, f *frame) errand {
	w := f.State.work.(*taskWork)
	return errand{
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

// start calls the task in a goroutine of its own, unless the engine is closed.
func (c errand) start() {
	if !c.execution.engine.enter() {
		return
	}
	go func() {
		defer c.execution.engine.busy.Done()
		c.run()
	}()
}

// run calls the task and brings its answer to the execution. The goroutine goes
// on with the last of the tasks that follow from it.
func (c errand) run() {
	for {
		a := c.call()
		x := c.execution
		x.mu.Lock()
		errands := x.take(time.Now(), func(t *turn) { c.deliver(t, a) })
		if len(errands) == 0 || x.engine.isClosed() {
			x.release(nil)
			return
		}
		last := len(errands) - 1
		c = errands[last]
		x.release(errands[:last])
	}
}

// deliver gives the answer to the frame, unless it came too late: then the frame
// does not wait for this call any more.
func (c errand) deliver(t *turn, a answer) {
	if f := c.frame; f.Serial == c.serial && f.Waits == forTask {
		f.State.work.(*taskWork).answered(t, f, a)
	}
}

// call calls the resource.
func (c errand) call() answer {
	ctx := c.execution.engine.tasks
	if !c.deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, c.deadline)
		defer cancel()
	}
	output, err := c.resource(ctx, c.task)
	if err == nil {
		var value Value
		if value, err = valueOf(output); err == nil {
			return answer{Output: value}
		}
	}
	if named, ok := errors.AsType[*TaskError](err); ok {
		return answer{Failure: &failure{Name: named.Name, Cause: named.Cause}}
	}
	return answer{Failure: &failure{Name: taskFailedName, Cause: err.Error()}}
}

// valueOf makes a resource's output a JSON value.
func valueOf(output any) (Value, error) {
	switch output := output.(type) {
	case Value:
		return Value{output.tree()}, nil
	case json.RawMessage:
		return ParseValue(output)
	}
	text, err := json.Marshal(output)
	if err != nil {
		return Value{}, err
	}
	return ParseValue(text)
}
