package asl

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Describe returns an execution as it was last saved. If it does not exist, the error is
// ErrExecutionDoesNotExist.
func (e *Engine) Describe(executionARN string) (Execution, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return Execution{}, err
	}
	return x.describe(), nil
}

// History returns the saved events of an execution. The caller may change the slice
// unless it comes from Config.Events. The error is ErrExecutionDoesNotExist, or that of
// Config.Events.
func (e *Engine) History(executionARN string) ([]Event, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.announced || e.config.Events == nil {
		return x.Events[:x.recorded].since(0), nil
	}
	events, err := e.config.Events(x.Name)
	if err == nil && len(events) == 0 { // it has just been forgotten
		err = fmt.Errorf("%w: %s", ErrExecutionDoesNotExist, executionARN)
	}
	return events, err
}

// Wait waits until an execution has ended and returns it. If ctx ends first, the error is
// that of ctx, wrapped; if the engine is closed first, it is ErrClosed. If the execution
// does not exist, the error is ErrExecutionDoesNotExist.
func (e *Engine) Wait(ctx context.Context, executionARN string) (Execution, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return Execution{}, err
	}
	select {
	case <-x.end():
		return x.describe(), nil
	case <-e.tasks.Done():
		if described := x.describe(); described.Status != Running {
			return described, nil
		}
		return Execution{}, fmt.Errorf("wait for %s: %w", executionARN, ErrClosed)
	case <-ctx.Done():
		return Execution{}, fmt.Errorf("wait for %s: %w", executionARN, ctx.Err())
	}
}

// Stop ends an execution with the status Aborted. No Catch applies, and running tasks are
// not interrupted. If the execution has already ended, Stop changes nothing. errorName and
// cause may be empty. The error is ErrExecutionDoesNotExist, or ErrUnsaved if the end could
// not be saved.
func (e *Engine) Stop(executionARN, errorName, cause string) (Execution, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return Execution{}, err
	}
	err = x.turn(func(t *turn) {
		t.Failure = failure{Name: errorName, Cause: cause}
		t.endExecution(Aborted, ExecutionAborted, &FailureDetails{errorName, cause}, 0)
	})
	if err != nil {
		return Execution{}, fmt.Errorf("stop: %w", err)
	}
	return x.describe(), nil
}

// find returns the execution with this ARN.
func (e *Engine) find(executionARN string) (*execution, error) {
	if name, ok := strings.CutPrefix(executionARN, e.arnPrefix); ok {
		if x := e.executions.get(name); x != nil {
			return x, nil
		}
	}
	return nil, fmt.Errorf("%w: %s", ErrExecutionDoesNotExist, executionARN)
}

// List returns all running and kept executions as they were last saved. The most recently
// started execution is the first.
func (e *Engine) List() []Execution {
	all := e.executions.all()
	list := make([]Execution, 0, len(all))
	for _, x := range all {
		list = append(list, x.describe())
	}
	slices.SortFunc(list, func(a, b Execution) int {
		return cmp.Or(b.Started.Compare(a.Started), strings.Compare(a.Name, b.Name))
	})
	return list
}

// Running returns the approximate number of executions that have not ended. It is cheaper
// than List.
func (e *Engine) Running() int { return e.executions.running() }

// SendTaskSuccess completes the task with this token. The error is ErrInvalidOutput if the
// output is not JSON or is larger than 256 KiB; ErrTaskTimedOut if the task no longer waits,
// for example because its token has been used; ErrTaskDoesNotExist if its execution is no
// longer kept; ErrInvalidToken if the text is not a token; and ErrUnsaved if the answer
// could not be saved.
func (e *Engine) SendTaskSuccess(token string, output []byte) error {
	if len(output) > maxPayloadBytes {
		return fmt.Errorf("%w: %d bytes exceed the limit of 256 KiB", ErrInvalidOutput, len(output))
	}
	value, err := ParseValue(output)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrInvalidOutput, err)
	}
	return e.answer(token, answer{Output: value})
}

// SendTaskFailure fails the task with this token. errorName and cause may be empty. The
// errors are those of SendTaskSuccess, except ErrInvalidOutput.
func (e *Engine) SendTaskFailure(token, errorName, cause string) error {
	return e.answer(token, answer{Failure: &failure{Name: errorName, Cause: cause}})
}

// SendTaskHeartbeat restarts the HeartbeatSeconds of the task with this token. The errors
// are those of SendTaskSuccess, except ErrInvalidOutput.
func (e *Engine) SendTaskHeartbeat(token string) error {
	return e.withToken(token, func(t *turn, f *frame) { f.Task.beat(t, f) })
}

// withToken runs a turn that changes the task with the token.
func (e *Engine) withToken(token string, happens func(*turn, *frame)) error {
	name, ok := executionOf(token)
	if !ok {
		return fmt.Errorf("%w: this engine did not issue it", ErrInvalidToken)
	}
	x, err := e.find(e.ExecutionARN(name))
	if err != nil {
		return fmt.Errorf("%w: its execution does not exist", ErrTaskDoesNotExist)
	}
	var holder *frame
	err = x.turn(func(t *turn) {
		t.Root.walk(func(f *frame) {
			if f.Task != nil && f.Task.Token == token && f.Task.Early == nil && (f.Waits == forTask || f.Waits == forToken) {
				holder = f
			}
		})
		if holder != nil {
			t.changed = true
			happens(t, holder)
		}
	})
	if err != nil {
		return err
	}
	if holder == nil {
		return fmt.Errorf("%w: no task is waiting for this token", ErrTaskTimedOut)
	}
	return nil
}

// answer passes an answer to the task with the token.
func (e *Engine) answer(token string, a answer) error {
	return e.withToken(token, func(t *turn, f *frame) { f.State.work.(*taskWork).answeredByToken(t, f, a) })
}
