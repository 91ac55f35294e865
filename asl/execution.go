package asl

import (
	"container/heap"
	"slices"
	"sync"
	"time"
)

const (
	maxPayload = 256 * 1024 // bytes of JSON that a state takes or gives
	maxEvents  = 25000      // events of a history, the one that ends it included

	// maxVariables is how many bytes of JSON the variables of an execution may
	// have; those of one Assign may have maxPayload.
	//
	// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
	maxVariables = 10 << 20
)

// execution is one run of the machine. Its data is guarded by mu and is
// changed by turns only.
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

	due     dueHeap       // when which frame wakes
	timer   *time.Timer   // set to the earliest of them
	alarm   time.Time     // which is this
	ended   chan struct{} // closed at the end; made when somebody waits
	settled bool          // the end has been told
}

// begin is the turn in which an execution starts.
func (t *turn) begin() {
	t.event(ExecutionStarted, 0, &ExecutionStartedDetails{t.Input, t.engine.config.RoleARN})
	if seconds := t.engine.config.Machine.timeout; seconds > 0 {
		t.Expires = t.now.Add(time.Duration(seconds) * time.Second)
		heap.Push(&t.due, due{t.Expires, nil})
	}
	t.Root = &frame{Input: t.Input}
	t.queue = append(t.queue, job{frame: t.Root, to: t.engine.config.Machine.flow.start})
}

// event writes an event into the history and gives its id.
func (t *turn) event(kind EventType, previous int64, details Details) int64 {
	if t.Status != Running {
		return previous
	}
	if len(t.Events) == maxEvents-1 {
		t.failExecution(failure{Name: runtimeName, Cause: "The execution reached the maximum number of history events (25000)."}, previous)
		return previous
	}
	return t.append(kind, previous, details)
}

func (t *turn) append(kind EventType, previous int64, details Details) int64 {
	e := Event{ID: int64(len(t.Events) + 1), PreviousID: previous, Time: t.now.Truncate(time.Millisecond), Type: kind, Details: details}
	t.Events.add(e)
	if t.engine.config.Observe != nil {
		t.engine.config.Observe(t.arn, e)
	}
	return e.ID
}

// record writes an event of f's own line.
func (t *turn) record(f *frame, kind EventType, details Details) int64 {
	f.Last = t.event(kind, f.Last, details)
	return f.Last
}

func (t *turn) failExecution(fl failure, previous int64) {
	if t.Status == Running {
		t.Failure = fl
		t.finish(Failed, ExecutionFailed, &FailureDetails{fl.Name, fl.Cause}, previous)
	}
}

// finish ends the execution. Whatever still runs runs for nothing.
func (t *turn) finish(status Status, kind EventType, details Details, previous int64) {
	if t.Status != Running {
		return
	}
	t.append(kind, previous, details)
	t.Status, t.Stopped = status, t.now
	t.Root, t.due = nil, nil
}

// due is a time at which a frame, or the execution itself when there is none,
// must be looked at. It is stale when the frame's wake is another.
type due struct {
	at    time.Time
	frame *frame
}

type dueHeap []due

func (d due) stale() bool { return d.frame != nil && !d.frame.Wake.Equal(d.at) }

// tidy drops what is stale while the heap is small or before it grows: it would
// keep frames that have ended.
func (h *dueHeap) tidy() {
	const small = 4
	full := cap(*h)
	if len(*h) > small && len(*h) < full {
		return
	}
	*h = slices.DeleteFunc(*h, due.stale)
	if len(*h) > small && len(*h) > full/2 {
		*h = slices.Grow(*h, full+1)
	}
	heap.Init(h)
}

func (h dueHeap) Len() int { return len(h) }
func (h dueHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[j].frame != nil && (h[i].frame == nil || h[i].frame.Entered < h[j].frame.Entered)
}

func (h dueHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *dueHeap) Push(x any)   { *h = append(*h, x.(due)) }
func (h *dueHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// wait makes f wait until a time; the zero time is for ever.
func (t *turn) wait(f *frame, why waiting, until time.Time) {
	f.Waits, f.Wake = why, until
	if !until.IsZero() {
		t.due.tidy()
		heap.Push(&t.due, due{until, f})
	}
}

// expire lets happen what was due by now. All that is due at once is written
// down before anything follows from it, as on AWS.
func (t *turn) expire() {
	for len(t.due) > 0 && !t.due[0].at.After(t.now) {
		next := heap.Pop(&t.due).(due)
		f := next.frame
		if f == nil {
			t.finish(TimedOut, ExecutionTimedOut, &FailureDetails{Error: timeoutName}, 0) // the execution itself has no error
			return
		}
		if next.stale() {
			continue
		}
		switch f.Wake = (time.Time{}); f.Waits {
		case forTask, forToken:
			t.taskTimedOut(f, next.at)
		case forTime:
			input, _ := t.inputOf(f) // as when the Wait began
			t.queue = append(t.queue, job{frame: f, then: &answer{Output: Value{input}}})
		case forRetry:
			t.queue = append(t.queue, job{frame: f})
		}
	}
}

// earliest is when the execution must be looked at next; zero is never.
func (x *execution) earliest() time.Time {
	for len(x.due) > 0 {
		if first := x.due[0]; !first.stale() {
			return first.at
		}
		heap.Pop(&x.due)
	}
	return time.Time{}
}
