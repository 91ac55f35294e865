package asl

import (
	"fmt"
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// waitWork is what a Wait state does. It has one of the four.
type waitWork struct {
	seconds       int64
	timestamp     time.Time
	secondsPath   *expr.Path
	timestampPath *expr.Path
}

func compileWait(f *stateFields) work {
	f.paths()
	f.transition()
	f.state.assign = f.assign(f.fields)
	f.exclusive("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
	if !f.has("Seconds") && !f.has("SecondsPath") && !f.has("Timestamp") && !f.has("TimestampPath") {
		f.lacks("Seconds, SecondsPath, Timestamp or TimestampPath")
	}
	return &waitWork{
		seconds:       f.integer("Seconds", 0, maxSeconds, 0),
		secondsPath:   compiled(f.fields, "SecondsPath", expr.CompilePath),
		timestamp:     compiled(f.fields, "Timestamp", fixedTimestamp),
		timestampPath: compiled(f.fields, "TimestampPath", expr.CompilePath),
	}
}

func fixedTimestamp(text string) (time.Time, error) {
	at, ok := expr.ParseTimestamp(text)
	if !ok {
		return at, fmt.Errorf("%q is not a time such as 2026-03-14T01:59:00Z", text)
	}
	return at, nil
}

func (w *waitWork) begin(t *turn, f *frame) error {
	input, err := t.input(f)
	if err != nil {
		return err
	}
	until, err := w.until(t, f, input)
	if err != nil {
		return err
	}
	if until.After(t.now) {
		t.wait(f, forTime, until)
		return nil
	}
	return t.complete(f, input)
}

func (w *waitWork) until(t *turn, f *frame, input any) (time.Time, error) {
	switch {
	case w.secondsPath != nil:
		value, err := w.secondsPath.Get(t.scope(f, input))
		if err != nil {
			return time.Time{}, err
		}
		seconds, ok := value.(int64)
		switch given := jsonvalue.Text(value); {
		case !ok || seconds > maxSeconds:
			return time.Time{}, expr.RuntimeError("The SecondsPath parameter cannot be parsed as a long value: %s == %s", w.secondsPath, given)
		case seconds < 0:
			return time.Time{}, expr.RuntimeError("The SecondsPath parameter references a negative value: %s == %s", w.secondsPath, given)
		}
		return t.now.Add(time.Duration(seconds) * time.Second), nil
	case w.timestampPath != nil:
		value, err := w.timestampPath.Get(t.scope(f, input))
		if err != nil {
			return time.Time{}, err
		}
		text, _ := value.(string)
		at, ok := expr.ParseTimestamp(text)
		if !ok {
			return time.Time{}, expr.RuntimeError("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s",
				w.timestampPath, jsonvalue.Text(value))
		}
		return at, nil
	case !w.timestamp.IsZero():
		return w.timestamp, nil
	}
	return t.now.Add(time.Duration(w.seconds) * time.Second), nil
}
