package lambdatest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/lambdaapi"
)

// bootstrap is testdata/bootstrap, compiled.
var bootstrap string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "lambdatest")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		bootstrap = filepath.Join(dir, "bootstrap")
		if err := Build(context.Background(), "./testdata/bootstrap", bootstrap); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// answer is the bootstrap's answer to an ordinary invocation.
type answer struct {
	Count, PID, Size int
	RequestID, ARN   string
	RemainingMS      int64
	Trace            string
	Environ          []string
}

func newFunction(t *testing.T, cfg Config) *Function {
	t.Helper()
	if cfg.Bootstrap == "" {
		cfg.Bootstrap = bootstrap
	}
	cfg.Timeout = cmp.Or(cfg.Timeout, time.Minute) // no test waits this long
	f := New(cfg)
	t.Cleanup(f.Close)
	return f
}

func invoke(t *testing.T, f *Function, event string) Result {
	t.Helper()
	r, err := f.Invoke(t.Context(), []byte(event))
	require.NoError(t, err)
	return r
}

func succeed(t *testing.T, f *Function) answer {
	t.Helper()
	r := invoke(t, f, `{}`)
	require.Empty(t, r.FunctionError, "%s", r.Payload)
	var a answer
	require.NoError(t, json.Unmarshal(r.Payload, &a))
	return a
}

func requireFailure(t *testing.T, r Result, errorType, message string) Failure {
	t.Helper()
	require.Equal(t, "Unhandled", r.FunctionError)
	var f Failure
	require.NoError(t, json.Unmarshal(r.Payload, &f), "%s", r.Payload)
	require.Equal(t, errorType, f.Type)
	require.Equal(t, strings.ReplaceAll(message, "$ID", r.RequestID), f.Message)
	return f
}

func TestAnInvocationHasLambdasHeadersAndVariables(t *testing.T) {
	f := newFunction(t, Config{Name: "pizza", MemoryMB: 256,
		Env: map[string]string{"TABLE_NAME": "orders", "TZ": "Europe/Rome", "AWS_REGION": "nowhere"}})
	t.Setenv("SECRET_OF_THIS_MACHINE", "x")
	r := invoke(t, f, `{"do":"tell"}`)
	var a answer
	require.NoError(t, json.Unmarshal(r.Payload, &a))

	require.Equal(t, r.RequestID, a.RequestID)
	require.Equal(t, "arn:aws:lambda:eu-west-1:123456789012:function:pizza", a.ARN)
	require.Equal(t, f.ARN(), a.ARN)
	require.Greater(t, a.RemainingMS, int64(0))
	require.LessOrEqual(t, a.RemainingMS, time.Minute.Milliseconds())
	require.Regexp(t, `^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`, a.Trace)
	for _, v := range []string{
		"TABLE_NAME=orders", "TZ=Europe/Rome", "AWS_REGION=eu-west-1", "AWS_LAMBDA_FUNCTION_NAME=pizza",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "_HANDLER=bootstrap",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand", "LAMBDA_TASK_ROOT=" + filepath.Dir(bootstrap),
	} {
		assert.Contains(t, a.Environ, v)
	}
	require.NotContains(t, strings.Join(a.Environ, "\n"), "SECRET_OF_THIS_MACHINE")
}

func TestProcessServesOneInvocationAfterAnother(t *testing.T) {
	f := newFunction(t, Config{})
	first, second := invoke(t, f, `{}`), invoke(t, f, `{}`)
	require.Positive(t, first.Init)
	require.Zero(t, second.Init, "the process was warm")
	require.Positive(t, second.Duration)
	require.Equal(t, "init\ndoing \n", string(first.Log))
	require.Equal(t, "doing \n", string(second.Log))
	require.NotEqual(t, first.RequestID, second.RequestID)
	require.Equal(t, 3, succeed(t, f).Count)
}

