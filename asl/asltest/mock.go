package asltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"pizzasaga/asl"
)

// Mocks are the mocks of Task states, by the state's name.
type Mocks map[string]Mock

// Mock does the work of a Task state. A [Response] is a mock that answers every call in the
// same way. [InOrder], [Func] and [Resource] return other mocks.
type Mock interface {
	Respond(c Call) Response
}

// Call is a call of a task.
type Call struct {
	asl.Task
	Number int       // counts the calls of this state in its execution from 0, including retries and iterations of a Map
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
	payload bool  // it is the answer of a function
	refused bool  // it fails before it is submitted
	fault   error // of the mock, which ends the run
}

// Return returns a response that ends a task with an output, which is JSON. A task that
// waits for a token or for a job is submitted first, and then ends with the output.
func Return(output string) Response {
	value, err := asl.ParseValue([]byte(output))
	if err != nil {
		return Response{fault: fmt.Errorf("returns something that is not JSON (%w): %s", err, output)}
	}
	return Response{output: value}
}

// Payload returns a response that ends a task of lambda:invoke with the answer of its
// function, which is JSON. In other tasks, it ends the run with an error.
func Payload(answer string) Response {
	r := Return(answer)
	if value, ok := r.output.(asl.Value); ok {
		r.output = map[string]any{"ExecutedVersion": "$LATEST", "Payload": json.RawMessage(value.Bytes()), "StatusCode": 200}
	}
	r.payload = true
	return r
}

// Throw returns a response that fails a task with an error. The cause may be empty. A
// task that waits for a token or for a job is submitted first.
func Throw(name, cause string) Response {
	return Response{err: &asl.TaskError{Name: name, Cause: cause}}
}

// Never returns a response that never comes, so that the task times out.
func Never() Response { return Response{never: true} }

// After returns a response that comes some time after the task has started. A negative time
// ends the run with an error.
func (r Response) After(d time.Duration) Response { r.after = d; return r }

// HeartbeatEvery returns r with a heartbeat every d until the response comes.
func (r Response) HeartbeatEvery(d time.Duration) Response { r.beat = d; return r }

// Submitted returns r with the output of submitting the task or starting the job, as
// JSON; {} by default. Only tasks that wait for a token or a job use it.
func (r Response) Submitted(output string) Response {
	value, err := asl.ParseValue([]byte(output))
	if err != nil {
		r.fault = fmt.Errorf("is submitted with something that is not JSON (%w): %s", err, output)
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
		return Response{fault: fmt.Errorf("has %s, and this is call %d", counted(len(responses), "response"), c.Number+1)}
	})
}

// Func is a mock that decides how each call ends.
type Func func(c Call) Response

// Respond calls f.
func (f Func) Respond(c Call) Response {
	if f == nil {
		return Response{fault: errors.New("is nil")}
	}
	return f(c)
}

// Resource returns a mock that calls the code of the application. A handler of a Lambda
// function becomes a resource with [asl.LambdaInvoke] or [asl.LambdaFunction].
func Resource(r asl.Resource) Mock {
	if r == nil {
		return Func(nil)
	}
	return Func(func(c Call) Response {
		output, err := r(context.Background(), c.Task)
		return Response{output: output, err: err}
	})
}

// replies returns the replies to a call.
func (m Mocks) replies(c Call) ([]asl.Reply, error) {
	mock, ok := m[c.State]
	if !ok {
		return nil, fmt.Errorf("the state %s has no mock; it is called with %s", c.State, c.Parameters)
	}
	r := mock.Respond(c)
	if err := r.check(c); err != nil {
		return nil, fmt.Errorf("the mock of the state %s %w; it is called with %s", c.State, err, c.Parameters)
	}
	return r.replies(c.Token != ""), nil
}

// check returns what is wrong with a response to a call.
func (r Response) check(c Call) error {
	switch {
	case r.fault != nil:
		return r.fault
	case r.payload && !strings.HasSuffix(c.Resource, ":lambda:invoke"):
		return fmt.Errorf("returns a Payload, which only lambda:invoke has, and not %s; use Return", c.Resource)
	case r.after < 0 || r.beat < 0:
		return errors.New("has a negative time")
	case r.never && r.beat > 0:
		return errors.New("never answers, so it cannot send heartbeats: let it answer after the task's TimeoutSeconds")
	}
	return nil
}

func (r Response) replies(byToken bool) (replies []asl.Reply) {
	byToken = byToken && !r.refused
	if byToken {
		receipt := r.receipt
		if receipt == nil {
			receipt = struct{}{}
		}
		replies = append(replies, asl.Reply{Output: receipt})
	}
	if r.never {
		return replies
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
	return append(replies, end)
}
