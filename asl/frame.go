package asl

import (
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// frame is one line of control of an execution: the execution's own, a branch of
// a Parallel or an iteration of a Map. It stands in one state at a time.
//
// What an execution is made of is exported so that it can be saved as JSON; a
// frame's parent and index follow from where it is.
type frame struct {
	parent *frame // whose Parallel or Map it belongs to; nil for the execution's own
	index  int    // which branch or iteration

	Item    Value           // of an iteration: the Map's item
	State   *state          // nil before the first
	Input   Value           // the state's raw input
	Vars    *expr.Variables // as Assign has set them
	Last    int64           // id of the frame's latest event, which its next one names as previous
	Entered int64           // id of the event that entered the state
	Since   time.Time       // when that was
	Retries []int           `json:",omitempty"` // how often each of the state's retriers was used
	Attempt int             `json:",omitempty"` // all of them together

	Waits  waitingFor
	Wake   time.Time `json:",omitzero"`  // when to go on, or when the task times out; zero is never
	Serial int64     `json:",omitempty"` // of a task: its scheduling event's id
	Task   *taskRun  `json:",omitempty"` // of a Task that is under way
	Group  *group    `json:",omitempty"` // of a Parallel or Map that is under way
}

// waitingFor is what a frame waits for.
type waitingFor string

const (
	nothing  waitingFor = ""      // it can move on
	forTask  waitingFor = "task"  // a running task's answer
	forToken waitingFor = "token" // a submitted task's token
	forTime  waitingFor = "time"  // the end of a Wait
	forRetry waitingFor = "retry" // the end of a retry's delay
	forGroup waitingFor = "group" // its branches or iterations
	ended    waitingFor = "ended" // it does not wait: it has ended or was aborted
)

// taskRun is a Task state's task under way.
type taskRun struct {
	Parameters   Value
	Token        string        `json:",omitempty"` // empty unless the task is answered by its token
	Timeout      time.Duration `json:",omitempty"` // 0 is none
	Heartbeat    time.Duration `json:",omitempty"` // the longest between heartbeats; 0 is any
	TimesOut     time.Time     `json:",omitzero"`  // set when it starts; zero is never
	HeartbeatDue time.Time     `json:",omitzero"`  // zero is never
	Early        *answer       `json:",omitempty"` // what came by token before the task was submitted
}

// wake returns when the task must be looked at: at its time-out, or when its
// heartbeat is due.
func (r *taskRun) wake() time.Time {
	if due := r.HeartbeatDue; !due.IsZero() && (r.TimesOut.IsZero() || due.Before(r.TimesOut)) {
		return due
	}
	return r.TimesOut
}

// answer is how a task ended.
type answer struct {
	Output  Value
	Failure *failure `json:",omitempty"`
}

// array is a JSON array that is saved with the form of its values.
type array []any

func (a array) MarshalJSON() ([]byte, error) { return jsonvalue.Encode([]any(a)), nil }

func (a *array) UnmarshalJSON(text []byte) error {
	items, err := jsonvalue.Decode(text)
	*a, _ = items.([]any)
	return err
}

// walk calls each for f and for all frames below it that have not ended.
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

// abort ends a frame and all below it where they stand.
func (f *frame) abort(t *turn, cause int64) {
	if f.State != nil && f.State.aborted != "" && f.Waits != ended {
		t.event(f.State.aborted, cause, nil)
	}
	f.Waits, f.Wake = ended, time.Time{}
	if f.Group != nil {
		f.Group.abort(t, nil, cause)
	}
}
