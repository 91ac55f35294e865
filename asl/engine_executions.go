package asl

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Describe returns how an execution stands, or ErrExecutionDoesNotExist.
func (e *Engine) Describe(executionARN string) (Execution, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return Execution{}, err
	}
	return x.describe(), nil
}

// History returns the events of an execution so far, in a slice of the caller's
// own, or ErrExecutionDoesNotExist.
func (e *Engine) History(executionARN string) ([]Event, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.Events.events(), nil
}

// Wait blocks until the execution has ended and returns how. It gives up when the
// context ends, with the context's error, and when the engine is closed, with
// ErrClosed.
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

// Stop ends an execution as Aborted. No Catch sees it and no compensation runs;
// tasks that are running run on. An execution that has ended stays as it is. Error
// and cause may be empty.
func (e *Engine) Stop(executionARN, errorName, cause string) (Execution, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return Execution{}, err
	}
	x.turn(func(t *turn) {
		t.Failure = failure{Name: errorName, Cause: cause}
		t.endExecution(Aborted, ExecutionAborted, &FailureDetails{errorName, cause}, 0)
	})
	return x.describe(), nil
}

// find returns the execution of this ARN.
func (e *Engine) find(executionARN string) (*execution, error) {
	if name, ok := strings.CutPrefix(executionARN, e.arnPrefix); ok {
		if x := e.executions.get(name); x != nil {
			return x, nil
		}
	}
	return nil, fmt.Errorf("%w: %s", ErrExecutionDoesNotExist, executionARN)
}

// List describes the executions that are running and the ended ones that are kept,
// the last started first.
func (e *Engine) List() []Execution {
	all := e.executions.all()
	list := make([]Execution, len(all))
	for i, x := range all {
		list[i] = x.describe()
	}
	slices.SortFunc(list, func(a, b Execution) int {
		return cmp.Or(b.Started.Compare(a.Started), strings.Compare(a.Name, b.Name))
	})
	return list
}

// SendTaskSuccess answers the task that waits with this token. The output is
// JSON of at most 256 KiB, or the error is ErrInvalidOutput. A token is
// answered once: after that, or if nobody waits for the task any longer, the error
// is ErrTaskTimedOut, or ErrTaskDoesNotExist if its execution has been forgotten.
// A text that is no token is ErrInvalidToken.
func (e *Engine) SendTaskSuccess(token string, output []byte) error {
	if len(output) > maxPayloadBytes {
		return fmt.Errorf("%w: %d bytes are more than 256 KiB", ErrInvalidOutput, len(output))
	}
	value, err := ParseValue(output)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrInvalidOutput, err)
	}
	return e.answer(token, answer{Output: value})
}

// SendTaskFailure fails the task that waits with this token; error and cause
// may be empty. Errors are those of SendTaskSuccess.
func (e *Engine) SendTaskFailure(token, errorName, cause string) error {
	return e.answer(token, answer{Failure: &failure{Name: errorName, Cause: cause}})
}

// SendTaskHeartbeat says that the task which waits with this token is being
// worked on: its HeartbeatSeconds start anew. Errors are those of
// SendTaskSuccess.
func (e *Engine) SendTaskHeartbeat(token string) error {
	return e.withToken(token, func(t *turn, f *frame) {
		if f.Task.Heartbeat > 0 {
			f.Task.HeartbeatDue = t.now.Add(f.Task.Heartbeat)
			t.wait(f, f.Waits, f.Task.wake())
		}
	})
}

// withToken runs a turn for the task that has the token.
func (e *Engine) withToken(token string, happens func(*turn, *frame)) error {
	name, ok := executionOf(token)
	if !ok {
		return fmt.Errorf("%w: it is none of this engine's", ErrInvalidToken)
	}
	x, err := e.find(e.ExecutionARN(name))
	if err != nil {
		return fmt.Errorf("%w: its execution is not known", ErrTaskDoesNotExist)
	}
	var holder *frame
	x.turn(func(t *turn) {
		t.Root.walk(func(f *frame) {
			if f.Task != nil && f.Task.Token == token && f.Task.Early == nil && (f.Waits == forTask || f.Waits == forToken) {
				holder = f
			}
		})
		if holder != nil {
			happens(t, holder)
		}
	})
	if holder == nil {
		return fmt.Errorf("%w: nothing waits for it any more", ErrTaskTimedOut)
	}
	return nil
}

// answer gives an answer to the task that has the token.
func (e *Engine) answer(token string, a answer) error {
	return e.withToken(token, func(t *turn, f *frame) { f.State.work.(*taskWork).answeredByToken(t, f, a) })
}

// Snapshot returns an execution with its history as JSON, from which Restore
// carries on.
func (e *Engine) Snapshot(executionARN string) ([]byte, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	text, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("save %s: %w", executionARN, err)
	}
	return text, nil
}

// Restore carries on an execution that Snapshot saved, under its name, which must
// be free here (ErrExecutionAlreadyExists). The engine must have been made with
// the same definition. Waits that are over meanwhile end at once; a task that was
// running is called again, because its answer is lost.
func (e *Engine) Restore(snapshot []byte) (Execution, error) {
	x, err := loadExecution(e, snapshot)
	if err != nil {
		return Execution{}, fmt.Errorf("restore: %w", err)
	}
	x.mu.Lock()
	other, err := e.executions.add(x)
	if other != nil {
		err = ErrExecutionAlreadyExists
	}
	if err != nil {
		x.mu.Unlock()
		return Execution{}, fmt.Errorf("restore %s: %w", x.Name, err)
	}
	interrupted := x.running()
	calls := x.take(time.Now(), nil)
	for _, f := range interrupted {
		if f.Waits == forTask {
			calls = append(calls, newTaskCall(x, f))
		}
	}
	described := x.describeLocked()
	x.release(calls)
	return described, nil
}
