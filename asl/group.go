package asl

// group has the branches of a Parallel or the iterations of a Map that has begun. Its owner
// is the frame in that state, and its frames are the owner's children.
type group struct {
	owner *frame

	Input   Value    // the input of each branch, or of the Map's ItemSelector
	Items   array    `json:",omitempty"` // Map only
	Limit   int      // how many children may run concurrently
	Started int      // how many have started
	Ended   int      // how many have succeeded, or failed and were tolerated
	Failed  int      `json:",omitempty"` // how many have failed and were tolerated
	Allowed int      `json:",omitempty"` // how many failures are tolerated
	Frames  []*frame // by index; nil for a child that has not started or has ended
	Results array
}

// groupWork is the work of a state that has branches or iterations.
type groupWork interface {
	work
	size(g *group) int    // how many children the group has
	flow(index int) *flow // what a child runs
	events() groupEvents
	enter(t *turn, child *frame) error // sets the input of a new child
}

// groupEvents are the types of the events at the end of a group and of its children. The
// child types are empty in a Parallel, because a branch has no events of its own.
type groupEvents struct {
	succeeded, failed                         EventType
	childSucceeded, childFailed, childAborted EventType
}

func (g *group) work() groupWork { return g.owner.State.work.(groupWork) }

// start starts as many children as may run concurrently. The owner is the frame that has
// entered the state.
func (g *group) start(t *turn, owner *frame) {
	g.owner, owner.Group, owner.Waits = owner, g, forGroup
	size := g.work().size(g)
	g.Frames, g.Results = make([]*frame, size), make(array, size)
	for owner.Group == g && g.Started < min(size, g.Limit) && t.Status == Running {
		g.startNext(t, owner.Last)
	}
	if size == 0 {
		g.succeed(t)
	}
}

// startNext starts the next child; previous is the event that led to it.
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

// record records an event about a child, which does not change child.Last. If kind is
// empty, record only returns previous.
func (g *group) record(t *turn, child *frame, kind EventType, previous int64) int64 {
	if kind == "" {
		return previous
	}
	return t.event(kind, previous, &MapIterationDetails{g.owner.State.name, child.index})
}

func (g *group) childSucceeded(t *turn, child *frame, output any) {
	event := g.record(t, child, g.work().events().childSucceeded, child.Last)
	g.Results[child.index] = output
	g.childEnded(t, child, event)
}

// childEnded starts the next child or completes the group, after a child has succeeded or
// its failure was tolerated. event is the one that recorded the child's end.
func (g *group) childEnded(t *turn, child *frame, event int64) {
	g.Frames[child.index] = nil
	g.Ended++
	switch {
	case g.Started < len(g.Frames):
		g.startNext(t, child.Last)
	case g.Ended == len(g.Frames):
		g.owner.Last = event
		g.succeed(t)
	}
}

func (g *group) succeed(t *turn) {
	f := g.owner
	t.event(g.work().events().succeeded, f.Last, nil)
	f.Waits, f.Group = nothing, nil // an error now fails the state but not the group
	if err := t.complete(f, []any(g.Results)); err != nil {
		t.failWith(f, err)
	}
}

// childFailed handles the failure of a child. If it is not tolerated, the other
// children are aborted and the owner's state fails.
func (g *group) childFailed(t *turn, child *frame, reason failure) {
	event := g.record(t, child, g.work().events().childFailed, child.Last)
	cause := child.Last
	if _, isGroup := child.State.work.(groupWork); isGroup {
		child.Waits = ended // the failure of its group has been recorded
	} else {
		child.abort(t, cause)
	}
	if g.Failed < g.Allowed {
		g.Failed++
		g.childEnded(t, child, event)
		return
	}
	g.abort(t, child, cause)
	g.owner.Last = cause
	if g.Allowed > 0 {
		reason = failure{Name: statesExceedToleratedFailureThreshold, Cause: "The specified tolerated failure threshold was exceeded"}
	}
	t.fail(g.owner, reason)
}

// fail records that the group has failed and will not be retried.
func (g *group) fail(t *turn) {
	g.owner.Last = t.event(g.work().events().failed, g.owner.Last, nil)
	g.owner.Group = nil
}

// abort aborts all children except one.
func (g *group) abort(t *turn, except *frame, cause int64) {
	kind := g.work().events().childAborted
	for _, child := range g.Frames {
		if child != nil && child != except {
			g.record(t, child, kind, cause)
			child.abort(t, cause)
		}
	}
}

// fits reports whether the group has as many children as its state has branches or items,
// and whether its numbers of started and ended children are correct.
func (g *group) fits(w groupWork) bool {
	running := 0
	for i, child := range g.Frames {
		if child == nil {
			continue
		}
		if i >= g.Started {
			return false
		}
		running++
	}
	size := w.size(g)
	return len(g.Frames) == size && len(g.Results) == size && g.Started <= size &&
		running > 0 && running == g.Started-g.Ended
}
