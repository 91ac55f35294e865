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

// turn runs one turn and sees to what follows from it.
func (x *execution) turn(happens func(*turn)) {
	x.mu.Lock()
	x.release(x.take(time.Now(), happens))
}

// release ends what the lock was taken for: it sets the timer, tells those who
// wait for the end, unlocks and calls the tasks.
func (x *execution) release(errands []errand) {
	over := x.settle()
	x.mu.Unlock()
	if over {
		x.engine.retire(x)
	}
	for _, c := range errands {
		c.start()
	}
}

// settle does what a turn leaves to be done while the lock is held, and tells
// whether the execution has just ended.
func (x *execution) settle() (over bool) {
	if x.Status != Running {
		if x.timer != nil {
			x.timer.Stop()
			x.timer = nil
		}
		if x.settled {
			return false
		}
		x.settled = true
		if x.ended != nil {
			close(x.ended)
		}
		return true
	}
	x.arm()
	return false
}

// arm sees to it that the timer rings when something is due. It may ring
// before, for what is no longer due: that costs less than to set it anew for
// every task.
func (x *execution) arm() {
	at := x.earliest()
	if at.IsZero() || !x.alarm.IsZero() && !at.Before(x.alarm) {
		return
	}
	x.alarm = at
	if x.timer == nil {
		x.timer = time.AfterFunc(time.Until(at), x.ring)
		return
	}
	x.timer.Reset(time.Until(at))
}

// ring is the timer's: something is due.
func (x *execution) ring() {
	if !x.engine.enter() {
		return
	}
	defer x.engine.busy.Done()
	x.mu.Lock()
	x.alarm = time.Time{}
	x.release(x.take(time.Now(), nil))
}

// disarm silences the timer for good.
func (x *execution) disarm() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.timer != nil {
		x.timer.Stop()
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

// run calls the task and brings its answer to the execution. The goroutine
// goes on with the last of the tasks that follow from it.
func (c errand) run() {
	for {
		a := c.answer()
		x := c.execution
		x.mu.Lock()
		errands := x.take(time.Now(), func(t *turn) { t.answered(c.frame, c.serial, a) })
		if len(errands) == 0 || x.engine.isClosed() {
			x.release(nil)
			return
		}
		last := len(errands) - 1
		c = errands[last]
		x.release(errands[:last])
	}
}

// answer calls the resource.
func (c errand) answer() answer {
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
	var named *TaskError
	if errors.As(err, &named) {
		return answer{Failure: &failure{Name: named.Name, Cause: named.Cause}}
	}
	return answer{Failure: &failure{Name: "States.TaskFailed", Cause: err.Error()}}
}

// valueOf makes a resource's output a JSON value.
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

// enter counts a goroutine in, unless the engine is closed.
func (e *Engine) enter() bool {
	e.registry.mu.RLock()
	defer e.registry.mu.RUnlock()
	if e.closed {
		return false
	}
	e.busy.Add(1)
	return true
}

// done is closed when the execution has ended.
func (x *execution) done() <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended == nil {
		x.ended = make(chan struct{})
		if x.Status != Running {
			close(x.ended)
		}
	}
	return x.ended
}

func (x *execution) describe() Execution {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.described()
}

func (x *execution) described() Execution {
	return Execution{
		ARN:             x.arn,
		Name:            x.Name,
		StateMachineARN: x.engine.arn,
		Status:          x.Status,
		Input:           x.Input,
		Output:          x.Output,
		Error:           x.Failure.Name,
		Cause:           x.Failure.Cause,
		Started:         x.Started,
		Stopped:         x.Stopped,
	}
}
