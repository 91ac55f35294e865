package asl

import (
	"slices"
	"sync"
	"time"
)

const (
	maxPayloadBytes = 256 * 1024 // of a state's input or output, as JSON
	maxEvents       = 25000      // of a history, including the event that ends it

	// maxVariablesBytes is the limit for all variables of an execution, as JSON. For
	// those of one Assign it is maxPayloadBytes.
	//
	// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
	maxVariablesBytes = 10 << 20
)

// Status is the status of an execution, as the Step Functions API names it.
type Status string

// The statuses of an execution.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)

// Execution describes an execution at one moment.
type Execution struct {
	ARN             string
	Name            string
	StateMachineARN string
	Status          Status
	Input           Value
	Output          Value  // when Succeeded
	Error, Cause    string // when Failed or Aborted; either may be empty
	Started         time.Time
	Stopped         time.Time // zero while Running
}

// execution is one run of the machine. Only turns change its data, and they hold
// mu.
type execution struct {
	mu      sync.Mutex
	engine  *Engine
	machine *Machine // with which it began
	arn     string

	Name    string
	Input   Value
	Status  Status
	Output  Value
	Failure failure
	Started time.Time
	Stopped time.Time `json:",omitzero"`
	Expires time.Time `json:",omitzero"` // by the machine's TimeoutSeconds; zero is never
	Root    *frame    // nil when it has ended
	Events  history   `json:"-"`

	shown    Execution  // as it was last saved
	recorded int        // how many of Events have been saved and observed
	unsaved  bool       // it has changed since it was saved
	held     []taskCall // to be made once it is saved

	due       dues
	timer     *time.Timer   // set to the earliest due
	alarm     time.Time     // when the timer rings; zero when it is not set
	done      chan struct{} // closed at the end; made for the first call of Wait
	announced bool          // done is closed and the registry knows of the end
}

// turn runs one turn, and calls the tasks that it started. The error is that of
// saving it.
func (x *execution) turn(happens func(*turn)) error {
	x.mu.Lock()
	calls, err := x.settle(x.take(time.Now(), happens))
	startAll(calls)
	return err
}

// take runs one turn and returns the calls of the tasks that it started. The
// caller holds the lock and passes the calls to settle.
func (x *execution) take(now time.Time, happens func(*turn)) []taskCall {
	if x.Status != Running {
		return nil
	}
	t := &turn{execution: x, now: now, queue: make([]job, 0, 2)} // an answer, and what follows from it
	t.expire()
	if happens != nil && x.Status == Running {
		happens(t)
	}
	calls := t.run()
	x.unsaved = x.unsaved || t.changed || len(x.Events) > x.recorded
	return calls
}

// settle saves what turns have changed, and unlocks the execution. It returns the calls
// to start: none if the save has failed.
func (x *execution) settle(calls []taskCall) ([]taskCall, error) {
	calls, err := x.saveOrHold(calls)
	ended := err == nil && x.proceed()
	x.mu.Unlock()
	if ended {
		x.engine.keepEnded(x)
	}
	return calls, err
}

// saveOrHold saves what turns have changed, and returns the calls to start. If the save
// fails, it holds the calls and sets the timer to try again.
func (x *execution) saveOrHold(calls []taskCall) ([]taskCall, error) {
	if x.held != nil {
		calls = slices.DeleteFunc(append(x.held, calls...), taskCall.stale)
		x.held = nil
	}
	err := x.save()
	if err != nil {
		x.held, calls = calls, nil
		x.ringAt(time.Now().Add(saveAgain))
	}
	return calls, err
}

// proceed sets the timer while the execution is running. It reports whether the
// execution has just ended, and then wakes those who wait for that.
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

// announce wakes those who wait for the end of the execution.
func (x *execution) announce() {
	x.announced = true
	if x.done != nil {
		close(x.done)
	}
}

// setTimer sets the timer to the earliest due. A timer that rings earlier is left
// as it is, because setting it for every task would cost more.
func (x *execution) setTimer() {
	at := x.due.earliest()
	if at.IsZero() || !x.alarm.IsZero() && !at.Before(x.alarm) {
		return
	}
	x.ringAt(at)
}

// ringAt sets the timer.
func (x *execution) ringAt(at time.Time) {
	x.alarm = at
	if x.timer == nil {
		x.timer = time.AfterFunc(time.Until(at), x.ring)
		return
	}
	x.timer.Reset(time.Until(at))
}

// ring is called by the timer.
func (x *execution) ring() {
	if !x.engine.executions.enter() {
		return
	}
	defer x.engine.executions.leave()
	x.mu.Lock()
	x.alarm = time.Time{}
	calls, _ := x.settle(x.take(time.Now(), nil)) // what cannot be saved is tried again
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

// present returns the execution as it is. The caller holds the lock.
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

// running returns the frames that wait for a running task.
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
