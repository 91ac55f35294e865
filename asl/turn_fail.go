package asl

import (
	"errors"
	"fmt"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// failWith fails f's state with an error of package expr.
func (t *turn) failWith(f *frame, err error) { t.fail(f, t.failureOf(f, err)) }

// failureOf converts an error of package expr to a failure. The cause begins with AWS's
// words about the state, unless the error is about a size limit.
func (t *turn) failureOf(f *frame, err error) failure {
	known, ok := errors.AsType[*expr.Error](err)
	if !ok {
		known = expr.RuntimeError("%v", err)
	}
	if known.Name == statesDataLimitExceeded {
		return failure{Name: known.Name, Cause: known.Cause, Fatal: true}
	}
	return failure{
		Name:  known.Name,
		Cause: fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", f.State.name, f.Entered, known.Cause),
		Fatal: known.Name == statesRuntime,
	}
}

// fail handles a failure of f's state: the state is retried, the failure is caught, or the
// frame fails. A fatal failure fails the execution at once, without events of outer states.
func (t *turn) fail(f *frame, reason failure) {
	if reason.Fatal {
		t.failExecution(reason, f.Last)
		return
	}
	f.Waits, f.Task = nothing, nil
	if t.retry(f, reason) {
		return
	}
	if f.Group != nil {
		f.Group.fail(t)
	}
	for i := range f.State.catch {
		if reason.matches(f.State.catch[i].errors) {
			t.catch(f, reason, &f.State.catch[i])
			return
		}
	}
	if f.parent != nil {
		f.parent.Group.childFailed(t, f, reason)
		return
	}
	f.Waits = ended
	t.failExecution(reason, f.Last)
}

// retry schedules a retry if the first matching retrier has attempts left.
func (t *turn) retry(f *frame, reason failure) bool {
	for i := range f.State.retry {
		r := &f.State.retry[i]
		if !reason.matches(r.errors) {
			continue
		}
		t.cover(r.part)
		if f.Retries == nil {
			f.Retries = make([]int, len(f.State.retry))
		}
		if int64(f.Retries[i]) >= r.maxAttempts {
			return false
		}
		t.wait(f, forRetry, t.now.Add(r.delay(int64(f.Retries[i]), t.engine.random)))
		f.Retries[i]++
		f.Attempt++
		f.Group = nil
		return true
	}
	return false
}

// catch ends f's state and continues with the catcher's Next.
func (t *turn) catch(f *frame, reason failure, c *catcher) {
	cause := orNull(reason.Cause)
	if reason.Name == statesTimeout {
		cause = reason.Cause // as on AWS: ""
	}
	result := jsonvalue.ObjectOf(jsonvalue.Prop("Error", orNull(reason.Name)), jsonvalue.Prop("Cause", cause))
	output, err := c.resultPath.put(f.Input.tree(), result)
	if err == nil {
		err = t.exit(f, output, result, &c.transition)
	}
	if err != nil { // fatal, so that the catcher does not catch its own failure
		reason := t.failureOf(f, err)
		reason.Fatal = true
		t.fail(f, reason)
	}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// endFrame ends a frame whose flow has ended.
func (t *turn) endFrame(f *frame, output any) {
	f.Waits = ended
	if f.parent != nil {
		f.parent.Group.childSucceeded(t, f, output)
		return
	}
	t.Output = Value{output}
	t.endExecution(Succeeded, ExecutionSucceeded, &OutputDetails{t.Output}, f.Last)
}

func (t *turn) failExecution(reason failure, previous int64) {
	if t.Status == Running {
		t.Failure = reason
		t.endExecution(Failed, ExecutionFailed, &FailureDetails{reason.Name, reason.Cause}, previous)
	}
}

// endExecution ends the execution, unless it has already ended.
func (t *turn) endExecution(status Status, kind EventType, details Details, previous int64) {
	if t.Status != Running {
		return
	}
	t.append(kind, previous, details)
	t.Status, t.Stopped = status, t.now
	t.Root, t.due = nil, nil
}
