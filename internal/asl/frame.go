package asl

import "time"

// frame is one line of control of an execution: the execution's own, a branch
// of a Parallel or an iteration of a Map. It stands in one state at a time.
type frame struct {
	parent *frame // whose Parallel or Map it belongs to; nil for the execution's own
	index  int    // which branch or iteration
	item   any    // of an iteration: the Map's item

	state   *state
	input   any        // the state's raw input
	vars    *variables // as Assign has set them
	last    int64      // id of this line's latest event, which the next one names as previous
	entered int64      // id of the event that entered the state
	since   time.Time  // when that was
	retries []int      // how often each of the state's retriers was used
	attempt int        // all of them together

	waits  waiting
	wake   time.Time // when to go on, or when the task times out; zero is never
	serial int64     // of a task: its TaskScheduled event's id
	task   *taskRun  // of a Task that is under way
	group  *group    // of a Parallel or Map that is under way
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
	forNothing  waiting = "nothing"  // it has ended or was aborted
)

// taskRun is a Task state's task under way.
type taskRun struct {
	parameters   any
	token        string        // empty unless the task is answered by its token
	timeout      time.Duration // 0 is none
	heartbeat    time.Duration // the longest between heartbeats; 0 is any
	timesOut     time.Time     // set when it starts; zero is never
	heartbeatDue time.Time     // zero is never
	early        *answer       // what came by token before the task was submitted
}

// wake is when the task must be looked at: at its time-out or when its
// heartbeat is due.
func (r *taskRun) wake() time.Time {
	if due := r.heartbeatDue; !due.IsZero() && (r.timesOut.IsZero() || due.Before(r.timesOut)) {
		return due
	}
	return r.timesOut
}

// answer is how a task ended.
type answer struct {
	output  any
	failure *failure
}

// group is the branches or iterations of a Parallel or Map under way.
type group struct {
	input   any      // Parallel: each branch's input; Map: what ItemSelector sees
	items   []any    // Map only
	limit   int      // how many may run at once
	started int      // how many have been started
	ended   int      // how many have succeeded or have failed within tolerance
	failed  int      // those that have failed within tolerance
	allowed int      // how many of the iterations may fail
	frames  []*frame // by index; nil before the start and after the end
	results []any
}

// children calls each for the frames of f's group that have not ended, in order.
func (f *frame) children(each func(*frame)) {
	if f.group == nil {
		return
	}
	for _, child := range f.group.frames {
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
