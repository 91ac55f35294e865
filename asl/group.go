package asl

import "time"

// startGroup begins a Parallel's branches or a Map's iterations, as many as
// may run at once.
func (t *turn) startGroup(f *frame, g *group, size int) {
	f.Group, f.Waits = g, forBranches
	g.Frames = make([]*frame, size)
	g.Results = make(list, size)
	for f.Group == g && g.Started < min(size, g.Limit) && t.Status == Running {
		t.startChild(f, f.Last)
	}
	if size == 0 {
		t.groupSucceeded(f)
	}
}

// startChild begins f's next branch or iteration; previous is the event that
// led to it.
func (t *turn) startChild(f *frame, previous int64) {
	g := f.Group
	child := &frame{parent: f, index: g.Started, Vars: f.Vars.inner(), Last: previous}
	g.Frames[g.Started] = child
	g.Started++
	if err := f.State.work.(groupWork).child(t, child); err != nil {
		t.failWith(f, err)
	}
}

// groupWork is the work of a state that has branches or iterations.
type groupWork interface {
	work
	// child gives a new branch or iteration its input and its first state.
	child(t *turn, child *frame) error
	// The types of the events that tell how one child and how all have ended;
	// those of one child are empty for branches.
	succeeded() (child, all EventType)
	failed() (child, aborted, all EventType)
}

// recordChild writes an event about one child, if its group has a type for that.
// It does not belong to the child's own line of events.
func (t *turn) recordChild(child *frame, kind EventType, previous int64) int64 {
	if kind == "" {
		return previous
	}
	return t.event(kind, previous, &MapIterationDetails{child.parent.State.name, child.index})
}

func (t *turn) childSucceeded(f, child *frame, output any) {
	g := f.Group
	kind, _ := f.State.work.(groupWork).succeeded()
	told := t.recordChild(child, kind, child.Last)
	g.Results[child.index] = output
	t.childEnded(f, child, told)
}

// childEnded goes on after a child that has succeeded, or failed within
// tolerance; told is the event that said so.
func (t *turn) childEnded(f, child *frame, told int64) {
	g := f.Group
	g.Frames[child.index] = nil
	g.Ended++
	switch {
	case g.Started < len(g.Frames):
		t.startChild(f, child.Last)
	case g.Ended == len(g.Frames):
		f.Last = told
		t.groupSucceeded(f)
	}
}

func (t *turn) groupSucceeded(f *frame) {
	_, kind := f.State.work.(groupWork).succeeded()
	t.event(kind, f.Last, nil)
	results := []any(f.Group.Results)
	f.Waits, f.Group = nothing, nil // it has ended: what comes of its results fails the state alone
	t.complete(f, results)
}

// childFailed fails f because one of its branches or iterations has failed:
// the others are stopped where they stand.
func (t *turn) childFailed(f, child *frame, fl failure) {
	g := f.Group
	kind, _, _ := f.State.work.(groupWork).failed()
	told := t.recordChild(child, kind, child.Last)
	cause := child.Last
	if g.Failed < g.Allowed {
		g.Failed++
		t.stopFailed(child, cause)
		t.childEnded(f, child, told)
		return
	}
	t.stopFailed(child, cause)
	t.stopGroup(f, child, cause)
	f.Last = cause
	if g.Allowed > 0 {
		fl = failure{Name: "States.ExceedToleratedFailureThreshold", Cause: "The specified tolerated failure threshold was exceeded"}
	}
	t.fail(f, fl)
}

// stopFailed ends a line of control whose state has failed. A Parallel or Map
// has said so already.
func (t *turn) stopFailed(f *frame, cause int64) {
	if _, group := f.State.work.(groupWork); group {
		f.Waits = forNothing
		return
	}
	t.stop(f, cause)
}

// stopGroup stops f's branches or iterations, other than the one given.
func (t *turn) stopGroup(f, except *frame, cause int64) {
	_, aborted, _ := f.State.work.(groupWork).failed()
	f.children(func(child *frame) {
		if child != except {
			t.recordChild(child, aborted, cause)
			t.stop(child, cause)
		}
	})
}

// stop ends a line of control and all below it, where it stands.
func (t *turn) stop(f *frame, cause int64) {
	if f.State != nil && f.State.aborted != "" && f.Waits != forNothing {
		t.event(f.State.aborted, cause, nil)
	}
	f.Waits, f.Wake = forNothing, time.Time{}
	if f.Group != nil {
		t.stopGroup(f, nil, cause)
	}
}

// groupFailed tells that f's Parallel or Map has failed for good.
func (t *turn) groupFailed(f *frame) {
	_, _, kind := f.State.work.(groupWork).failed()
	f.Last = t.event(kind, f.Last, nil)
	f.Group = nil
}
