package asl

import (
	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// failWork is what a Fail state does.
type failWork struct {
	name, cause         string
	namePath, causePath expr.Expression // nil if the constant is used
}

func compileFail(f *stateFields) work {
	f.exclusive("Error", "ErrorPath")
	f.exclusive("Cause", "CausePath")
	f.state.terminal = true
	w := &failWork{}
	w.name, _ = f.text("Error")
	w.cause, _ = f.text("Cause")
	w.namePath = compiled(f.fields, "ErrorPath", expr.CompileText)
	w.causePath = compiled(f.fields, "CausePath", expr.CompileText)
	return w
}

func (w *failWork) begin(t *turn, f *frame) (err error) {
	reason := failure{Name: w.name, Cause: w.cause}
	if w.namePath != nil {
		if reason.Name, err = w.text(t, f, w.namePath, "ErrorPath"); err != nil {
			return err
		}
	}
	if w.causePath != nil {
		if reason.Cause, err = w.text(t, f, w.causePath, "CausePath"); err != nil {
			return err
		}
	}
	t.fail(f, reason)
	return nil
}

// text returns the value of a …Path field, which must be a string.
func (w *failWork) text(t *turn, f *frame, e expr.Expression, field string) (string, error) {
	value, err := e.Field(t.scope(f, f.Input.tree()), field)
	if err != nil {
		return "", err
	}
	text, ok := value.(string)
	if !ok {
		return "", expr.RuntimeError("The %s field must refer to a string, but refers to: %s", field, jsonvalue.Encode(value))
	}
	return text, nil
}
