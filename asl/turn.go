package asl

import (
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// turn is one step of an execution. It handles one event, such as a task's answer, and runs
// every frame until the frame waits or has ended.
type turn struct {
	*execution
	now       time.Time
	queue     []job
	scheduled []*frame // with tasks to start at the end of the turn
	changed   bool     // something has changed without an event in the history
}

// job is the next move of a frame: it enters a new state (to), begins its state again
// (retry), or completes or fails its state (answer).
type job struct {
	frame  *frame
	to     *state // nil if it stays in its state
	retry  bool
	answer answer
}

// start starts the execution.
func (t *turn) start() {
	t.event(ExecutionStarted, 0, &ExecutionStartedDetails{t.Input, t.engine.config.RoleARN})
	if t.machine.timeout > 0 {
		t.Expires = t.now.Add(time.Duration(t.machine.timeout) * time.Second)
		t.due.add(t.Expires, nil)
	}
	t.Root = &frame{Input: t.Input}
	t.queue = append(t.queue, job{frame: t.Root, to: t.machine.flow.start})
}

// run does all jobs and returns the calls of the tasks that it started.
func (t *turn) run() []taskCall {
	for i := 0; i < len(t.queue) && t.Status == Running; i++ {
		next := t.queue[i]
		if next.frame.Waits == ended {
			continue
		}
		if err := t.move(next); err != nil {
			t.failWith(next.frame, err)
		}
	}
	return t.startTasks()
}

// move does a job.
func (t *turn) move(j job) error {
	f := j.frame
	switch {
	case j.to != nil:
		return t.enter(f, j.to)
	case j.retry:
		f.Waits = nothing
		return f.State.work.begin(t, f)
	case j.answer.Failure != nil:
		t.fail(f, *j.answer.Failure)
		return nil
	}
	f.Waits = nothing
	return t.complete(f, j.answer.Output.tree())
}

// enter moves f into a state and begins the state's work. f.Input is the state's input.
func (t *turn) enter(f *frame, st *state) error {
	f.State, f.Retries, f.Attempt, f.Since = st, nil, 0, t.now
	f.Waits = nothing
	f.Entered = t.record(f, st.entered, &StateEnteredDetails{st.name, f.Input})
	t.cover(st.part)
	return st.work.begin(t, f)
}

// input returns the state's input after InputPath.
func (t *turn) input(f *frame) (any, error) { return f.State.inputPath.get(t, f, f.Input.tree()) }

// effectiveInput returns the state's input after InputPath and Parameters.
func (t *turn) effectiveInput(f *frame) (any, error) {
	input, err := t.input(f)
	if err != nil || f.State.parameters == nil {
		return input, err
	}
	if input, err = f.State.parameters.Eval(t.scope(f, input)); err != nil {
		return nil, err
	}
	return input, f.State.checkSize(jsonvalue.Size(input))
}

// complete ends f's state with the result of its work.
func (t *turn) complete(f *frame, result any) error {
	st := f.State
	selected, err := result, error(nil)
	if st.selector != nil {
		if selected, err = st.selector.Eval(t.scope(f, result)); err != nil {
			return err
		}
	}
	output, err := st.resultPath.put(f.Input.tree(), selected)
	if err != nil {
		return err
	}
	if output, err = st.outputPath.get(t, f, output); err != nil {
		return err
	}
	return t.exit(f, output, result, &st.leave)
}

// exit ends f's state with an output. assigned is "$" in the transition's Assign.
func (t *turn) exit(f *frame, output, assigned any, by *transition) error {
	details := &StateExitedDetails{Name: f.State.name, Output: Value{output}}
	if by.assign != nil {
		var err error
		if details.Assigned, err = t.assign(f, assigned, by.assign); err != nil {
			return err
		}
	}
	if err := f.State.checkSize(jsonvalue.Size(output)); err != nil {
		return err
	}
	t.record(f, f.State.exited, details)
	t.cover(by.part)
	f.Group, f.Task = nil, nil
	if by.next == nil {
		t.endFrame(f, output)
		return nil
	}
	f.Input = Value{output}
	t.queue = append(t.queue, job{frame: f, to: by.next})
	return nil
}

// assign sets variables of f and returns them.
func (t *turn) assign(f *frame, input any, assign *expr.Template) (map[string]Value, error) {
	value, err := assign.Eval(t.scope(f, input))
	if err != nil {
		return nil, err
	}
	variables := value.(*jsonvalue.Object)
	if jsonvalue.Size(variables) > maxPayloadBytes {
		return nil, &expr.Error{Name: statesDataLimitExceeded, Cause: "The variables that the state assigns exceed 256 KiB."}
	}
	values := make(map[string]Value, len(variables.Properties()))
	for _, p := range variables.Properties() {
		values[p.Name] = Value{p.Value}
	}
	f.Vars = f.Vars.Assign(variables)
	bytes := 0
	t.Root.walk(func(f *frame) { bytes += f.Vars.Size() })
	if bytes > maxVariablesBytes {
		return nil, &expr.Error{Name: statesDataLimitExceeded, Cause: "The variables of the execution exceed 10 MiB."}
	}
	return values, nil
}

// startTasks starts the scheduled tasks, except those that were aborted in the same
// turn, and returns their calls.
func (t *turn) startTasks() []taskCall {
	started := t.scheduled[:0]
	for _, f := range t.scheduled {
		if f.Waits == forTask {
			f.State.work.(*taskWork).start(t, f)
			started = append(started, f)
		}
	}
	if t.Status != Running {
		return nil
	}
	calls := make([]taskCall, len(started))
	for i, f := range started {
		calls[i] = newTaskCall(t.execution, f)
	}
	return calls
}

// event records an event and returns its id. If the history is full, the execution fails
// instead. If nothing is recorded, event returns previous.
func (t *turn) event(kind EventType, previous int64, details Details) int64 {
	if t.Status != Running {
		return previous
	}
	if len(t.Events) == maxEvents-1 {
		t.failExecution(failure{Name: statesRuntime, Cause: "The execution reached the maximum number of history events (25000)."}, previous)
		return previous
	}
	return t.append(kind, previous, details)
}

// append adds an event to the history without checking the limit.
func (t *turn) append(kind EventType, previous int64, details Details) int64 {
	e := Event{ID: int64(len(t.Events) + 1), PreviousID: previous, Time: t.now, Type: kind, Details: details}
	t.Events.add(e)
	return e.ID
}

// record records an event of f.
func (t *turn) record(f *frame, kind EventType, details Details) int64 {
	f.Last = t.event(kind, f.Last, details)
	return f.Last
}

// wait makes f wait until a time, or without a limit if until is zero.
func (t *turn) wait(f *frame, what waitingFor, until time.Time) {
	f.Waits = what
	t.wake(f, until)
}

// expire ends the waits whose time has come. As on AWS, all time-outs are recorded before
// the first of them is handled.
func (t *turn) expire() {
	for {
		next, ok := t.due.pop(t.now)
		if !ok {
			return
		}
		f := next.frame
		if f == nil {
			// an execution that has timed out has no Error; only its event has one
			t.endExecution(TimedOut, ExecutionTimedOut, &FailureDetails{Error: statesTimeout}, 0)
			return
		}
		switch f.Wake = (time.Time{}); f.Waits {
		case forTask, forToken:
			f.State.work.(*taskWork).timeOut(t, f, next.at)
		case forTime:
			input, _ := t.input(f) // there was no error when the Wait began
			t.queue = append(t.queue, job{frame: f, answer: answer{Output: Value{input}}})
		case forRetry:
			t.queue = append(t.queue, job{frame: f, retry: true})
		}
	}
}

// scope returns the scope of f's fields, in which "$" is the input.
func (t *turn) scope(f *frame, input any) *expr.Scope {
	return &expr.Scope{Input: input, Context: func() expr.Context { return t.context(f) }, Variables: f.Vars, Random: t.engine.random}
}

// context returns the content of f's context object.
func (t *turn) context(f *frame) expr.Context {
	in := f
	if in.State == nil { // f is a new iteration: its ItemSelector is evaluated in the Map's state
		in = f.parent
	}
	c := expr.Context{
		ExecutionARN: t.arn, ExecutionName: t.Name, Input: t.Input.tree(), Started: t.Started,
		RoleARN: t.engine.config.RoleARN, MachineARN: t.engine.arn, MachineName: t.engine.config.Name,
		State: in.State.name, Entered: in.Since, Retries: in.Attempt, HasRetries: in.State.hasRetries,
	}
	if f.Task != nil {
		c.Token = f.Task.Token
	}
	for ; f.parent != nil; f = f.parent {
		if _, isMap := f.parent.State.work.(*mapWork); isMap {
			c.Item = &expr.Item{Index: f.index, Value: f.Item.tree()}
			break
		}
	}
	return c
}
