package asl

import "fmt"

// passWork is what a Pass state does.
type passWork struct {
	result any
	has    bool // that there is a Result
}

func compilePass(o *stateObject) work {
	o.paths()
	o.transition()
	o.state.parameters = o.template("Parameters")
	o.state.assign = o.assignment(o.object)
	o.resultPath()
	w := &passWork{}
	if n := o.field("Result"); n != nil {
		w.result, w.has = o.tree(n), true
	}
	return w
}

func (w *passWork) begin(t *turn, f *frame) {
	input, err := t.effective(f)
	if err != nil {
		t.failWith(f, err)
		return
	}
	if w.has {
		input = w.result
	}
	t.complete(f, input)
}

// succeedWork is what a Succeed state does.
type succeedWork struct{}

func compileSucceed(o *stateObject) work {
	o.paths()
	return succeedWork{}
}

func (succeedWork) begin(t *turn, f *frame) {
	input, err := t.inputOf(f)
	if err != nil {
		t.failWith(f, err)
		return
	}
	t.complete(f, input)
}

// failWork is what a Fail state does.
type failWork struct {
	name, cause         string
	namePath, causePath expression
}

func compileFail(o *stateObject) work {
	o.exclusive("Error", "ErrorPath")
	o.exclusive("Cause", "CausePath")
	w := &failWork{}
	w.name, _ = o.text("Error")
	w.cause, _ = o.text("Cause")
	w.namePath = compiled(o.object, "ErrorPath", compileText)
	w.causePath = compiled(o.object, "CausePath", compileText)
	return w
}

// compileText reads ErrorPath or CausePath, in which AWS knows the intrinsic
// functions that give a text.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
func compileText(text string) (expression, error) {
	e, err := compileExpression(text)
	c, isCall := e.(*call)
	if err != nil || !isCall {
		return e, err
	}
	switch name := c.root.(*nestedCall).name; name {
	case "States.Format", "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode", "States.Base64Decode", "States.Hash", "States.UUID":
		return e, nil
	default:
		return nil, fmt.Errorf("%s cannot stand here: it gives no text", name)
	}
}

func (w *failWork) begin(t *turn, f *frame) {
	fl := failure{Name: w.name, Cause: w.cause}
	var err error
	if w.namePath != nil {
		fl.Name, err = t.text(f, w.namePath, "ErrorPath")
	}
	if err == nil && w.causePath != nil {
		fl.Cause, err = t.text(f, w.causePath, "CausePath")
	}
	if err != nil {
		t.failWith(f, err)
		return
	}
	t.fail(f, fl)
}

// text evaluates a field that must give a string.
func (t *turn) text(f *frame, e expression, field string) (string, error) {
	value, err := e.field(t.scope(f, f.Input.tree), field)
	if err != nil {
		return "", err
	}
	text, ok := value.(string)
	if !ok {
		return "", &runtimeError{runtimeName, "The " + field + " field must refer to a string, but refers to: " + string(encode(value))}
	}
	return text, nil
}

// choiceWork is what a Choice state does.
type choiceWork struct {
	choices   []choice
	otherwise *state
}

type choice struct {
	rule   rule
	next   *state
	assign *template
}

func compileChoice(o *stateObject) work {
	o.paths()
	o.state.assign = o.assignment(o.object)
	w := &choiceWork{otherwise: o.target(o.object, "Default")}
	if o.required("Choices") && len(o.list("Choices")) == 0 {
		o.wrong("Choices", "must be an array with at least one rule")
	}
	for i, item := range o.list("Choices") {
		r := o.loader.object(item, nth(o.at("Choices"), i))
		if r == nil {
			continue
		}
		r.required("Next")
		c := choice{next: o.target(r, "Next"), assign: o.assignment(r)}
		var faults []error
		c.rule, faults = compileRule(r.tree(item).(*jsonObject))
		for _, fault := range faults {
			r.report(item, r.place, "%v", fault)
		}
		w.choices = append(w.choices, c)
	}
	return w
}

func (w *choiceWork) begin(t *turn, f *frame) {
	input, err := t.inputOf(f)
	if err != nil {
		t.failWith(f, err)
		return
	}
	next, assign, err := w.choose(t, f, input)
	var output any
	if err == nil {
		output, err = f.State.outputPath.get(t, f, input)
	}
	if err == nil {
		err = t.leave(f, output, input, assign, next)
	}
	if err != nil {
		t.failWith(f, err)
	}
}

func (w *choiceWork) choose(t *turn, f *frame, input any) (*state, *template, error) {
	s := t.scope(f, input)
	for _, c := range w.choices {
		matched, err := c.rule.match(s)
		if err != nil {
			return nil, nil, err
		}
		if matched {
			return c.next, c.assign, nil
		}
	}
	if w.otherwise == nil {
		return nil, nil, &runtimeError{runtimeName, "Failed to transition out of the state. The state does not point to a next state."}
	}
	return w.otherwise, f.State.assign, nil
}
