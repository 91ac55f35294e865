package asl

import "math"

// parallelWork is what a Parallel state does.
type parallelWork struct{ branches []*flow }

func compileParallel(f *stateFields) work {
	f.common()
	f.state.parameters = f.template("Parameters")
	f.results()
	f.errorHandling()
	f.requireItems("Branches", "branch")
	w := &parallelWork{}
	f.objects("Branches", f.items("Branches"), func(_ int, branch *fields) {
		w.branches = append(w.branches, f.loader.flow(branch, f.flow))
		branch.reportUnknown("a branch")
	})
	return w
}

func (w *parallelWork) begin(t *turn, f *frame) error {
	input, err := t.effectiveInput(f)
	if err != nil {
		return err
	}
	t.record(f, ParallelStateStarted, nil)
	g := &group{Input: Value{input}, Limit: math.MaxInt}
	g.start(t, f)
	return nil
}

func (w *parallelWork) size(*group) int      { return len(w.branches) }
func (w *parallelWork) flow(index int) *flow { return w.branches[index] }

func (w *parallelWork) enter(t *turn, child *frame) error {
	child.Input = child.parent.Group.Input
	return nil
}

func (w *parallelWork) events() groupEvents {
	return groupEvents{succeeded: ParallelStateSucceeded, failed: ParallelStateFailed}
}
