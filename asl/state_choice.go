package asl

import "pizzasaga/asl/internal/expr"

// choiceWork is what a Choice state does.
type choiceWork struct {
	choices   []choice
	otherwise *transition // of Default; nil if there is none
}

type choice struct {
	rule expr.Rule
	transition
}

func compileChoice(f *stateFields) work {
	f.paths()
	w := &choiceWork{}
	f.state.leave.assign = f.assign(f.fields)
	if byDefault := f.field("Default"); byDefault != nil {
		f.state.leave.part = f.part(TransitionPart, byDefault.Begin, string(f.at("Default")))
		f.leave(f.fields, "Default", &f.state.leave)
		w.otherwise = &f.state.leave
	}
	f.requireItems("Choices", "rule")
	items := f.items("Choices")
	w.choices = make([]choice, len(items))
	f.objects("Choices", items, func(i int, item *fields) {
		c := &w.choices[i]
		if item.require("Next") == nil {
			f.flow.incomplete = true
		}
		c.part = f.part(ChoicePart, item.node.Begin, string(item.place))
		f.leave(item, "Next", &c.transition)
		c.assign = f.assign(item)
		var faults []expr.Fault
		c.rule, faults = expr.CompileRule(item.node, item.place)
		f.reportFaults(faults...)
	})
	return w
}

func (w *choiceWork) begin(t *turn, f *frame) error {
	input, err := t.input(f)
	if err != nil {
		return err
	}
	by, err := w.choose(t, f, input)
	if err != nil {
		return err
	}
	output, err := f.State.outputPath.get(t, f, input)
	if err != nil {
		return err
	}
	return t.exit(f, output, input, by)
}

// choose returns the transition of the first rule that matches, or that of Default.
func (w *choiceWork) choose(t *turn, f *frame, input any) (*transition, error) {
	s := t.scope(f, input)
	for i := range w.choices {
		matched, err := w.choices[i].rule.Match(s)
		if err != nil {
			return nil, err
		}
		if matched {
			return &w.choices[i].transition, nil
		}
	}
	if w.otherwise == nil {
		return nil, expr.RuntimeError("Failed to transition out of the state. The state does not point to a next state.")
	}
	return w.otherwise, nil
}
