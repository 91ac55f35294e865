// Package lambdatest stands in for the Lambda service: it starts a compiled bootstrap
// like an execution environment, serves it the Runtime API, sends it invocations, and
// reports what AWS would report when it answers, fails, panics, hangs, exits or answers
// too much.
//
// The process is real; this package is the service around it. It differs from AWS: an
// idle process is not frozen, it has the machine's CPU and memory, there is no
// concurrency limit, and an idle process is never replaced.
package lambdatest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"pizzasaga/internal/lambdaapi"
)

// The account of every function, and the region unless Config has another.
const (
	Account = "123456789012"
	Region  = "eu-west-1"
)

// Limits of the service. See also [lambdaapi.MaxEvent].
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	MaxResponse = 6291556 // bytes of an answer
	initLimit   = 10 * time.Second
)

// Config describes a function.
type Config struct {
	Bootstrap string            // path of the executable; its folder is the working directory
	Name      string            // of the function; default "function"
	Handler   string            // the handler in the function's configuration, which Go does not use
	Region    string            // default Region
	Timeout   time.Duration     // of an invocation; default 3 s, as on AWS
	MemoryMB  int               // reported to the function, not enforced; default 128
	Env       map[string]string // the function's own environment variables
	Log       io.Writer         // receives the processes' output, one invocation at a time; may be nil

	// Ready, if set, is called with each new process when it asks for its first
	// invocation, before it receives that.
	Ready func(*os.Process)
}

// Function is a deployed function. It is safe for concurrent use: each invocation has its
// own process, and a process is reused for later invocations.
type Function struct {
	cfg Config

	mu     sync.Mutex
	closed bool
	idle   []*environment
	live   map[*environment]struct{}
	work   sync.WaitGroup
}

// New returns a function that runs the bootstrap. The first invocation starts it. Close
// it after use.
func New(cfg Config) *Function {
	cfg.Name = cmp.Or(cfg.Name, "function")
	cfg.Handler = cmp.Or(cfg.Handler, "bootstrap")
	cfg.Region = cmp.Or(cfg.Region, Region)
	cfg.Timeout = cmp.Or(cfg.Timeout, 3*time.Second)
	cfg.MemoryMB = cmp.Or(cfg.MemoryMB, 128)
	return &Function{cfg: cfg, live: map[*environment]struct{}{}}
}

// ARN returns the function's Amazon resource name.
func (f *Function) ARN() string {
	return fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", f.cfg.Region, Account, f.cfg.Name)
}

// Result is the result of an invocation.
type Result struct {
	lambdaapi.Result
	Init     time.Duration // from the start of the process to its first request for work; 0 for a warm process
	Duration time.Duration // from sending the event to the answer
	Log      []byte        // the process's output during the invocation; in a cold start, also from before
}

// Failure is the payload of an invocation that failed.
type Failure struct {
	Type       string          `json:"errorType"`
	Message    string          `json:"errorMessage"`
	StackTrace json.RawMessage `json:"stackTrace,omitempty"`
}

// Invoke sends the function an event, waits until the function is done with it and
// returns the answer. A failure of the function is a Result with a FunctionError. The
// error is a *lambdaapi.Error if the service refuses the event (not JSON, or too large),
// or ctx's error; the function then keeps running, as on AWS.
func (f *Function) Invoke(ctx context.Context, payload []byte) (Result, error) {
	event, err := lambdaapi.Event(payload)
	if err != nil {
		return Result{}, err
	}
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return Result{}, lambdaapi.NotFound(f.ARN())
	}
	done := make(chan Result, 1)
	f.work.Go(func() { done <- f.run(newInvocation(event)) })
	f.mu.Unlock()

	select {
	case result := <-done:
		return result, nil
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// API returns the handler of Lambda's API for the function.
func (f *Function) API() http.Handler {
	return lambdaapi.Function{ARN: f.ARN(), Invoke: func(ctx context.Context, event []byte) (lambdaapi.Result, error) {
		r, err := f.Invoke(ctx, event)
		return r.Result, err
	}}
}

// Close kills the function's processes and waits until they have ended.
func (f *Function) Close() {
	f.mu.Lock()
	f.closed = true
	for e := range f.live {
		e.kill()
	}
	f.mu.Unlock()
	f.work.Wait()
	for e := range f.live {
		e.close()
	}
}

// run serves one invocation with an idle process or a new one.
func (f *Function) run(inv *invocation) Result {
	result := Result{Result: lambdaapi.Result{RequestID: inv.id}}
	e := f.takeIdle()
	if e == nil {
		var failure []byte
		if e, failure = f.cold(inv); failure != nil {
			result.Payload, result.FunctionError = failure, lambdaapi.Unhandled
			return result
		}
		result.Init = e.readyAfter
	}
	alive := e.serve(inv, f.cfg.Timeout)
	result.Payload, result.Duration = inv.answer, inv.answered.Sub(inv.started)
	if inv.failed {
		result.FunctionError = lambdaapi.Unhandled
	}
	result.Log = f.release(e, alive)
	return result
}

// cold starts a process for an invocation, or returns the invocation's failure. If the
// init fails or takes too long, Lambda tries once more, within the invocation's time, and
// reports that result.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
func (f *Function) cold(inv *invocation) (*environment, []byte) {
	var failed []byte
	for _, limit := range []time.Duration{initLimit, f.cfg.Timeout} {
		if failed != nil {
			inv.deadline = time.Now().Add(limit)
		}
		e, err := f.start()
		if err != nil {
			return nil, failure("Runtime.InvalidEntrypoint", "RequestId: %s Error: %v", inv.id, err)
		}
		if failed = e.awaitReady(inv.id, limit); failed == nil {
			return e, nil
		}
		f.release(e, false)
	}
	return nil, failed
}

func (f *Function) start() (*environment, error) {
	e, err := startEnvironment(f.cfg, f.ARN())
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live[e] = struct{}{}
	if f.closed {
		e.kill()
	}
	return e, nil
}

func (f *Function) takeIdle() *environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.idle) == 0 {
		return nil
	}
	last := len(f.idle) - 1
	e := f.idle[last]
	f.idle = f.idle[:last]
	return e
}

// release keeps a live process for the next invocation and waits for a dead one. It
// returns the process's output.
func (f *Function) release(e *environment, alive bool) (log []byte) {
	if !alive {
		e.kill()
		<-e.exited
	}
	log = e.newLog()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cfg.Log != nil {
		_, _ = f.cfg.Log.Write(log)
	}
	if alive {
		f.idle = append(f.idle, e)
	} else {
		delete(f.live, e)
		e.close()
	}
	return log
}

// failure returns Lambda's JSON for a failure of the process.
func failure(errorType, format string, args ...any) []byte {
	b, err := json.Marshal(Failure{Type: errorType, Message: fmt.Sprintf(format, args...)})
	if err != nil {
		panic(err) // two strings always marshal
	}
	return b
}
