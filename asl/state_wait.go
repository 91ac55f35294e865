package asl

import (
	"fmt"
	"time"
)

// waitWork is what a Wait state does: it has one of the four.
type waitWork struct {
	seconds       int64
	timestamp     time.Time
	secondsPath   *path
	timestampPath *path
}

func compileWait(o *stateObject) work {
	o.paths()
	o.transition()
	o.state.assign = o.assignment(o.object)
	fields := []string{"Seconds", "SecondsPath", "Timestamp", "TimestampPath"}
	o.exclusive(fields...)
	if !o.has(fields[0]) && !o.has(fields[1]) && !o.has(fields[2]) && !o.has(fields[3]) {
		o.report(o.node, o.place, "needs the field Seconds, SecondsPath, Timestamp or TimestampPath")
	}
	return &waitWork{
		seconds:       o.integer("Seconds", 0, maxSeconds, 0),
		secondsPath:   compiled(o.object, "SecondsPath", compilePath),
		timestamp:     compiled(o.object, "Timestamp", fixedTimestamp),
		timestampPath: compiled(o.object, "TimestampPath", compilePath),
	}
}

func fixedTimestamp(text string) (time.Time, error) {
	at, ok := parseTimestamp(text)
	if !ok {
		return at, fmt.Errorf("%q is not a time such as 2026-03-14T01:59:00Z", text)
	}
	return at, nil
}

func (w *waitWork) begin(t *turn, f *frame) {
	input, err := t.inputOf(f)
	var until time.Time
	if err == nil {
		until, err = w.until(t, f, input)
	}
	switch {
	case err != nil:
		t.failWith(f, err)
	case until.After(t.now):
		t.wait(f, forTime, until)
	default:
		t.complete(f, input)
	}
}

func (w *waitWork) until(t *turn, f *frame, input any) (time.Time, error) {
	switch {
	case w.secondsPath != nil:
		value, err := w.secondsPath.get(t.scope(f, input))
		if err != nil {
			return time.Time{}, err
		}
		seconds, ok := value.(int64)
		given := fmt.Sprintf("%s == %s", w.secondsPath, plain(value))
		switch {
		case !ok || seconds > maxSeconds:
			return time.Time{}, &runtimeError{runtimeName, "The SecondsPath parameter cannot be parsed as a long value: " + given}
		case seconds < 0:
			return time.Time{}, &runtimeError{runtimeName, "The SecondsPath parameter references a negative value: " + given}
		}
		return t.now.Add(time.Duration(seconds) * time.Second), nil
	case w.timestampPath != nil:
		value, err := w.timestampPath.get(t.scope(f, input))
		if err != nil {
			return time.Time{}, err
		}
		text, _ := value.(string)
		at, ok := parseTimestamp(text)
		if !ok {
			return time.Time{}, &runtimeError{runtimeName, fmt.Sprintf(
				"The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s",
				w.timestampPath, plain(value))}
		}
		return at, nil
	case !w.timestamp.IsZero():
		return w.timestamp, nil
	}
	return t.now.Add(time.Duration(w.seconds) * time.Second), nil
}

// plain is a value as causes quote it: a string without its quotes.
func plain(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	return string(encode(value))
}
