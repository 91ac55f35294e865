package asl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// The errors that the methods of an Engine wrap. All but the last two are errors of the Step
// Functions API.
var (
	ErrExecutionAlreadyExists = errors.New("ExecutionAlreadyExists")
	ErrExecutionDoesNotExist  = errors.New("ExecutionDoesNotExist")
	ErrInvalidName            = errors.New("InvalidName")
	ErrInvalidExecutionInput  = errors.New("InvalidExecutionInput")
	ErrInvalidOutput          = errors.New("InvalidOutput")
	ErrInvalidToken           = errors.New("InvalidToken")
	ErrTaskDoesNotExist       = errors.New("TaskDoesNotExist")
	ErrTaskTimedOut           = errors.New("TaskTimedOut")
	ErrClosed                 = errors.New("engine is closed")

	// ErrUnsaved means that Config.Save failed. Unless the operation was Start, the engine
	// tries again, so the operation may still take effect.
	ErrUnsaved = errors.New("the execution could not be saved")
)

// Config configures an Engine. Machine is required, and so is a resource for each
// of its tasks.
type Config struct {
	Machine *Machine

	// Resources do the work of Task states. The key is the integration's name in its ARN:
	// "lambda:invoke", "sqs:sendMessage" (also used for sqs:sendMessage.waitForTaskToken,
	// unless that has its own key), "ecs:runTask.sync". The key "lambda" is for tasks
	// whose Resource is the ARN of a function.
	Resources map[string]Resource

	// Cover, if set, is called with each part of the definition that an execution takes,
	// in the order in which it takes them. Cover must return quickly and must not call the
	// engine.
	Cover func(executionARN string, p Part)

	// Observe, if set, is called with each new event, after it has been saved; Resume
	// does not repeat earlier ones. The events of one execution come in order. Observe
	// must return quickly and must not call the engine.
	Observe func(executionARN string, e Event)

	// Save, if set, stores the changes of an execution before they take effect: before a
	// task is called, a method returns or Observe is called. The changes of one execution
	// come in order; those of different executions can come concurrently. If Save fails,
	// it is called again in the execution's next turn, at the latest a second later, with
	// everything that has changed by then. An execution whose first change cannot be
	// saved is not started. Save must not call the engine. Engine.Resume continues a
	// saved execution.
	Save func(Change) error

	// Events, if set, returns the events that Save has stored for an execution. The
	// engine then does not keep the histories of ended executions in memory. History
	// returns its error. It returns no events for an execution that was forgotten.
	Events func(name string) ([]Event, error)

	Name    string // of the state machine; "StateMachine" if empty
	Region  string // "us-east-1" if empty
	Account string // "123456789012" if empty
	RoleARN string // the role in histories; derived from Name if empty

	// KeepEnded is how many ended executions the engine keeps: those that ended last. 0
	// or less means 10,000.
	KeepEnded int

	// Forget, if set, is called before the engine forgets an ended execution. If it
	// returns false, the execution is kept in addition to KeepEnded others, and Forget is
	// called again later. It can be called concurrently.
	Forget func(name string) bool
}

// Engine runs the executions of one state machine. Its methods are safe for concurrent
// use.
type Engine struct {
	config     Config
	arn        string // of the state machine
	arnPrefix  string // of the ARNs of its executions
	executions registry

	random *rand.Rand // for tokens, delays and intrinsic functions

	tasks  context.Context // the parent of the tasks' contexts; cancelled by Close
	cancel context.CancelFunc
}

// New returns an engine. If a task of the machine has no registered resource, the error is
// a [Problems].
func New(c Config) (*Engine, error) {
	if c.Machine == nil {
		return nil, errors.New("asl.Config has no Machine")
	}
	c.Name = cmp.Or(c.Name, "StateMachine")
	c.Region = cmp.Or(c.Region, "us-east-1")
	c.Account = cmp.Or(c.Account, "123456789012")
	c.RoleARN = cmp.Or(c.RoleARN, fmt.Sprintf("arn:aws:iam::%s:role/%s", c.Account, c.Name))
	if c.KeepEnded <= 0 {
		c.KeepEnded = 10000
	}
	if err := c.checkResources(c.Machine); err != nil {
		return nil, err
	}
	e := &Engine{config: c, executions: registry{keep: c.KeepEnded}, random: expr.Secret}
	e.arn = fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", c.Region, c.Account, c.Name)
	e.arnPrefix = fmt.Sprintf("arn:aws:states:%s:%s:execution:%s:", c.Region, c.Account, c.Name)
	e.tasks, e.cancel = context.WithCancel(context.Background())
	return e, nil
}