func TestConcurrentInvocationsHaveTheirOwnProcesses(t *testing.T) {
	f := newFunction(t, Config{})
	event := fmt.Sprintf(`{"do":"meet","var":%q}`, t.TempDir())
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			r, err := f.Invoke(t.Context(), []byte(event))
			if err != nil || string(r.Payload) != "2" {
				t.Errorf("%s %v", r.Payload, err)
			}
		})
	}
	both.Wait()
	require.Len(t, f.idle, 2)
}

func TestAFailureKeepsTheProcessRunning(t *testing.T) {
	f := newFunction(t, Config{})
	first := succeed(t, f)
	requireFailure(t, invoke(t, f, `{"do":"fail"}`), "errorString", "no pizza today")
	requireFailure(t, invoke(t, f, `{"do":17}`), "UnmarshalTypeError",
		"json: cannot unmarshal number into Go struct field event.do of type string")
	require.Equal(t, first.PID, succeed(t, f).PID)
}

func TestAPanicIsReportedWithItsStackAndEndsTheProcess(t *testing.T) {
	f := newFunction(t, Config{})
	first := succeed(t, f)
	r := invoke(t, f, `{"do":"panic"}`)
	failure := requireFailure(t, r, "string", "oven on fire")
	require.Contains(t, string(failure.StackTrace), "(*handler).Invoke")
	require.Contains(t, string(r.Log), "the process should exit")
	next := succeed(t, f)
	require.NotEqual(t, first.PID, next.PID)
	require.Equal(t, 1, next.Count)
}

func TestTimeOutKillsTheProcess(t *testing.T) {
	var processes []*os.Process
	f := newFunction(t, Config{Timeout: 100 * time.Millisecond, Ready: func(p *os.Process) { processes = append(processes, p) }})
	for range 2 {
		requireFailure(t, invoke(t, f, `{"do":"hang"}`), "Sandbox.Timedout", "RequestId: $ID Error: Task timed out after 0.10 seconds")
	}
	require.Len(t, processes, 2, "the next invocation starts a new one")
	require.ErrorIs(t, processes[0].Signal(syscall.Signal(0)), os.ErrProcessDone)
}

func TestAnExitIsReportedWithItsStatus(t *testing.T) {
	f := newFunction(t, Config{})
	requireFailure(t, invoke(t, f, `{"do":"exit","code":7}`), "Runtime.ExitError", "RequestId: $ID Error: Runtime exited with error: exit status 7")
	requireFailure(t, invoke(t, f, `{"do":"exit","code":0}`), "Runtime.ExitError", "RequestId: $ID Error: Runtime exited without providing a reason")
	require.Equal(t, 1, succeed(t, f).Count)
}

func TestAKilledProcessIsReportedWithItsSignal(t *testing.T) {
	f := newFunction(t, Config{})
	r := invoke(t, f, `{"do":"kill yourself"}`) // as the system does when the function is out of memory
	requireFailure(t, r, "Runtime.ExitError", "RequestId: $ID Error: Runtime exited with error: signal: killed")
	require.Equal(t, 1, succeed(t, f).Count)
}

func TestReadyIsCalledOnceForEachProcess(t *testing.T) {
	var pids []int
	f := newFunction(t, Config{Ready: func(p *os.Process) { pids = append(pids, p.Pid) }})
	first := succeed(t, f).PID
	succeed(t, f)
	invoke(t, f, `{"do":"panic"}`)
	require.Equal(t, []int{first, succeed(t, f).PID}, pids)
}

func TestFailedInitIsTriedTwice(t *testing.T) {
	for name, message := range map[string]string{
		"exit":         "RequestId: $ID Error: Runtime exited with error: exit status 3",
		"panic":        "RequestId: $ID Error: Runtime exited with error: exit status 2",
		"exit cleanly": "RequestId: $ID Error: Runtime exited without providing a reason",
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			f := newFunction(t, Config{Log: &log, Env: map[string]string{"INIT": name}})
			requireFailure(t, invoke(t, f, `{}`), "Runtime.ExitError", message)
			require.Equal(t, 2, strings.Count(log.String(), "init\n"))
		})
	}
	t.Run("the second attempt may succeed", func(t *testing.T) {
		f := newFunction(t, Config{Env: map[string]string{"INIT": "exit once", "MARK": filepath.Join(t.TempDir(), "mark")}})
		require.Equal(t, 1, succeed(t, f).Count)
	})
}

