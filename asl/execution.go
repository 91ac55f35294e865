package asl

import (
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
	mu     sync.Mutex
	engine *Engine

	arn string

	Name    string
	Input   Value
	Status  Status
	Output  Value
	Failure failure
	Started time.Time
	Stopped time.Time `json:",omitzero"`
	Expires time.Time `json:",omitzero"` // by the machine's TimeoutSeconds; zero is never
	Root    *frame    // nil when it has ended
	Events  history

	due       dueHeap
	timer     *time.Timer   // set to the earliest due
	alarm     time.Time     // when the timer rings; zero when it is not set
	done      chan struct{} // closed at the end; made for the first call of Wait
	announced bool          // done is closed and the registry knows of the end
}

// turn runs one turn, and calls the tasks that it started.
func (x *execution) turn(happens func(*turn)) {
	x.mu.Lock()
	x.release(x.take(time.Now(), happens))
}

// take runs one turn and returns the calls of the tasks that it started. The
// caller holds the lock and passes the calls to release.
func (x *execution) take(now time.Time, happens func(*turn)) []taskCall {
	if x.Status != Running {
		return nil
	}
	t := &turn{execution: x, now: now}
	t.expire()
	if happens != nil && x.Status == Running {
		happens(t)
	}
	return t.run()
}

// release sets the timer, announces the end if it has come, unlocks the execution
// and starts the calls.
func (x *execution) release(calls []taskCall) {
	endedNow := x.Status != Running && !x.announced
	if x.Status == Running {
		x.setTimer()
	} else {
		x.stopTimer()
	}
	if endedNow {
		x.announced = true
		if x.done != nil {
			close(x.done)
		}
	}
	x.mu.Unlock()
	if endedNow {
		x.engine.executions.keepEnded(x)
	}
	for _, c := range calls {
		c.start()
	}
}

// setTimer sets the timer to the earliest due. A timer that rings earlier is left
// as it is, because setting it for every task would cost more.
func (x *execution) setTimer() {
	at := x.due.earliest()
	if at.IsZero() || !x.alarm.IsZero() && !at.Before(x.alarm) {
		return
	}
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
	x.release(x.take(time.Now(), nil))
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
		if x.Status != Running {
			close(x.done)
		}
	}
	return x.done
}

func (x *execution) describe() Execution {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.describeLocked()
}

// describeLocked is describe for a caller that holds the lock.
func (x *execution) describeLocked() Execution {
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
