package asltest

import (
	"fmt"
	"strings"
)

// Difference is the first difference between a history and its replay.
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

// compareHistories returns the first difference between two histories, or nil.
func compareHistories(history, replay []*recorded, like *likeness) *Difference {
	was, left := byThread(history), byThread(replay)
	for _, e := range history {
		if isAside(e) {
			continue
		}
		next, known := left[e.thread]
		if !known {
			next = newBranch(replay, was)
		}
		if len(next) == 0 {
			return &Difference{e.String(), "no event; the last one is " + replay[len(replay)-1].String(), "the replay has no more events" + in(e)}
		}
		left[e.thread] = next[1:]
		if reason := like.differ(e, next[0]); reason != "" {
			return &Difference{e.String(), next[0].String(), reason}
		}
	}
	h := &History{events: history}
	if h.Incomplete() != "" {
		return nil
	}
	for _, e := range replay {
		if more := left[e.thread]; len(more) > 0 {
			return &Difference{"no event; the last one is " + history[len(history)-1].String(), more[0].String(), "the replay has more events" + in(e)}
		}
	}
	return nil
}

// newBranch returns the events of the first branch that only the replay has. If the replay
// lacks a branch of the history, this one has probably replaced it.
func newBranch(replay []*recorded, was map[string][]*recorded) []*recorded {
	for _, begin := range replay {
		if was[begin.thread] == nil {
			return byThread(replay)[begin.thread]
		}
	}
	return nil
}

// in returns a phrase for the branch or iteration of an event.
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

// isAside reports whether an event is not compared. Aborted events depend on which branches
// are still running when another one fails, and on whether the execution is stopped. The
// start of a task has no data, and is missing if the task could not start.
func isAside(e *recorded) bool {
	return e.is("Aborted") || e.kind == "TaskStarted" || e.kind == "LambdaFunctionStarted"
}

// outcome returns the type of an event. A task that could not start counts as failed, because
// in a replay every task can start.
func (e *recorded) outcome() string {
	switch e.kind {
	case "LambdaFunctionScheduleFailed", "LambdaFunctionStartFailed":
		return "LambdaFunctionFailed"
	case "TaskStartFailed", "TaskSubmitFailed":
		return "TaskFailed"
	}
	return e.kind
}

// differ returns how two events differ, or an empty text.
func (l *likeness) differ(recorded, replayed *recorded) string {
	if recorded.outcome() != replayed.outcome() {
		return "different event" + in(recorded)
	}
	d := differ("", recorded.details, replayed.details, l.same)
	if d == nil {
		return ""
	}
	return fmt.Sprintf("different value at %s%s: recorded %s, replayed %s", d.place, in(recorded), d.want, d.got)
}
