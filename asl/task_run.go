package asl

import "time"

// begin schedules the task; the turn starts it when all else has moved.
func (w *taskWork) begin(t *turn, f *frame) {
	text, err := w.prepare(t, f)
	if err != nil {
		t.failWith(f, err)
		return
	}
	// Histories of waiting executions hold little but the parameters and outputs
	// of their tasks, so these are kept as text.
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
}

// prepare sets f.Task and gives the parameters' text.
func (w *taskWork) prepare(t *turn, f *frame) ([]byte, error) {
	run := &taskRun{}
	f.Task = run // its token is in the context object
	if w.token {
		run.Token = newToken(t.Name)
	}
	input, err := t.inputOf(f)
	if err != nil {
		return nil, err
	}
	if run.Timeout, err = w.timeout.get(t, f, input); err != nil {
		return nil, err
	}
	if run.Heartbeat, err = w.beat.get(t, f, input); err != nil {
		return nil, err
	}
	run.Parameters.tree = input
	if f.State.parameters != nil {
		if run.Parameters.tree, err = f.State.parameters.eval(t.scope(f, input)); err != nil {
			return nil, err
		}
	}
	text := encode(run.Parameters.tree)
	return text, f.State.checkSize(len(text))
}

// checkSize fails what the state takes or gives if it has too many bytes.
func (st *state) checkSize(bytes int) error {
	if bytes > maxPayload {
		return &runtimeError{dataLimitName, tooLarge(st.name)}
	}
	return nil
}

func tooLarge(what string) string {
	return "The state/task '" + what + "' returned a result with a size exceeding the maximum number of bytes service limit."
}

// startTasks starts those of the scheduled tasks that were not stopped in the
// same turn, and gives their calls.
func (t *turn) startTasks() []errand {
	started := t.scheduled[:0]
	for _, f := range t.scheduled {
		if f.Waits != forTask {
			continue
		}
		f.State.work.(*taskWork).started(t, f)
		started = append(started, f)
	}
	if t.Status != Running {
		return nil
	}
	errands := make([]errand, len(started))
	for i, f := range started {
		errands[i] = newErrand(t.execution, f)
	}
	return errands
}

func (w *taskWork) started(t *turn, f *frame) {
	if w.service == "" {
		t.record(f, LambdaFunctionStarted, nil)
	} else {
		t.record(f, TaskStarted, &w.startedDetails)
	}
	run := f.Task
	if run.Timeout > 0 {
		run.TimesOut = t.now.Add(run.Timeout)
	}
	if run.Heartbeat > 0 {
		run.HeartbeatDue = t.now.Add(run.Heartbeat)
	}
	t.wait(f, forTask, run.wake())
}

// answered takes what a task's call gave. A call that nobody waits for any
// more has answered too late.
func (t *turn) answered(f *frame, serial int64, a answer) {
	if f.Serial != serial || f.Waits != forTask {
		return
	}
	w := f.State.work.(*taskWork)
	if !w.token || a.Failure != nil {
		t.taskEnded(f, a)
		return
	}
	t.record(f, TaskSubmitted, &TaskOutputDetails{w.service, w.action, a.Output})
	f.Waits = forToken
	if f.Task.Early != nil {
		t.taskEnded(f, *f.Task.Early)
	}
}

// taskEnded writes down how a task ended and lets its state go on.
func (t *turn) taskEnded(f *frame, a answer) {
	w := f.State.work.(*taskWork)
	text := encode(a.Output.tree)
	if len(text) > maxPayload {
		what := w.service
		if what == "" {
			what = w.resource
		}
		a = answer{Failure: &failure{Name: dataLimitName, Cause: tooLarge(what)}}
	}
	f.Wake = time.Time{}
	t.due.tidy()
	f.Waits = nothing
	fl, told := a.Failure, Value{packed(text)}
	switch {
	case w.service == "" && fl == nil:
		t.record(f, LambdaFunctionSucceeded, &OutputDetails{told})
	case w.service == "":
		t.record(f, LambdaFunctionFailed, &FailureDetails{fl.Name, fl.Cause})
	case fl == nil:
		t.record(f, TaskSucceeded, &TaskOutputDetails{w.service, w.action, told})
	default:
		t.record(f, TaskFailed, &TaskFailureDetails{w.service, w.action, fl.Name, fl.Cause})
	}
	t.queue = append(t.queue, job{frame: f, then: &a})
}

// taskTimedOut writes down that a task's time was over at due.
func (t *turn) taskTimedOut(f *frame, due time.Time) {
	w := f.State.work.(*taskWork)
	fl := &failure{Name: timeoutName, Heartbeat: due.Equal(f.Task.HeartbeatDue)}
	if w.service == "" {
		t.record(f, LambdaFunctionTimedOut, &FailureDetails{Error: timeoutName})
	} else {
		t.record(f, TaskTimedOut, &TaskFailureDetails{w.service, w.action, timeoutName, ""})
	}
	f.Waits = nothing
	t.queue = append(t.queue, job{frame: f, then: &answer{Failure: fl}})
}
