package asltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"pizzasaga/asl"
)

// Mocks are the mocks of Task states, by the state's name.
type Mocks map[string]Mock

// Mock does the work of a Task state. A [Response] is a mock that answers each call the
// same, and [InOrder], [Func] and [Resource] return others.
type Mock interface {
	Respond(c Call) Response
}

// Call is a call of a task.
type Call struct {
	asl.Task
	Number int       // of the calls of this state in its execution, retries and iterations of a Map included; from 0
	Time   time.Time // when the task started, in the execution's time
}

// Response is how a task ends.
type Response struct {
	output  any
	err     error
	after   time.Duration
	beat    time.Duration // between heartbeats; 0 is none
	receipt any           // the output of submitting the task
	never   bool
	refused bool  // it fails before it is submitted
	fault   error // of the mock, which ends the run
}

// Return ends a task with an output, which is JSON. A task that waits for a token or for a
// job is submitted first, and ends with the output then.
func Return(output string) Response {
	value, err := asl.ParseValue([]byte(output))
	if err != nil {
		return Response{fault: fmt.Errorf("returns what is not JSON (%w): %s", err, output)}
	}
	return Response{output: value}
}

// Payload ends a task of lambda:invoke with the answer of its function, which is JSON.
func Payload(answer string) Response {
	r := Return(answer)
	if value, ok := r.output.(asl.Value); ok {
		r.output = map[string]any{"ExecutedVersion": "$LATEST", "Payload": json.RawMessage(value.Bytes()), "StatusCode": 200}
	}
	return r
}

// Throw fails a task with an error. The cause may be empty. A task that waits for a token
// or for a job is submitted first.
func Throw(name, cause string) Response {
	return Response{err: &asl.TaskError{Name: name, Cause: cause}}
}

// Never leaves a task without an answer, so that it times out.
func Never() Response { return Response{never: true} }

// After returns a response that comes some time after the task has started.
func (r Response) After(d time.Duration) Response { r.after = d; return r }

// HeartbeatEvery returns a response before which heartbeats are sent.
func (r Response) HeartbeatEvery(d time.Duration) Response { r.beat = d; return r }

// Submitted returns a response to a task that waits for a token or for a job, with the
// output of submitting the task or starting the job, which is JSON. It is {} otherwise.
func (r Response) Submitted(output string) Response {
	value, err := asl.ParseValue([]byte(output))
	if err != nil {
		r.fault = fmt.Errorf("is submitted with what is not JSON (%w): %s", err, output)
	}
	r.receipt = value
	return r
}

// Respond returns r.
func (r Response) Respond(Call) Response { return r }

// InOrder answers the first call with the first response, and so on. A call for which no
// response is left ends the run with an error.
func InOrder(responses ...Response) Mock {
	return Func(func(c Call) Response {
		if c.Number < len(responses) {
			return responses[c.Number]
		}
		return Response{fault: fmt.Errorf("has %d responses, and this is call %d", len(responses), c.Number+1)}
	})
}

// Func is a mock that decides for each call how it ends.
type Func func(c Call) Response

// Respond calls f.
func (f Func) Respond(c Call) Response { return f(c) }

// Resource returns a mock that calls the code of the application, such as
// [asl.LambdaInvoke] of a function's handler.
func Resource(r asl.Resource) Mock {
	return Func(func(c Call) Response {
		output, err := r(context.Background(), c.Task)
		return Response{output: output, err: err}
	})
}

// replies returns what becomes of a call.
func (m Mocks) replies(c Call) ([]asl.Reply, error) {
	mock, ok := m[c.State]
	if !ok {
		return nil, fmt.Errorf("the state %s has no mock; it is called with %s", c.State, c.Parameters)
	}
	r := mock.Respond(c)
	if r.fault != nil {
		return nil, fmt.Errorf("the mock of the state %s %w; it is called with %s", c.State, r.fault, c.Parameters)
	}
	return r.replies(c.Token != "")
}

var errEndlessBeats = errors.New("a mock that never answers cannot send heartbeats: let it answer after the task's TimeoutSeconds")

func (r Response) replies(byToken bool) (replies []asl.Reply, err error) {
	byToken = byToken && !r.refused
	if byToken {
		receipt := r.receipt
		if receipt == nil {
			receipt = struct{}{}
		}
		replies = append(replies, asl.Reply{Output: receipt})
	}
	switch {
	case r.never && r.beat > 0:
		return nil, errEndlessBeats
	case r.never:
		return replies, nil
	}
	if r.beat > 0 {
		for at := r.beat; at < r.after; at += r.beat {
			replies = append(replies, asl.Reply{After: at, Kind: asl.HeartbeatSent})
		}
	}
	end := asl.Reply{After: r.after, Output: r.output, Err: r.err}
	if byToken {
		end.Kind = asl.ByToken
	}
	return append(replies, end), nil
}