func TestAnInitErrorHasTheFunctionsMessage(t *testing.T) {
	f := newFunction(t, Config{Env: map[string]string{"INIT": "report"}})
	requireFailure(t, invoke(t, f, `{}`), "Bakery.Closed", "no flour")
}

func TestAFileThatCannotBeStartedIsAnInvalidEntrypoint(t *testing.T) {
	nothing := filepath.Join(t.TempDir(), "bootstrap")
	f := newFunction(t, Config{Bootstrap: nothing})
	requireFailure(t, invoke(t, f, `{}`), "Runtime.InvalidEntrypoint", "RequestId: $ID Error: fork/exec "+nothing+": no such file or directory")
}

func TestAnswerOfSixMegabytesPassesAndOneByteMoreDoesNot(t *testing.T) {
	f := newFunction(t, Config{})
	r := invoke(t, f, fmt.Sprintf(`{"do":"answer","bytes":%d}`, MaxResponse))
	require.Empty(t, r.FunctionError)
	require.Len(t, r.Payload, MaxResponse)

	r = invoke(t, f, fmt.Sprintf(`{"do":"answer","bytes":%d}`, MaxResponse+1))
	requireFailure(t, r, "Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (6291556 bytes).")
	require.Contains(t, string(r.Log), "unexpected status code: 413", "aws-lambda-go gives up when its answer is refused")
	require.Equal(t, 1, succeed(t, f).Count)
}

func TestEventOfSixMegabytesPassesAndOneByteMoreDoesNot(t *testing.T) {
	f := newFunction(t, Config{})
	event := `{"filler":"` + strings.Repeat("x", lambdaapi.MaxEvent-len(`{"filler":""}`)) + `"}`
	var a answer
	require.NoError(t, json.Unmarshal(invoke(t, f, event).Payload, &a))
	require.Equal(t, lambdaapi.MaxEvent, a.Size)

	requireRefusal(t, f, event+" ", "RequestEntityTooLargeException", 413)
	require.Equal(t, 2, succeed(t, f).Count, "the function did not receive it")
}

func TestEventThatIsNotJSONIsRefused(t *testing.T) {
	f := newFunction(t, Config{})
	requireRefusal(t, f, `{"do":`, "InvalidRequestContentException", 400)
}

func requireRefusal(t *testing.T, f *Function, event, code string, status int) {
	t.Helper()
	_, err := f.Invoke(t.Context(), []byte(event))
	var refusal *lambdaapi.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, code, refusal.Code)
	require.Equal(t, status, refusal.Status)
}

func TestACallerThatDisconnectsDoesNotStopTheFunction(t *testing.T) {
	f := newFunction(t, Config{})
	dir := t.TempDir()
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := f.Invoke(ctx, fmt.Appendf(nil, `{"do":"meet","var":%q}`, dir))
		left <- err
	}()
	leave()
	require.ErrorIs(t, <-left, context.Canceled)
	require.Equal(t, "2", string(invoke(t, f, fmt.Sprintf(`{"do":"meet","var":%q}`, dir)).Payload), "it met the invocation whose caller had disconnected")
}

func TestAClosedFunctionHasNoProcesses(t *testing.T) {
	f := newFunction(t, Config{})
	pid := succeed(t, f).PID
	f.Close()
	process, err := os.FindProcess(pid)
	require.NoError(t, err)
	require.ErrorIs(t, process.Signal(syscall.Signal(0)), os.ErrProcessDone)
	_, err = f.Invoke(t.Context(), []byte(`{}`))
	refusal, ok := errors.AsType[*lambdaapi.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, 404, refusal.Status)
}
