package asl

import "time"

// startGroup begins a Parallel's branches or a Map's iterations, as many as
// may run at once.
func (t *turn) startGroup(f *frame, g *group, size int) {
	f.group, f.waits = g, forBranches
	g.frames = make([]*frame, size)
	g.results = make([]any, size)
	for f.group == g && g.started < min(size, g.limit) {
		t.startChild(f, f.last)
	}
	if size == 0 {
		t.groupSucceeded(f)
	}
}

// startChild begins f's next branch or iteration; previous is the event that
// led to it.
func (t *turn) startChild(f *frame, previous int64) {
	g := f.group
	child := &frame{parent: f, index: g.started, vars: f.vars.inner(), last: previous}
	g.frames[g.started] = child
	g.started++
	if err := f.state.work.(groupWork).child(t, child); err != nil {
		t.stopGroup(f, child, f.last)
		t.failWith(f, err)
	}
}

// groupWork is the work of a state that has branches or iterations.
type groupWork interface {
	work
	// child gives a new branch or iteration its input and its first state.
	child(t *turn, child *frame) error
	// flow is what the child with this index runs.
	flow(index int) *flow
	// events are the types that tell of one child's end; empty for branches.
	succeeded() (child, all EventType)
	failed() (child, aborted, all EventType)
}

// recordChild writes an event about one child, if its group has a type for that.
// It does not belong to the child's own line of events.
func (t *turn) recordChild(child *frame, kind EventType, previous int64) int64 {
	if kind == "" {
		return previous
	}
	return t.event(kind, previous, &MapIterationDetails{child.parent.state.name, child.index})
}

func (t *turn) childSucceeded(f, child *frame, output any) {
	g := f.group
	kind, _ := f.state.work.(groupWork).succeeded()
	told := t.recordChild(child, kind, child.last)
	g.results[child.index] = output
	t.childEnded(f, child, told)
}

// childEnded goes on after a child that has succeeded, or failed within
// tolerance; told is the event that said so.
func (t *turn) childEnded(f, child *frame, told int64) {
	g := f.group
	g.frames[child.index] = nil
	g.ended++
	switch {
	case g.started < len(g.frames):
		t.startChild(f, child.last)
	case g.ended == len(g.frames):
		f.last = told
		t.groupSucceeded(f)
	}
}

func (t *turn) groupSucceeded(f *frame) {
	_, kind := f.state.work.(groupWork).succeeded()
	t.event(kind, f.last, nil)
	f.waits = nothing
	t.complete(f, f.group.results)
}

// childFailed fails f because one of its branches or iterations has failed:
// the others are stopped where they stand.
func (t *turn) childFailed(f, child *frame, fl failure) {
	g := f.group
	kind, _, _ := f.state.work.(groupWork).failed()
	told := t.recordChild(child, kind, child.last)
	cause := child.last
	if !fl.fatal && g.failed < g.allowed {
		g.failed++
		t.stopFailed(child, cause)
		t.childEnded(f, child, told)
		return
	}
	t.stopFailed(child, cause)
	t.stopGroup(f, child, cause)
	f.last = cause
	if g.allowed > 0 {
		fl = failure{name: "States.ExceedToleratedFailureThreshold", cause: "The specified tolerated failure threshold was exceeded"}
	}
	t.fail(f, fl)
}

// stopFailed ends a line of control whose state has failed. A Parallel or Map
// has said so already.
func (t *turn) stopFailed(f *frame, cause int64) {
	if _, group := f.state.work.(groupWork); group {
		f.waits = forNothing
		return
	}
	t.stop(f, cause)
}

// stopGroup stops f's branches or iterations, other than the one given.
func (t *turn) stopGroup(f, except *frame, cause int64) {
	_, aborted, _ := f.state.work.(groupWork).failed()
	f.children(func(child *frame) {
		if child != except {
			t.recordChild(child, aborted, cause)
			t.stop(child, cause)
		}
	})
}

// stop ends a line of control and all below it, where it stands.
func (t *turn) stop(f *frame, cause int64) {
	if f.state != nil && f.state.aborted != "" && f.waits != forNothing {
		t.event(f.state.aborted, cause, nil)
	}
	f.waits, f.wake = forNothing, time.Time{}
	if f.group != nil {
		t.stopGroup(f, nil, cause)
	}
}

// groupFailed tells that f's Parallel or Map has failed for good.
func (t *turn) groupFailed(f *frame) {
	_, _, kind := f.state.work.(groupWork).failed()
	f.last = t.event(kind, f.last, nil)
	f.group = nil
}
