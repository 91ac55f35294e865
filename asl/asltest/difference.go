package asltest

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"pizzasaga/asl/internal/jsonvalue"
)

// Difference is the first difference of a history and its replay.
type Difference struct {
	Recorded string // the event of the history
	Replayed string // the event of the replay
	Reason   string // where and how they differ
}

// String returns both sides and the reason.
func (d *Difference) String() string {
	return fmt.Sprintf("%s\nrecorded  %s\nreplayed  %s", d.Reason, d.Recorded, d.Replayed)
}

// String returns the event on one line.
func (e *recorded) String() string {
	line := fmt.Sprintf("event %d %s", e.id, e.kind)
	if len(e.details.Properties()) > 0 {
		line += " " + text(e.details)
	}
	return line
}

// compareHistories returns the first difference of two histories, or nil.
func compareHistories(history, replay []*recorded, like likeness) *Difference {
	left := byThread(replay)
	for _, e := range history {
		if isAside(e) {
			continue
		}
		next := left[e.thread]
		if len(next) == 0 {
			return &Difference{e.String(), "no event; the last one is " + replay[len(replay)-1].String(), "the replay has no more events" + in(e)}
		}
		left[e.thread] = next[1:]
		if reason := like.differ(e, next[0]); reason != "" {
			return &Difference{e.String(), next[0].String(), reason}
		}
	}
	last := history[len(history)-1]
	if (&History{events: history}).isPartial() {
		return nil
	}
	for _, e := range replay {
		if more := left[e.thread]; len(more) > 0 {
			return &Difference{"no event; the last one is " + last.String(), more[0].String(), "the replay has more events" + in(e)}
		}
	}
	return nil
}

// in tells the branch or iteration of an event.
func in(e *recorded) string {
	if e.thread == mainThread {
		return ""
	}
	return " in " + strings.TrimPrefix(e.thread, "/")
}

func byThread(events []*recorded) map[string][]*recorded {
	threads := map[string][]*recorded{}
	for _, e := range events {
		if !isAside(e) {
			threads[e.thread] = append(threads[e.thread], e)
		}
	}
	return threads
}

// isAside reports whether an event is not compared. It depends on chance which branches are
// still running when another one fails, and whether somebody stops the execution. That a
// task has started says nothing, and is missing if it could not start.
func isAside(e *recorded) bool {
	return e.is("Aborted") || e.kind == "TaskStarted" || e.kind == "LambdaFunctionStarted"
}

// outcome is the type of an event, in which a task that could not start has failed like any
// other: a replay knows no reason why it should not start.
func (e *recorded) outcome() string {
	switch e.kind {
	case "LambdaFunctionScheduleFailed", "LambdaFunctionStartFailed":
		return "LambdaFunctionFailed"
	case "TaskStartFailed", "TaskSubmitFailed":
		return "TaskFailed"
	}
	return e.kind
}

// likeness compares values of a history with those of its replay, in which some are new.
type likeness struct {
	start, end time.Time      // of the recorded execution
	new        *regexp.Regexp // what the replay has made anew: ARNs and tokens
}

func newLikeness(h *History, r *Run) likeness {
	made := []string{regexp.QuoteMeta(r.ARN), `(?:replayed-execution|replayed-state-machine)`}
	if r.StateMachineARN != "" {
		made = append(made, regexp.QuoteMeta(r.StateMachineARN))
	}
	if h.ExecutionARN != "" {
		made = nil
	}
	for _, c := range r.Calls {
		if c.Token != "" {
			made = append(made, regexp.QuoteMeta(c.Token))
		}
	}
	l := likeness{start: h.events[0].at, end: h.events[len(h.events)-1].at}
	if made != nil {
		l.new = regexp.MustCompile(strings.Join(made, "|"))
	}
	return l
}

// differ returns how two events differ, or an empty text.
func (l likeness) differ(recorded, replayed *recorded) string {
	if recorded.outcome() != replayed.outcome() {
		return "another event" + in(recorded)
	}
	d := differ("", recorded.details, replayed.details, l.same)
	if d == nil {
		return ""
	}
	return fmt.Sprintf("another value at %s%s: recorded %s, replayed %s", d.place, in(recorded), d.want, d.got)
}

var (
	uuid    = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	eventID = regexp.MustCompile(`entered at the event id #[0-9]+`)
)

// same compares two values. Times of the execution, UUIDs, ids of events in causes, and
// what the replay has made anew are alike.
func (l likeness) same(recorded, replayed any) bool {
	was, wasText := recorded.(string)
	is, isText := replayed.(string)
	if !wasText || !isText {
		return jsonvalue.Equal(recorded, replayed)
	}
	was, is = eventID.ReplaceAllString(was, ""), eventID.ReplaceAllString(is, "")
	switch {
	case was == is, uuid.MatchString(was) && uuid.MatchString(is), l.isTime(was) && l.isTime(is):
		return true
	case l.new == nil || !l.new.MatchString(is):
		return false
	}
	literals := l.new.Split(is, -1)
	for i := range literals {
		literals[i] = regexp.QuoteMeta(literals[i])
	}
	return regexp.MustCompile("(?s)^" + strings.Join(literals, ".+") + "$").MatchString(was)
}

// isTime reports whether a text is a time of the execution, give or take what AWS takes
// from one state to the next.
func (l likeness) isTime(text string) bool {
	at, err := time.Parse(time.RFC3339Nano, text)
	return err == nil && !at.Before(l.start.Add(-time.Minute)) && !at.After(l.end.Add(time.Minute))
}
