package asl

import (
	"fmt"
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// waitWork is what a Wait state does. Only one of its fields is used.
type waitWork struct {
	seconds       number
	timestamp     time.Time
	timestampPath *expr.Path
}

func compileWait(f *stateFields) work {
	f.common()
	f.exclusive("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
	if !f.has("Seconds") && !f.has("SecondsPath") && !f.has("Timestamp") && !f.has("TimestampPath") {
		f.lacks("Seconds, SecondsPath, Timestamp or TimestampPath")
	}
	return &waitWork{
		seconds:       f.numberOrPath("Seconds", waitSeconds, maxSeconds),
		timestamp:     compiled(f.fields, "Timestamp", fixedTimestamp),
		timestampPath: compiled(f.fields, "TimestampPath", expr.CompileDataReference),
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
	if until.Sub(t.now) > maxWait {
		return expr.RuntimeError("Wait state delay is too long.")
	}
	if until.After(t.now) {
		t.wait(f, forTime, until)
		return nil
	}
	return t.complete(f, input)
}

// until returns when the Wait ends.
func (w *waitWork) until(t *turn, f *frame, input any) (time.Time, error) {
	switch {
	case w.timestampPath != nil:
		value, err := w.timestampPath.Get(t.scope(f, input))
		if err != nil {
			return time.Time{}, expr.RuntimeError(missingWait, "Timestamp", w.timestampPath)
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
	delay, err := w.seconds.duration(t, f, input)
	return t.now.Add(delay), err
}
