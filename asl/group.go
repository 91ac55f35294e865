package asl

// group is the branches of a Parallel or the iterations of a Map under way. Its
// owner is the frame that stands in that state; the frames are the owner's
// children.
type group struct {
	owner *frame

	Input   Value    // Parallel: each branch's input; Map: what ItemSelector sees
	Items   array    `json:",omitempty"` // Map only
	Limit   int      // how many may run at once
	Started int      // how many have been started
	Ended   int      // how many have succeeded or have failed within tolerance
	Failed  int      `json:",omitempty"` // how many have failed within tolerance
	Allowed int      `json:",omitempty"` // how many iterations may fail
	Frames  []*frame // by index; nil before the start and after the end
	Results array
}

// groupWork is the work of a state that has branches or iterations.
type groupWork interface {
	work
	size(g *group) int    // how many children the group has
	flow(index int) *flow // what a child runs
	// enter gives a new child its input.
	enter(t *turn, child *frame) error
	events() groupEvents
}

// groupEvents are the types of the events that tell how a group and its children
// ended. Branches have none of their own.
type groupEvents struct {
	succeeded, failed                         EventType
	childSucceeded, childFailed, childAborted EventType
}

func (g *group) work() groupWork { return g.owner.State.work.(groupWork) }

// startGroup begins a group's children, as many as may run at once.
func (f *frame) startGroup(t *turn, g *group) {
	size := f.State.work.(groupWork).size(g)
	g.owner, g.Frames, g.Results = f, make([]*frame, size), make(array, size)
	f.Group, f.Waits = g, forGroup
	for f.Group == g && g.Started < min(size, g.Limit) && t.Status == Running {
		g.startNext(t, f.Last)
	}
	if size == 0 {
		g.succeed(t)
	}
}

// startNext begins the next child; previous is the event that led to it.
func (g *group) startNext(t *turn, previous int64) {
	child := &frame{parent: g.owner, index: g.Started, Vars: g.owner.Vars.Inner(), Last: previous}
	g.Frames[g.Started] = child
	g.Started++
	w := g.work()
	if err := w.enter(t, child); err != nil {
		t.failWith(g.owner, err)
		return
	}
	t.queue = append(t.queue, job{frame: child, to: w.flow(child.index).start})
}

// record writes an event about a child, which does not belong to the child's own
// events. Branches have no such events: their kind is empty.
func (g *group) record(t *turn, child *frame, kind EventType, previous int64) int64 {
	if kind == "" {
		return previous
	}
	return t.event(kind, previous, &MapIterationDetails{g.owner.State.name, child.index})
}

func (g *group) childSucceeded(t *turn, child *frame, output any) {
	told := g.record(t, child, g.work().events().childSucceeded, child.Last)
	g.Results[child.index] = output
	g.childEnded(t, child, told)
}

// childEnded goes on after a child that has succeeded, or failed within
// tolerance; told is the event that says so.
func (g *group) childEnded(t *turn, child *frame, told int64) {
	g.Frames[child.index] = nil
	g.Ended++
	switch {
	case g.Started < len(g.Frames):
		g.startNext(t, child.Last)
	case g.Ended == len(g.Frames):
		g.owner.Last = told
		g.succeed(t)
	}
}

func (g *group) succeed(t *turn) {
	f := g.owner
	t.event(g.work().events().succeeded, f.Last, nil)
	f.Waits, f.Group = nothing, nil // the group has ended: an error in its results fails the state alone
	if err := t.complete(f, []any(g.Results)); err != nil {
		t.failWith(f, err)
	}
}

// childFailed takes the failure of a child. Beyond tolerance it fails the owner's
// state, and the other children are aborted where they stand.
func (g *group) childFailed(t *turn, child *frame, reason failure) {
	told := g.record(t, child, g.work().events().childFailed, child.Last)
	cause := child.Last
	if _, isGroup := child.State.work.(groupWork); isGroup {
		child.Waits = ended // the failure of its own group has been written down
	} else {
		child.abort(t, cause)
	}
	if g.Failed < g.Allowed {
		g.Failed++
		g.childEnded(t, child, told)
		return
	}
	g.abort(t, child, cause)
	g.owner.Last = cause
	if g.Allowed > 0 {
		reason = failure{Name: statesExceedToleratedFailureThreshold, Cause: "The specified tolerated failure threshold was exceeded"}
	}
	t.fail(g.owner, reason)
}

// fail tells that the owner's Parallel or Map has failed for good.
func (g *group) fail(t *turn) {
	g.owner.Last = t.event(g.work().events().failed, g.owner.Last, nil)
	g.owner.Group = nil
}

// abort aborts all children but one.
func (g *group) abort(t *turn, except *frame, cause int64) {
	kind := g.work().events().childAborted
	for _, child := range g.Frames {
		if child != nil && child != except {
			g.record(t, child, kind, cause)
			child.abort(t, cause)
		}
	}
}
