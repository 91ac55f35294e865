package asl

import (
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// frame runs a flow: the machine itself, a branch of a Parallel or an iteration of a Map.
// It is in one state at a time.
//
// The exported fields are saved. parent and index are not, because they follow from the
// frame's position.
type frame struct {
	parent *frame // the frame in the Parallel or Map; nil for the root
	index  int    // of the branch or iteration

	Item    Value           // the item of an iteration
	State   *state          // nil before the first state
	Input   Value           // the state's raw input
	Vars    *expr.Variables // set by Assign
	Last    int64           // id of the frame's latest event, the PreviousID of its next one
	Entered int64           // id of the event that entered the state
	Since   time.Time       // the time of that event
	Retries []int           `json:",omitempty"` // how often each of the state's retriers was used
	Attempt int             `json:",omitempty"` // the sum of Retries

	Waits  waitingFor
	Wake   time.Time `json:",omitzero"`  // when the wait ends or the task times out; zero is never
	Serial int64     `json:",omitempty"` // id of the event that scheduled the task
	Task   *taskRun  `json:",omitempty"` // in a Task that has begun
	Group  *group    `json:",omitempty"` // in a Parallel or Map that has begun
}

// waitingFor is what a frame waits for.
type waitingFor string

const (
	nothing  waitingFor = ""      // it can continue
	forTask  waitingFor = "task"  // the answer of a running task
	forToken waitingFor = "token" // the token of a submitted task
	forTime  waitingFor = "time"  // the end of a Wait
	forRetry waitingFor = "retry" // the end of a retry's delay
	forGroup waitingFor = "group" // its branches or iterations
	ended    waitingFor = "ended" // nothing, because it has ended or was aborted
)

// taskRun is the task of a Task state that has begun.
type taskRun struct {
	Parameters   Value
	Token        string        `json:",omitempty"` // empty unless the task is answered by its token
	Timeout      time.Duration `json:",omitempty"` // 0 is none
	Heartbeat    time.Duration `json:",omitempty"` // the longest time between heartbeats; 0 is no limit
	TimesOut     time.Time     `json:",omitzero"`  // set when it starts; zero is never
	HeartbeatDue time.Time     `json:",omitzero"`  // zero is never
	Early        *answer       `json:",omitempty"` // sent by token before the task was submitted
}

// begin sets when the task times out and when its heartbeat is due.
func (r *taskRun) begin(now time.Time) {
	if r.Timeout > 0 {
		r.TimesOut = now.Add(r.Timeout)
	}
	if r.Heartbeat > 0 {
		r.HeartbeatDue = now.Add(r.Heartbeat)
	}
}

// wake returns when the task times out or when its heartbeat is due, whichever is earlier.
func (r *taskRun) wake() time.Time {
	if due := r.HeartbeatDue; !due.IsZero() && (r.TimesOut.IsZero() || due.Before(r.TimesOut)) {
		return due
	}
	return r.TimesOut
}

// beat restarts the heartbeat of f's task.
func (r *taskRun) beat(t *turn, f *frame) {
	if r.Heartbeat > 0 {
		r.HeartbeatDue = t.now.Add(r.Heartbeat)
		t.wait(f, f.Waits, r.wake())
	}
}

// answer is the result of a task: an output or a failure.
type answer struct {
	Output  Value
	Failure *failure `json:",omitempty"`
}

// array is a JSON array, which jsonvalue encodes and decodes.
type array []any

func (a array) MarshalJSON() ([]byte, error) { return jsonvalue.Encode([]any(a)), nil }

func (a *array) UnmarshalJSON(text []byte) error {
	items, err := jsonvalue.Decode(text)
	*a, _ = items.([]any)
	return err
}

// walk calls each with f and with all frames below it that have not ended.
func (f *frame) walk(each func(*frame)) {
	each(f)
	if f.Group == nil {
		return
	}
	for _, child := range f.Group.Frames {
		if child != nil {
			child.walk(each)
		}
	}
}

// abort ends the frame and all frames below it.
func (f *frame) abort(t *turn, cause int64) {
	if f.State != nil && f.State.aborted != "" && f.Waits != ended {
		t.event(f.State.aborted, cause, nil)
	}
	f.Waits = ended
	t.wake(f, time.Time{})
	if f.Group != nil {
		f.Group.abort(t, nil, cause)
	}
}

// fits reports whether the frame's saved fields fit its state in the definition.
func (f *frame) fits() bool {
	if retries := len(f.Retries); retries > 0 && retries != len(f.State.retry) {
		return false
	}
	if f.Waits == forGroup {
		w, ok := f.State.work.(groupWork)
		return ok && f.Group != nil && f.Group.fits(w)
	}
	if f.Group != nil {
		return false
	}
	switch f.Waits {
	case forTask, forToken:
		w, ok := f.State.work.(*taskWork)
		return ok && f.Task != nil && (f.Waits == forTask || w.byToken)
	case forTime:
		_, ok := f.State.work.(*waitWork)
		return ok && !f.Wake.IsZero()
	case forRetry:
		return len(f.Retries) > 0 && !f.Wake.IsZero()
	}
	return false
}
