package lambdatest

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
)

// environment is an execution environment: one process with its own Runtime API.
type environment struct {
	arn     string
	onReady func(*os.Process)
	cmd     *exec.Cmd
	api     *http.Server
	output  *os.File // for stdout and stderr; a file, so that output from before an answer is available with the answer
	read    int64    // how much of output has been returned

	started    time.Time
	readyAfter time.Duration
	exited     chan struct{} // closed when the process has ended
	exitReason string        // set before exited is closed
	background sync.WaitGroup

	invocations chan *invocation // to the process's pending request for work
	asked       chan struct{}    // holds a token while the process waits for work
	mu          sync.Mutex
	current     *invocation // until the process requests the next one
	initError   []byte      // reported by the process
}

// startEnvironment starts the bootstrap. The error comes from the operating system.
func startEnvironment(cfg Config, arn string) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	output, err := os.CreateTemp("", "lambdatest-*.log")
	if err != nil {
		listener.Close()
		return nil, err
	}
	e := &environment{
		arn: arn, onReady: cfg.Ready, output: output,
		exited: make(chan struct{}), invocations: make(chan *invocation), asked: make(chan struct{}, 1),
	}
	e.api = &http.Server{Handler: e.routes()}
	e.background.Go(func() { _ = e.api.Serve(listener) })

	e.cmd = exec.Command(cfg.Bootstrap)
	e.cmd.Dir = filepath.Dir(cfg.Bootstrap)
	e.cmd.Env = environ(cfg, listener.Addr().String())
	e.cmd.Stdout, e.cmd.Stderr = output, output
	e.mu.Lock() // the process may ask for work before Start returns
	e.started = time.Now()
	err = e.cmd.Start()
	e.mu.Unlock()
	if err != nil {
		e.close()
		return nil, err
	}
	e.background.Go(func() {
		e.exitReason = exitReason(e.cmd.Wait())
		close(e.exited)
	})
	return e, nil
}

// environ returns the process's environment: the variables that Lambda documents for an
// OS-only runtime, and none of this process.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func environ(cfg Config, runtimeAPI string) []string {
	vars := map[string]string{"LANG": "en_US.UTF-8", "TZ": ":UTC", "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin"}
	maps.Copy(vars, cfg.Env)
	maps.Copy(vars, map[string]string{
		"_HANDLER":                        cfg.Handler,
		"AWS_ACCESS_KEY_ID":               "ASIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY":           "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"AWS_SESSION_TOKEN":               "session-token",
		"AWS_REGION":                      cfg.Region,
		"AWS_DEFAULT_REGION":              cfg.Region,
		"AWS_LAMBDA_FUNCTION_NAME":        cfg.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": fmt.Sprint(cfg.MemoryMB),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + cfg.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      time.Now().UTC().Format("2006/01/02") + "/[$LATEST]" + uuid.NewString(),
		"AWS_LAMBDA_RUNTIME_API":          runtimeAPI,
		"LAMBDA_TASK_ROOT":                filepath.Dir(cfg.Bootstrap),
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
	})
	list := make([]string, 0, len(vars))
	for k, v := range vars {
		list = append(list, k+"="+v)
	}
	return list
}

// awaitReady waits until the process asks for work and returns nil. If the process ends
// or the limit passes first, it returns the failure.
func (e *environment) awaitReady(requestID string, limit time.Duration) []byte {
	select {
	case <-e.asked:
		return nil
	case <-e.exited:
	case <-time.After(limit):
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.initError != nil {
		return e.initError
	}
	return e.silence(requestID, limit)
}

// serve passes the invocation to the process and waits until the process has answered and
// asks for the next one. It returns false if the process has ended or must be killed.
// Either way, the invocation has its answer.
func (e *environment) serve(inv *invocation, timeout time.Duration) (alive bool) {
	inv.started = time.Now()
	if inv.deadline.IsZero() {
		inv.deadline = inv.started.Add(timeout)
	}
	late := time.NewTimer(time.Until(inv.deadline))
	defer late.Stop()

	hand := e.invocations
	for {
		select {
		case hand <- inv:
			hand = nil
		case <-e.asked:
			if e.hasAnswer(inv) {
				return true
			}
		case <-e.exited:
			e.abandon(inv, timeout)
			return false
		case <-late.C:
			e.abandon(inv, timeout)
			return false
		}
	}
}

func (e *environment) hasAnswer(inv *invocation) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return inv.answer != nil
}

// abandon ends an invocation whose process has ended or timed out. An earlier answer
// remains.
func (e *environment) abandon(inv *invocation, timeout time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.current = nil
	if inv.answer == nil {
		inv.reply(e.silence(inv.id, timeout), true)
	}
}

// silence returns why there is no answer: the process ended or timed out.
func (e *environment) silence(requestID string, timeout time.Duration) []byte {
	select {
	case <-e.exited:
		return failure("Runtime.ExitError", "RequestId: %s Error: %s", requestID, e.exitReason)
	default:
		return failure("Sandbox.Timedout", "RequestId: %s Error: Task timed out after %.2f seconds", requestID, timeout.Seconds())
	}
}

// exitReason returns Lambda's text for how a process ended.
func exitReason(err error) string {
	if err == nil {
		return "Runtime exited without providing a reason"
	}
	return "Runtime exited with error: " + err.Error()
}

// newLog returns what the process has written since the last call.
func (e *environment) newLog() []byte {
	info, err := e.output.Stat()
	if err != nil {
		return nil
	}
	b := make([]byte, info.Size()-e.read)
	n, _ := e.output.ReadAt(b, e.read)
	e.read += int64(n)
	return b[:n]
}

// kill ends the process, if it has not ended.
func (e *environment) kill() { _ = e.cmd.Process.Kill() }

// close releases an environment whose process has ended or was killed. It ignores errors.
func (e *environment) close() {
	_ = e.api.Close()
	e.background.Wait()
	_ = e.output.Close()
	_ = os.Remove(e.output.Name())
}
