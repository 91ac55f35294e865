package asltest

import (
	"fmt"
	"path"
	"strings"
)

// threads sets the thread of each event: a path of branches and iterations, such as
// /Each[2]/Ask for the branch that begins with the state Ask in iteration 2 of the Map
// Each. Events of one thread are always in the same order, but those of two threads are
// not.
func threads(events []*recorded) {
	for _, e := range events {
		e.thread = threadOf(e)
	}
}

const mainThread = "/"

func threadOf(e *recorded) string {
	before := e.before
	if before == nil || strings.HasPrefix(e.kind, "Execution") {
		return mainThread
	}
	outside := path.Dir(before.thread)
	switch e.kind {
	case "MapIterationStarted": // the previous event of a later iteration is in an earlier one
		if before.kind == "MapStateStarted" {
			outside = before.thread
		}
		index, _ := e.details.Get("index")
		return path.Join(outside, fmt.Sprintf("%s[%v]", escaped(e.text("name")), index))
	case "ParallelStateStarted", "MapStateStarted": // the previous event of a retry is in the branch that failed
		if !before.is("StateEntered") {
			return outside
		}
	case "ParallelStateSucceeded", "ParallelStateFailed", "MapStateSucceeded", "MapStateFailed":
		if before.kind != "MapStateStarted" { // of no items
			return outside
		}
	case "ParallelStateExited", "MapStateExited":
		isCaught := before.kind == "ParallelStateFailed" || before.kind == "MapStateFailed"
		if before.kind != "MapStateStarted" && !isCaught {
			return outside
		}
	}
	if e.is("StateEntered") && before.kind == "ParallelStateStarted" {
		return path.Join(before.thread, escaped(e.text("name")))
	}
	return before.thread
}

// escaped returns the name of a state as an element of a path.
func escaped(name string) string { return strings.NewReplacer("/", "|", ".", "·").Replace(name) }
