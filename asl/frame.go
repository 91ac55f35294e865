package asl

import "time"

// frame is one line of control of an execution: the execution's own, a branch
// of a Parallel or an iteration of a Map. It stands in one state at a time.
//
// What an execution is made of is exported so that it can be saved as JSON; a
// frame's parent and index follow from where it is.
type frame struct {
	parent *frame // whose Parallel or Map it belongs to; nil for the execution's own
	index  int    // which branch or iteration

	Item    Value      // of an iteration: the Map's item
	State   *state     // nil before the first
	Input   Value      // the state's raw input
	Vars    *variables // as Assign has set them
	Last    int64      // id of this line's latest event, which the next one names as previous
	Entered int64      // id of the event that entered the state
	Since   time.Time  // when that was
	Retries []int      `json:",omitempty"` // how often each of the state's retriers was used
	Attempt int        `json:",omitempty"` // all of them together

	Waits  waiting
	Wake   time.Time `json:",omitzero"`  // when to go on, or when the task times out; zero is never
	Serial int64     `json:",omitempty"` // of a task: its scheduling event's id
	Task   *taskRun  `json:",omitempty"` // of a Task that is under way
	Group  *group    `json:",omitempty"` // of a Parallel or Map that is under way
}

// waiting is what a frame waits for.
type waiting string

const (
	nothing     waiting = ""
	forTask     waiting = "task"     // a running task's answer
	forToken    waiting = "token"    // a submitted task's token
	forTime     waiting = "time"     // the end of a Wait
	forRetry    waiting = "retry"    // the end of a retry's delay
	forBranches waiting = "branches" // its group
	forNothing  waiting = "nothing"  // it has ended or was stopped
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

// wake is when the task must be looked at: at its time-out or when its
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

// group is the branches or iterations of a Parallel or Map under way.
type group struct {
	Input   Value    // Parallel: each branch's input; Map: what ItemSelector sees
	IsMap   bool     `json:",omitempty"`
	Items   list     `json:",omitempty"` // Map only
	Limit   int      // how many may run at once
	Started int      // how many have been started
	Ended   int      // how many have succeeded or have failed within tolerance
	Failed  int      `json:",omitempty"` // those that have failed within tolerance
	Allowed int      `json:",omitempty"` // how many of the iterations may fail
	Frames  []*frame // by index; nil before the start and after the end
	Results list
}

// list is the items of a JSON array.
type list []any

// children calls each for the frames of f's group that have not ended, in order.
func (f *frame) children(each func(*frame)) {
	if f.Group == nil {
		return
	}
	for _, child := range f.Group.Frames {
		if child != nil {
			each(child)
		}
	}
}

// walk calls each for f and all frames below it.
func (f *frame) walk(each func(*frame)) {
	each(f)
	f.children(func(child *frame) { child.walk(each) })
}
