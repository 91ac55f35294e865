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
	to    *state  // enter this state with f.Input,
	then  *answer // or go on with what the state's task or wait gave,
	// or, with neither, begin the state's work (again)
}

// take runs one turn and gives the tasks to call.
func (x *execution) take(now time.Time, happens func(*turn)) []errand {
	if x.Status != Running {
		return nil
	}
	t := &turn{execution: x, now: now}
	t.expire()
	if happens != nil && x.Status == Running {
		happens(t)
	}
	for len(t.queue) > 0 && x.Status == Running {
		next := t.queue[0]
		t.queue = t.queue[1:]
		if next.frame.Waits != forNothing {
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
		f.Waits = nothing
		f.State.work.begin(t, f)
	case j.then.Failure != nil:
		t.fail(f, *j.then.Failure)
	default:
		f.Waits = nothing
		t.complete(f, j.then.Output.tree)
	}
}

// enter puts f, which holds the input, into a state.
func (t *turn) enter(f *frame, st *state) {
	f.State, f.Retries, f.Attempt, f.Since = st, nil, 0, t.now
	f.Waits = nothing
	f.Entered = t.record(f, st.entered, &StateEnteredDetails{st.name, f.Input})
	st.work.begin(t, f)
}

// complete ends f's state with the result of its work.
func (t *turn) complete(f *frame, result any) {
	st := f.State
	selected, err := result, error(nil)
	if st.selector != nil {
		selected, err = st.selector.eval(t.scope(f, result))
	}
	if err != nil {
		t.failWith(f, err)
		return
	}
	output, err := st.resultPath.place(f.Input.tree, selected)
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
	details := &StateExitedDetails{Name: f.State.name, Output: Value{output}}
	if assign != nil {
		values, err := assign.eval(t.scope(f, assigned))
		if err != nil {
			return err
		}
		variables := values.(*jsonObject)
		if size(variables) > maxPayload {
			return &runtimeError{dataLimitName, "The variables that the state assigns exceed 256 KiB."}
		}
		details.Assigned = make(map[string]Value, len(variables.properties))
		for _, p := range variables.properties {
			details.Assigned[p.name] = Value{p.value}
		}
		f.Vars = f.Vars.assign(variables)
		if t.variablesSize() > maxVariables {
			return &runtimeError{dataLimitName, "The variables of the execution exceed 10 MiB."}
		}
	}
	if err := f.State.checkSize(size(output)); err != nil {
		return err
	}
	t.record(f, f.State.exited, details)
	f.Group, f.Task = nil, nil
	if next == nil {
		t.end(f, output)
		return nil
	}
	f.Input = Value{output}
	t.queue = append(t.queue, job{frame: f, to: next})
	return nil
}

// variablesSize is how many bytes the variables of all lines of control have.
func (t *turn) variablesSize() (bytes int) {
	t.Root.walk(func(f *frame) {
		if f.Vars != nil {
			for _, value := range f.Vars.values {
				bytes += size(value)
			}
		}
	})
	return bytes
}

// end ends a line of control that has come to its flow's end.
func (t *turn) end(f *frame, output any) {
	f.Waits = forNothing
	if f.parent == nil {
		t.Output = Value{output}
		t.finish(Succeeded, ExecutionSucceeded, &OutputDetails{t.Output}, f.Last)
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
		Name:  known.Name,
		Cause: fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", f.State.name, f.Entered, known.Cause),
		Fatal: known.Name == runtimeName || known.Name == dataLimitName,
	}
}

// fail fails f's state: it is retried, or caught, or the line of control fails.
// What nothing can catch ends the execution where it stands, without a word of
// the states around.
func (t *turn) fail(f *frame, fl failure) {
	if fl.Fatal {
		t.failExecution(fl, f.Last)
		return
	}
	f.Waits, f.Task = nothing, nil
	if t.retry(f, fl) {
		return
	}
	if f.Group != nil {
		t.groupFailed(f)
	}
	for i := range f.State.catch {
		if fl.matches(f.State.catch[i].errors) {
			t.caught(f, fl, &f.State.catch[i])
			return
		}
	}
	if f.parent != nil {
		t.childFailed(f.parent, f, fl)
		return
	}
	f.Waits = forNothing
	t.failExecution(fl, f.Last)
}

// retry schedules the next attempt, if a retrier that matches has one left.
func (t *turn) retry(f *frame, fl failure) bool {
	for i := range f.State.retry {
		r := &f.State.retry[i]
		if !fl.matches(r.errors) {
			continue
		}
		if f.Retries == nil {
			f.Retries = make([]int, len(f.State.retry))
		}
		if int64(f.Retries[i]) >= r.maxAttempts {
			return false
		}
		t.wait(f, forRetry, t.now.Add(r.delay(int64(f.Retries[i]))))
		f.Retries[i]++
		f.Attempt++
		f.Group = nil
		return true
	}
	return false
}

// caught leaves f's state by a catcher.
func (t *turn) caught(f *frame, fl failure, c *catcher) {
	result := newObject(property{"Error", orNull(fl.Name)}, property{"Cause", orNull(fl.Cause)})
	output, err := c.resultPath.place(f.Input.tree, result)
	if err == nil {
		err = t.leave(f, output, result, c.assign, c.next)
	}
	if err != nil { // what fails here must not be caught here again
		fl := t.failureOf(f, err)
		fl.Fatal = true
		t.fail(f, fl)
	}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
