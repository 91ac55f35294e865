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

// The errors that an Engine's methods return, wrapped. They have their names in the
// Step Functions API.
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

	// ErrUnsaved: Config.Save has failed. Where something was to happen, it may happen
	// all the same.
	ErrUnsaved = errors.New("the execution could not be saved")
)

// Config configures an Engine. Machine is required, and so is a resource for each
// of its tasks.
type Config struct {
	Machine *Machine

	// Resources do the work of Task states. The key is the integration's name
	// as in its ARN: "lambda:invoke", "sqs:sendMessage" (which also serves
	// sqs:sendMessage.waitForTaskToken), "dynamodb:updateItem"; "lambda" stands
	// for a function's own ARN.
	Resources map[string]Resource

	// Cover, if set, is called with each part of the definition that an execution takes,
	// in the order in which it takes them. Cover must return soon and must not call the
	// engine.
	Cover func(executionARN string, p Part)

	// Observe, if set, is called with each event of every history. The events of one
	// execution come in order. Observe must return soon and must not call the engine.
	Observe func(executionARN string, e Event)

	// Save, if set, stores what has changed in an execution before anything follows
	// from it: before a task is called, a method returns or Observe is called. The
	// changes of one execution come in order, those of several executions at once.
	// When Save fails, it is called again after a second, with what has changed by
	// then; an execution whose first change cannot be saved is not started. Save must
	// not call the engine. Engine.Resume continues what was saved.
	Save func(Change) error

	// Events, if set, returns the events that Save has stored for an execution. The
	// engine then holds no history of an execution that has ended.
	Events func(name string) ([]Event, error)

	Name    string // of the state machine; "StateMachine" when empty
	Region  string // "us-east-1" when empty
	Account string // "123456789012" when empty
	RoleARN string // the role that histories name; derived from Name when empty

	// KeepEnded is how many ended executions are kept, those that ended last. 10,000
	// when 0.
	KeepEnded int

	// Forget, if set, is asked before an ended execution is forgotten. If it returns
	// false, the execution is kept in addition to KeepEnded others, and Forget is asked
	// again later.
	Forget func(name string) bool
}

// Engine runs the executions of one state machine. Its methods may be called
// from many goroutines at once.
type Engine struct {
	config     Config
	arn        string // of the state machine
	arnPrefix  string // with which the ARNs of its executions begin
	executions registry

	random *rand.Rand // of tokens, delays and intrinsic functions

	tasks  context.Context // of the tasks; cancelled by Close
	cancel context.CancelFunc
}

// New returns an engine. If the machine has tasks without a registered resource, the
// error is a [Problems].
func New(c Config) (*Engine, error) {
	if c.Machine == nil {
		return nil, errors.New("asl.Config lacks Machine")
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
	var problems Problems
	for _, w := range m.tasks {
		if c.resource(w) == nil {
			problem := w.resourceAt
			problem.Message = fmt.Sprintf("no resource is registered for %q", w.key)
			problems = append(problems, problem)
		}
	}
	if problems == nil {
		return nil
	}
	return problems
}

// resource returns the resource of a task, or nil. Its key may have the suffix
// .waitForTaskToken or not.
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

// Machine returns the machine with which executions start.
func (e *Engine) Machine() *Machine { return e.config.Machine }

// ExecutionARN returns the ARN that an execution of this name has. The execution
// need not exist.
func (e *Engine) ExecutionARN(name string) string { return e.arnPrefix + name }

// RoleARN returns the role that histories name.
func (e *Engine) RoleARN() string { return e.config.RoleARN }

func (e *Engine) newExecution(name string, input Value, now time.Time) *execution {
	return &execution{engine: e, machine: e.config.Machine, arn: e.ExecutionARN(name), Name: name, Input: input, Status: Running, Started: now}
}

// parseInput returns the value of an execution's input. Its errors wrap
// ErrInvalidExecutionInput.
func parseInput(input []byte) (Value, error) {
	if len(input) > maxPayloadBytes {
		return Value{}, fmt.Errorf("%w: %d bytes are more than 256 KiB", ErrInvalidExecutionInput, len(input))
	}
	value, err := ParseValue(input)
	if err != nil {
		return Value{}, fmt.Errorf("%w: %v", ErrInvalidExecutionInput, err)
	}
	return value, nil
}

// Start starts an execution and returns without waiting for its end. An empty name
// stands for a random one. If an execution of this name is running with equal
// input, Start returns that execution; if its input differs or it has ended, the
// error is ErrExecutionAlreadyExists. The error is ErrInvalidName if the name is
// invalid, and ErrInvalidExecutionInput if the input is not JSON or has more than
// 256 KiB; it is ErrUnsaved if the execution could not be saved.
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
	calls := x.take(now, (*turn).start)
	if err := x.save(); err != nil {
		e.executions.remove(x.Name)
		x.Status, x.unsaved = Aborted, false // for those who have found it meanwhile
		x.shown = x.present()
		x.announce()
		x.mu.Unlock()
		return Execution{}, fmt.Errorf("start: %w", err)
	}
	described := x.shown
	calls, _ = x.settle(calls) // it is saved
	startAll(calls)
	return described, nil
}

// keepEnded keeps an execution that has ended. If there are too many, it forgets the one
// that ended first, and one that had to be kept when it was asked about before.
func (e *Engine) keepEnded(x *execution) {
	for _, name := range e.executions.noteEnded(x.Name) {
		if e.config.Forget == nil || e.config.Forget(name) {
			e.executions.remove(name)
		} else {
			e.executions.keepLonger(name)
		}
	}
}

// Close closes the engine, so that nothing starts any more, and waits for running
// tasks. When ctx ends first, Close cancels their contexts, waits for them without
// a limit and returns the error of ctx, wrapped. Executions that have not ended
// stay as they are.
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
