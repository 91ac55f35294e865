package asl

import "pizzasaga/asl/internal/expr"

// choiceWork is what a Choice state does.
type choiceWork struct {
	choices   []choice
	otherwise *state // Default; nil if there is none
}

type choice struct {
	rule   expr.Rule
	next   *state
	assign *expr.Template
}

func compileChoice(f *stateFields) work {
	f.paths()
	f.state.assign = f.assign(f.fields)
	w := &choiceWork{}
	f.target(f.fields, "Default", func(st *state) { w.otherwise = st })
	f.requireItems("Choices", "rule")
	items := f.items("Choices")
	w.choices = make([]choice, len(items))
	f.objects("Choices", items, func(i int, item *fields) {
		c := &w.choices[i]
		if item.require("Next") == nil {
			f.flow.incomplete = true
		}
		f.target(item, "Next", func(st *state) { c.next = st })
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
	next, assign, err := w.choose(t, f, input)
	if err != nil {
		return err
	}
	output, err := f.State.outputPath.get(t, f, input)
	if err != nil {
		return err
	}
	return t.exit(f, output, input, assign, next)
}

// choose returns the next state and the Assign that applies.
func (w *choiceWork) choose(t *turn, f *frame, input any) (*state, *expr.Template, error) {
	s := t.scope(f, input)
	for _, c := range w.choices {
		matched, err := c.rule.Match(s)
		if err != nil {
			return nil, nil, err
		}
		if matched {
			return c.next, c.assign, nil
		}
	}
	if w.otherwise == nil {
		return nil, nil, expr.RuntimeError("Failed to transition out of the state. The state does not point to a next state.")
	}
	return w.otherwise, f.State.assign, nil
}