// checkResources returns an error if the machine has tasks without a registered
// resource.
func (c *Config) checkResources(m *Machine) error {
	return m.checkTasks(func(w *taskWork) string {
		if c.resource(w) != nil {
			return ""
		}
		return fmt.Sprintf("Config.Resources has no %q, which this task needs", w.key)
	})
}

// resource returns the resource of a task, or nil. It can be registered with or without the
// suffix .waitForTaskToken.
func (c *Config) resource(w *taskWork) Resource {
	if w.byToken {
		if r := c.Resources[w.key+tokenSuffix]; r != nil {
			return r
		}
	}
	return c.Resources[w.key]
}

// StateMachineARN returns the ARN of the engine's machine.
func (e *Engine) StateMachineARN() string { return e.arn }

// Machine returns the machine of new executions.
func (e *Engine) Machine() *Machine { return e.config.Machine }

// ExecutionARN returns the ARN of an execution with this name. The execution need not
// exist.
func (e *Engine) ExecutionARN(name string) string { return e.arnPrefix + name }

// RoleARN returns the role in histories.
func (e *Engine) RoleARN() string { return e.config.RoleARN }

func (e *Engine) newExecution(name string, input Value, now time.Time) *execution {
	return &execution{engine: e, machine: e.config.Machine, arn: e.ExecutionARN(name), Name: name, Input: input, Status: Running, Started: now}
}

// parseInput parses the input of an execution. Its errors wrap ErrInvalidExecutionInput.
func parseInput(input []byte) (Value, error) {
	if len(input) > maxPayloadBytes {
		return Value{}, fmt.Errorf("%w: %d bytes exceed the limit of 256 KiB", ErrInvalidExecutionInput, len(input))
	}
	value, err := ParseValue(input)
	if err != nil {
		return Value{}, fmt.Errorf("%w: %v", ErrInvalidExecutionInput, err)
	}
	return value, nil
}

// Start starts an execution and returns without waiting for its end. If the name is empty,
// Start makes a random one. If an execution with this name and equal input is running, Start
// returns that execution; if its input differs or it has ended, the error is
// ErrExecutionAlreadyExists. The error is ErrInvalidName if the name is invalid,
// ErrInvalidExecutionInput if the input is not JSON or is larger than 256 KiB, ErrUnsaved if
// the execution could not be saved, and ErrClosed if the engine is closed.
func (e *Engine) Start(name string, input []byte) (Execution, error) {
	if name == "" {
		name = uuid.NewString()
	}
	if err := checkExecutionName(name); err != nil {
		return Execution{}, err
	}
	value, err := parseInput(input)
	if err != nil {
		return Execution{}, fmt.Errorf("start %s: %w", name, err)
	}
	now := time.Now()
	x := e.newExecution(name, value, now)
	x.mu.Lock()
	switch other, err := e.executions.add(x); {
	case err != nil:
		x.mu.Unlock()
		return Execution{}, fmt.Errorf("start %s: %w", name, err)
	case other != nil:
		x.mu.Unlock()
		described := other.describe()
		if described.Status != Running || !jsonvalue.Equal(other.Input.tree(), value.tree()) {
			return Execution{}, fmt.Errorf("start %s: %w", name, ErrExecutionAlreadyExists)
		}
		return described, nil
	}
	calls := x.runTurn(now, (*turn).start)
	if err := x.save(); err != nil {
		e.executions.remove(x.Name)
		x.Status, x.unsaved = Aborted, false // for goroutines that have found it meanwhile
		x.shown = x.present()
		x.announce()
		x.mu.Unlock()
		return Execution{}, fmt.Errorf("start: %w", err)
	}
	described := x.shown
	calls, _ = x.settleAndUnlock(calls) // cannot fail, because the execution is already saved
	startAll(calls)
	return described, nil
}

// keepEnded keeps an execution that has ended. If too many are kept, it forgets the one that
// ended first. It also tries again to forget one that Forget has refused.
func (e *Engine) keepEnded(x *execution) {
	for _, name := range e.executions.noteEnded(x.Name) {
		if e.config.Forget == nil || e.config.Forget(name) {
			e.executions.remove(name)
		} else {
			e.executions.keepLonger(name)
		}
	}
}

// Close stops the engine from starting anything and waits for running tasks. If ctx ends
// first, Close cancels the contexts of the tasks, continues to wait for them without a
// limit and returns the error of ctx, wrapped. Executions that have not ended stay as
// they are. Later calls of Start and Resume return ErrClosed; Close may be called again.
func (e *Engine) Close(ctx context.Context) error {
	e.executions.close()
	idle := make(chan struct{})
	go func() { e.executions.busy.Wait(); close(idle) }()
	var err error
	select {
	case <-idle:
	case <-ctx.Done():
		err = fmt.Errorf("close engine: running tasks were cancelled: %w", ctx.Err())
	}
	e.cancel()
	<-idle
	return err
}
