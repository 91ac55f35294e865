package asl

import (
	"slices"
	"sync"
	"time"
)

const (
	maxPayloadBytes = 256 * 1024 // of a state's input or output, as JSON
	maxEvents       = 25000      // of a history, including the event that ends it

	// maxVariablesBytes is the limit for all variables of an execution, as JSON. The limit
	// for one Assign is maxPayloadBytes.
	//
	// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
	maxVariablesBytes = 10 << 20
)

// Status is the status of an execution in the Step Functions API.
type Status string

// The statuses of an execution.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)

// Execution describes an execution at one point in time.
type Execution struct {
	ARN             string
	Name            string
	StateMachineARN string
	Status          Status
	Input           Value
	Output          Value  // if Succeeded
	Error, Cause    string // if Failed or Aborted; either may be empty
	Started         time.Time
	Stopped         time.Time // zero if Running
}

// execution is one run of the machine. Its data changes only in turns, which hold mu.
type execution struct {
	mu      sync.Mutex
	engine  *Engine
	machine *Machine // the one that it was started with
	arn     string

	Name    string
	Input   Value
	Status  Status
	Output  Value
	Failure failure
	Started time.Time
	Stopped time.Time `json:",omitzero"`
	Expires time.Time `json:",omitzero"` // by the machine's TimeoutSeconds; zero is never
	Root    *frame    // nil if it has ended
	Events  history   `json:"-"`

	shown    Execution  // as it was last saved
	recorded int        // how many of Events have been saved and observed
	unsaved  bool       // it has changed since it was saved
	held     []taskCall // to start when it has been saved

	due       dues
	timer     *time.Timer   // set to the earliest due
	firesAt   time.Time     // when the timer fires; zero if it is not set
	done      chan struct{} // closed at the end; created by the first call of Wait
	announced bool          // announce was called
}

// turn runs one turn and calls the tasks that it started. It returns an error if the turn
// could not be saved.
func (x *execution) turn(happens func(*turn)) error {
	x.mu.Lock()
	calls, err := x.settleAndUnlock(x.runTurn(time.Now(), happens))
	startAll(calls)
	return err
}

// runTurn runs one turn and returns the calls of the tasks that it started. The caller
// holds mu and passes the calls to settleAndUnlock.
func (x *execution) runTurn(now time.Time, happens func(*turn)) []taskCall {
	if x.Status != Running {
		return nil
	}
	t := &turn{execution: x, now: now, queue: make([]job, 0, 2)} // usually an answer and the next state
	t.expire()
	if happens != nil && x.Status == Running {
		happens(t)
	}
	calls := t.run()
	x.unsaved = x.unsaved || t.changed || len(x.Events) > x.recorded
	return calls
}

// settleAndUnlock saves the changes of turns and unlocks the execution. It returns the
// calls to start: none if the changes could not be saved.
func (x *execution) settleAndUnlock(calls []taskCall) ([]taskCall, error) {
	calls, err := x.saveOrHold(calls)
	ended := err == nil && x.proceed()
	x.mu.Unlock()
	if ended {
		x.engine.keepEnded(x)
	}
	return calls, err
}

// saveOrHold saves the changes of turns and returns the calls to start. If they cannot be
// saved, it holds the calls back and sets the timer to try again.
func (x *execution) saveOrHold(calls []taskCall) ([]taskCall, error) {
	if x.held != nil {
		calls = slices.DeleteFunc(append(x.held, calls...), taskCall.stale)
		x.held = nil
	}
	err := x.save()
	if err != nil {
		x.held, calls = calls, nil
		x.resetTimer(time.Now().Add(saveAgain))
	}
	return calls, err
}

// proceed sets the timer if the execution is running. If the execution has just ended,
// proceed announces that and returns true.
func (x *execution) proceed() (ended bool) {
	if x.Status == Running {
		x.setTimer()
		return false
	}
	x.stopTimer()
	if x.announced {
		return false
	}
	if x.engine.config.Events != nil {
		x.Events = nil
	}
	x.announce()
	return true
}

// announce wakes the goroutines that wait for the end of the execution.
func (x *execution) announce() {
	x.announced = true
	if x.done != nil {
		close(x.done)
	}
}

// setTimer sets the timer to the earliest due, unless it fires earlier than that. Resetting
// it for every task would cost more.
func (x *execution) setTimer() {
	at := x.due.earliest()
	if at.IsZero() || !x.firesAt.IsZero() && !at.Before(x.firesAt) {
		return
	}
	x.resetTimer(at)
}

func (x *execution) resetTimer(at time.Time) {
	x.firesAt = at
	if x.timer == nil {
		x.timer = time.AfterFunc(time.Until(at), x.onTimer)
		return
	}
	x.timer.Reset(time.Until(at))
}

// onTimer is called when the timer fires.
func (x *execution) onTimer() {
	if !x.engine.executions.enter() {
		return
	}
	defer x.engine.executions.leave()
	x.mu.Lock()
	x.firesAt = time.Time{}
	calls, _ := x.settleAndUnlock(x.runTurn(time.Now(), nil)) // if it fails, the timer tries again
	startAll(calls)
}

// stopTimer stops the timer for good.
func (x *execution) stopTimer() {
	if x.timer != nil {
		x.timer.Stop()
		x.timer = nil
	}
}

// end returns a channel that is closed when the execution ends.
func (x *execution) end() <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.done == nil {
		x.done = make(chan struct{})
		if x.announced {
			close(x.done)
		}
	}
	return x.done
}

// describe returns the execution as it was last saved.
func (x *execution) describe() Execution {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.shown
}

// present returns the execution as it is, saved or not. The caller holds mu.
func (x *execution) present() Execution {
	return Execution{
		ARN:             x.arn,
		Name:            x.Name,
		StateMachineARN: x.engine.arn,
		Status:          x.Status,
		Input:           x.Input,
		Output:          x.Output,
		Error:           x.Failure.Name,
		Cause:           x.Failure.Cause,
		Started:         x.Started,
		Stopped:         x.Stopped,
	}
}

// running returns the frames whose tasks are running.
func (x *execution) running() []*frame {
	var frames []*frame
	if x.Root != nil {
		x.Root.walk(func(f *frame) {
			if f.Waits == forTask {
				frames = append(frames, f)
			}
		})
	}
	return frames
}
