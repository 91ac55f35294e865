package asl

import (
	"errors"
	"fmt"
	"time"
)

// turn is one step of an execution: something has happened, and every line of
// control that can now move is moved until it waits or has ended.
type turn struct {
	*execution
	now       time.Time
	queue     []job
	scheduled []*frame // those whose tasks are to be started when all else has moved
}

// job is a move that a line of control is to make in this turn.
type job struct {
	frame *frame
	to    *state  // enter this state with f.input,
	then  *answer // or go on with what the state's task or wait gave,
	// or, with neither, begin the state's work (again)
}

// take runs one turn and gives the tasks to call.
func (x *execution) take(now time.Time, happens func(*turn)) []errand {
	if x.status != Running {
		return nil
	}
	t := &turn{execution: x, now: now}
	t.expire()
	if happens != nil && x.status == Running {
		happens(t)
	}
	for len(t.queue) > 0 && x.status == Running {
		next := t.queue[0]
		t.queue = t.queue[1:]
		if next.frame.waits != forNothing {
			t.move(next)
		}
	}
	return t.startTasks()
}

func (t *turn) move(j job) {
	f := j.frame
	switch {
	case j.to != nil:
		t.enter(f, j.to)
	case j.then == nil:
		f.waits = nothing
		f.state.work.begin(t, f)
	case j.then.failure != nil:
		t.fail(f, *j.then.failure)
	default:
		f.waits = nothing
		t.complete(f, j.then.output)
	}
}

// enter puts f, which holds the input, into a state.
func (t *turn) enter(f *frame, st *state) {
	f.state, f.retries, f.attempt, f.since = st, nil, 0, t.now
	f.waits = nothing
	f.entered = t.record(f, st.entered, &StateEnteredDetails{st.name, Value{f.input}})
	st.work.begin(t, f)
}

// complete ends f's state with the result of its work.
func (t *turn) complete(f *frame, result any) {
	st := f.state
	selected, err := result, error(nil)
	if st.selector != nil {
		selected, err = st.selector.eval(t.scope(f, result))
	}
	if err != nil {
		t.failWith(f, err)
		return
	}
	output, err := st.resultPath.place(f.input, selected)
	if err == nil {
		output, err = st.outputPath.get(t, f, output)
	}
	if err == nil {
		err = t.leave(f, output, result, st.assign, st.next)
	}
	if err != nil {
		t.failWith(f, err)
	}
}

// leave exits f's state with an output; assigned is what Assign sees as "$".
func (t *turn) leave(f *frame, output, assigned any, assign *template, next *state) error {
	details := &StateExitedDetails{Name: f.state.name, Output: Value{output}}
	if assign != nil {
		values, err := assign.eval(t.scope(f, assigned))
		if err != nil {
			return err
		}
		variables := values.(map[string]any)
		details.Assigned = make(map[string]Value, len(variables))
		for name, value := range variables {
			details.Assigned[name] = Value{value}
		}
		f.vars = f.vars.assign(variables)
	}
	if size(output) > maxPayload {
		return &runtimeError{dataLimitName, tooLarge(f.state.name)}
	}
	t.record(f, f.state.exited, details)
	f.group, f.task = nil, nil
	if next == nil {
		t.end(f, output)
		return nil
	}
	f.input = output
	t.queue = append(t.queue, job{frame: f, to: next})
	return nil
}

// end ends a line of control that has come to its flow's end.
func (t *turn) end(f *frame, output any) {
	f.waits = forNothing
	if f.parent == nil {
		t.output = output
		t.finish(Succeeded, ExecutionSucceeded, &OutputDetails{Value{output}}, f.last)
		return
	}
	t.childSucceeded(f.parent, f, output)
}

// failWith fails f's state with an error of the data layer.
func (t *turn) failWith(f *frame, err error) { t.fail(f, t.failureOf(f, err)) }

func (t *turn) failureOf(f *frame, err error) failure {
	var known *runtimeError
	if !errors.As(err, &known) {
		known = &runtimeError{runtimeName, err.Error()}
	}
	return failure{
		name:  known.Name,
		cause: fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", f.state.name, f.entered, known.Cause),
		fatal: known.Name == runtimeName || known.Name == dataLimitName,
	}
}

// fail fails f's state: it is retried, or caught, or the line of control fails.
func (t *turn) fail(f *frame, fl failure) {
	f.waits, f.task = nothing, nil
	if !fl.fatal {
		if t.retry(f, fl) {
			return
		}
		if f.group != nil {
			t.groupFailed(f)
		}
		for i := range f.state.catch {
			if fl.matches(f.state.catch[i].errors) {
				t.caught(f, fl, &f.state.catch[i])
				return
			}
		}
	} else if f.group != nil {
		t.groupFailed(f)
	}
	if f.parent != nil {
		t.childFailed(f.parent, f, fl)
		return
	}
	f.waits = forNothing
	t.failExecution(fl, f.last)
}

// retry schedules the next attempt, if a retrier that matches has one left.
func (t *turn) retry(f *frame, fl failure) bool {
	for i := range f.state.retry {
		r := &f.state.retry[i]
		if !fl.matches(r.errors) {
			continue
		}
		if f.retries == nil {
			f.retries = make([]int, len(f.state.retry))
		}
		if int64(f.retries[i]) >= r.maxAttempts {
			return false
		}
		t.wait(f, forRetry, t.now.Add(r.delay(int64(f.retries[i]))))
		f.retries[i]++
		f.attempt++
		f.group = nil
		return true
	}
	return false
}

// caught leaves f's state by a catcher.
func (t *turn) caught(f *frame, fl failure, c *catcher) {
	result := map[string]any{"Error": orNull(fl.name), "Cause": orNull(fl.cause)}
	output, err := c.resultPath.place(f.input, result)
	if err == nil {
		err = t.leave(f, output, result, c.assign, c.next)
	}
	if err != nil { // what fails here must not be caught here again
		fl := t.failureOf(f, err)
		fl.fatal = true
		t.fail(f, fl)
	}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
