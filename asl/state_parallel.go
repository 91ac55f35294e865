package asl

import "math"

// parallelWork is what a Parallel state does.
type parallelWork struct{ branches []*flow }

func compileParallel(o *stateObject) work {
	o.paths()
	o.transition()
	o.state.parameters = o.template("Parameters")
	o.state.assign = o.assignment(o.object)
	o.result()
	o.errors()
	if o.required("Branches") && len(o.list("Branches")) == 0 {
		o.wrong("Branches", "must be an array with at least one branch")
	}
	w := &parallelWork{}
	for i, item := range o.list("Branches") {
		branch := o.loader.object(item, nth(o.at("Branches"), i))
		if branch == nil {
			continue
		}
		w.branches = append(w.branches, o.compileFlow(branch, o.flow))
		branch.close("a branch")
	}
	return w
}

func (w *parallelWork) begin(t *turn, f *frame) {
	input, err := t.effective(f)
	if err != nil {
		t.failWith(f, err)
		return
	}
	t.record(f, ParallelStateStarted, nil)
	t.startGroup(f, &group{Input: Value{input}, Limit: math.MaxInt}, len(w.branches))
}

func (w *parallelWork) child(t *turn, child *frame) error {
	child.Input = child.parent.Group.Input
	t.queue = append(t.queue, job{frame: child, to: w.branches[child.index].start})
	return nil
}

func (w *parallelWork) succeeded() (child, all EventType) { return "", ParallelStateSucceeded }

func (w *parallelWork) failed() (child, aborted, all EventType) { return "", "", ParallelStateFailed }
