package asl

import (
	"time"

	"pizzasaga/asl/internal/jsonvalue"
)

// begin schedules the task. It starts at the end of the turn.
func (w *taskWork) begin(t *turn, f *frame) error {
	text, err := w.prepare(t, f)
	if err != nil {
		return err
	}
	// Parameters and outputs of tasks are the largest part of a history, so they are packed.
	parameters := Value{packed(text)}
	timeout, beat := int64(f.Task.Timeout/time.Second), int64(f.Task.Heartbeat/time.Second)
	f.Waits = forTask
	if w.service == "" {
		f.Serial = t.record(f, LambdaFunctionScheduled, &LambdaScheduledDetails{w.resource, parameters, timeout})
	} else {
		f.Serial = t.record(f, TaskScheduled, &TaskScheduledDetails{
			w.service, w.action, t.engine.config.Region, parameters, timeout, beat})
	}
	t.scheduled = append(t.scheduled, f)
	return nil
}

// prepare sets f.Task and returns the parameters as JSON.
func (w *taskWork) prepare(t *turn, f *frame) ([]byte, error) {
	run := &taskRun{}
	f.Task = run // before Parameters is evaluated, because its context object has the token
	if w.byToken {
		run.Token = t.engine.newToken(t.Name)
	}
	input, err := t.input(f)
	if err != nil {
		return nil, err
	}
	if run.Timeout, err = w.timeout.duration(t, f, input); err != nil {
		return nil, err
	}
	if run.Heartbeat, err = w.beat.duration(t, f, input); err != nil {
		return nil, err
	}
	parameters := input
	if f.State.parameters != nil {
		if parameters, err = f.State.parameters.Eval(t.scope(f, input)); err != nil {
			return nil, err
		}
	}
	run.Parameters = Value{parameters}
	text := jsonvalue.Encode(parameters)
	return text, f.State.checkSize(len(text))
}

// start records that the task has started and makes f wait for it.
func (w *taskWork) start(t *turn, f *frame) {
	if w.service == "" {
		t.record(f, LambdaFunctionStarted, nil)
	} else {
		t.record(f, TaskStarted, &w.startedDetails)
	}
	f.Task.begin(t.now)
	t.wait(f, forTask, f.Task.wake())
}

// answered handles the answer of the task's resource.
func (w *taskWork) answered(t *turn, f *frame, a answer) {
	if !w.byToken || a.Failure != nil {
		w.end(t, f, a)
		return
	}
	t.record(f, TaskSubmitted, &TaskOutputDetails{w.service, w.action, a.Output})
	f.Waits = forToken
	if f.Task.Early != nil {
		w.end(t, f, *f.Task.Early)
	}
}

// answeredByToken handles an answer by token. If the task has not been submitted yet,
// the answer is kept until then.
func (w *taskWork) answeredByToken(t *turn, f *frame, a answer) {
	if f.Waits == forTask {
		f.Task.Early = &a
		return
	}
	w.end(t, f, a)
}

// end records the task's result and queues the end of its state.
func (w *taskWork) end(t *turn, f *frame, a answer) {
	text := jsonvalue.Encode(a.Output.tree())
	if len(text) > maxPayloadBytes {
		what := w.service
		if what == "" {
			what = w.resource
		}
		a = answer{Failure: &failure{Name: statesDataLimitExceeded, Cause: tooLarge(what)}}
	}
	t.wake(f, time.Time{})
	f.Waits = nothing
	reason, output := a.Failure, Value{packed(text)}
	switch {
	case w.service == "" && reason == nil:
		t.record(f, LambdaFunctionSucceeded, &OutputDetails{output})
	case w.service == "":
		t.record(f, LambdaFunctionFailed, &FailureDetails{reason.Name, reason.Cause})
	case reason == nil:
		t.record(f, TaskSucceeded, &TaskOutputDetails{w.service, w.action, output})
	default:
		t.record(f, TaskFailed, &TaskFailureDetails{w.service, w.action, reason.Name, reason.Cause})
	}
	t.queue = append(t.queue, job{frame: f, answer: a})
}

// timeOut records that the task has timed out or missed the heartbeat that was due, and
// queues the failure of its state.
func (w *taskWork) timeOut(t *turn, f *frame, due time.Time) {
	reason := &failure{Name: statesTimeout, Heartbeat: due.Equal(f.Task.HeartbeatDue)}
	if w.service == "" {
		t.record(f, LambdaFunctionTimedOut, &FailureDetails{Error: statesTimeout})
	} else {
		t.record(f, TaskTimedOut, &TaskFailureDetails{w.service, w.action, statesTimeout, ""})
	}
	f.Waits = nothing
	t.queue = append(t.queue, job{frame: f, answer: answer{Failure: reason}})
}
