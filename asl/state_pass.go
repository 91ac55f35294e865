package asl

// passWork is what a Pass state does.
type passWork struct {
	result    any
	hasResult bool
}

func compilePass(f *stateFields) work {
	f.common()
	f.state.parameters = f.template("Parameters")
	f.state.resultPath = f.resultPath()
	w := &passWork{}
	if n := f.field("Result"); n != nil {
		w.result, w.hasResult = n.Value, true
	}
	return w
}

func (w *passWork) begin(t *turn, f *frame) error {
	input, err := t.effectiveInput(f)
	if err != nil {
		return err
	}
	if w.hasResult {
		input = w.result
	}
	return t.complete(f, input)
}

// succeedWork is what a Succeed state does.
type succeedWork struct{}

func compileSucceed(f *stateFields) work {
	f.paths()
	f.state.terminal = true
	return succeedWork{}
}

func (succeedWork) begin(t *turn, f *frame) error {
	input, err := t.input(f)
	if err != nil {
		return err
	}
	return t.complete(f, input)
}
