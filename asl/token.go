package asl

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// newToken makes a task token. It cannot be guessed, and it says which
// execution it belongs to.
func newToken(execution string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(rand.Text() + "/" + execution))
}

// SendTaskSuccess answers the task that waits with this token. The output is
// JSON of at most 256 KiB, or the error is ErrInvalidOutput. A token is
// answered once: after that, or when the task is no longer waited for, it is
// ErrTaskTimedOut, or ErrTaskDoesNotExist when its execution has been
// forgotten. What is no token is ErrInvalidToken.
func (e *Engine) SendTaskSuccess(token string, output []byte) error {
	if len(output) > maxPayload {
		return fmt.Errorf("%w: %d bytes are more than 256 KiB", ErrInvalidOutput, len(output))
	}
	value, err := ParseValue(output)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrInvalidOutput, err)
	}
	return e.withToken(token, func(t *turn, f *frame) { t.byToken(f, answer{Output: value}) })
}

// SendTaskFailure fails the task that waits with this token; error and cause
// may be empty. Errors are those of SendTaskSuccess.
func (e *Engine) SendTaskFailure(token, errorName, cause string) error {
	fl := &failure{Name: errorName, Cause: cause}
	return e.withToken(token, func(t *turn, f *frame) { t.byToken(f, answer{Failure: fl}) })
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
	text, err := base64.RawURLEncoding.DecodeString(token)
	_, name, ok := strings.Cut(string(text), "/")
	if err != nil || !ok {
		return fmt.Errorf("%w: it is none of this engine's", ErrInvalidToken)
	}
	x, err := e.find(e.executionARN(name))
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

// byToken takes a task's answer. One that comes while the task is still being
// submitted is kept until it is.
func (t *turn) byToken(f *frame, a answer) {
	if f.Waits == forTask {
		f.Task.Early = &a
		return
	}
	f.Wake = time.Time{}
	t.taskEnded(f, a)
}
