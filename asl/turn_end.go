package asl

import (
	"errors"
	"fmt"
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// event writes an event into the history and returns its id.
func (t *turn) event(kind EventType, previous int64, details Details) int64 {
	if t.Status != Running {
		return previous
	}
	if len(t.Events) == maxEvents-1 {
		t.failExecution(failure{Name: runtimeName, Cause: "The execution reached the maximum number of history events (25000)."}, previous)
		return previous
	}
	return t.append(kind, previous, details)
}

func (t *turn) append(kind EventType, previous int64, details Details) int64 {
	e := Event{ID: int64(len(t.Events) + 1), PreviousID: previous, Time: t.now.Truncate(time.Millisecond), Type: kind, Details: details}
	t.Events.add(e)
	if t.engine.config.Observe != nil {
		t.engine.config.Observe(t.arn, e)
	}
	return e.ID
}

// record writes an event of f's own.
func (t *turn) record(f *frame, kind EventType, details Details) int64 {
	f.Last = t.event(kind, f.Last, details)
	return f.Last
}

// wait makes f wait until a time; the zero time is for ever.
func (t *turn) wait(f *frame, why waitingFor, until time.Time) {
	f.Waits, f.Wake = why, until
	if !until.IsZero() {
		t.due.add(until, f)
	}
}

// expire lets happen what was due by now. All that is due at once is written
// down before anything follows from it, as on AWS.
func (t *turn) expire() {
	for {
		next, ok := t.due.pop(t.now)
		if !ok {
			return
		}
		f := next.frame
		if f == nil {
			t.endExecution(TimedOut, ExecutionTimedOut, &FailureDetails{Error: timeoutName}, 0) // the execution itself has no error
			return
		}
		switch f.Wake = (time.Time{}); f.Waits {
		case forTask, forToken:
			f.State.work.(*taskWork).timeOut(t, f, next.at)
		case forTime:
			input, _ := t.input(f) // as when the Wait began
			t.queue = append(t.queue, job{frame: f, then: &answer{Output: Value{input}}})
		case forRetry:
			t.queue = append(t.queue, job{frame: f})
		}
	}
}

// failWith fails f's state with an error that its own data caused.
func (t *turn) failWith(f *frame, err error) { t.fail(f, t.failureOf(f, err)) }

func (t *turn) failureOf(f *frame, err error) failure {
	known, ok := errors.AsType[*expr.Error](err)
	if !ok {
		known = expr.RuntimeError("%v", err)
	}
	return failure{
		Name:  known.Name,
		Cause: fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", f.State.name, f.Entered, known.Cause),
		Fatal: known.Name == runtimeName || known.Name == dataLimitName,
	}
}

// fail fails f's state: it is retried, or caught, or the frame fails. What
// nothing can catch ends the execution at once, without events of the states in
// which it stands.
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
		f.Group.fail(t)
	}
	for i := range f.State.catch {
		if fl.matches(f.State.catch[i].errors) {
			t.catch(f, fl, &f.State.catch[i])
			return
		}
	}
	if f.parent != nil {
		f.parent.Group.childFailed(t, f, fl)
		return
	}
	f.Waits = ended
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

// catch leaves f's state by a catcher.
func (t *turn) catch(f *frame, fl failure, c *catcher) {
	result := jsonvalue.ObjectOf(jsonvalue.Prop("Error", orNull(fl.Name)), jsonvalue.Prop("Cause", orNull(fl.Cause)))
	output, err := c.resultPath.put(f.Input.tree(), result)
	if err == nil {
		err = t.exit(f, output, result, c.assign, c.next)
	}
	if err != nil { // a failure of the catcher must not be caught by it
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

// endFrame ends a frame that has come to the end of its flow.
func (t *turn) endFrame(f *frame, output any) {
	f.Waits = ended
	if f.parent != nil {
		f.parent.Group.childSucceeded(t, f, output)
		return
	}
	t.Output = Value{output}
	t.endExecution(Succeeded, ExecutionSucceeded, &OutputDetails{t.Output}, f.Last)
}

func (t *turn) failExecution(fl failure, previous int64) {
	if t.Status == Running {
		t.Failure = fl
		t.endExecution(Failed, ExecutionFailed, &FailureDetails{fl.Name, fl.Cause}, previous)
	}
}

// endExecution ends the execution. Tasks that are still running run for nothing.
func (t *turn) endExecution(status Status, kind EventType, details Details, previous int64) {
	if t.Status != Running {
		return
	}
	t.append(kind, previous, details)
	t.Status, t.Stopped = status, t.now
	t.Root, t.due = nil, nil
}
