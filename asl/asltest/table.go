package asltest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"pizzasaga/asl"
)

// String returns the history as a table with a [Line] for each event.
func (r *Run) String() string {
	var b strings.Builder
	for _, e := range r.Events {
		b.WriteString(Line(e, r.Events[0].Time) + "\n")
	}
	return b.String()
}

// ending returns the last lines of the table, for a test that fails.
func (r *Run) ending() string {
	const most = 30
	lines := strings.SplitAfter(r.String(), "\n")
	if len(lines) <= most+1 { // the last one is empty
		return strings.Join(lines, "")
	}
	return "…\n" + strings.Join(lines[len(lines)-most-1:], "")
}

// Line returns an event as a line of the table of [Run.String], for a program that prints
// events as they happen: its id, the time since the execution's
// start, the type, the state or resource, and the data, which is cut if it is long.
func Line(e asl.Event, start time.Time) string {
	name, data := describe(e.Details)
	line := fmt.Sprintf("%4d %10v  %-24s  %-24s  %s", e.ID, e.Time.Sub(start), e.Type, name, shorten(data))
	return strings.TrimRight(line, " ")
}

// describe returns what an event is about and the data that it has.
func describe(details asl.Details) (name, data string) {
	switch d := details.(type) {
	case *asl.ExecutionStartedDetails:
		return "", d.Input.String()
	case *asl.OutputDetails:
		return "", d.Output.String()
	case *asl.FailureDetails:
		return "", failure(d.Error, d.Cause)
	case *asl.StateEnteredDetails:
		return d.Name, d.Input.String()
	case *asl.StateExitedDetails:
		return d.Name, d.Output.String() + assigned(d)
	case *asl.MapStateStartedDetails:
		return "", counted(d.Length, "item")
	case *asl.MapIterationDetails:
		return fmt.Sprintf("%s[%d]", d.Name, d.Index), ""
	case *asl.LambdaScheduledDetails:
		return asl.NameOf(d.Resource), d.Input.String()
	case *asl.TaskScheduledDetails:
		return d.ResourceType + ":" + d.Resource, d.Parameters.String()
	case *asl.TaskStartedDetails:
		return d.ResourceType + ":" + d.Resource, ""
	case *asl.TaskOutputDetails:
		return d.ResourceType + ":" + d.Resource, d.Output.String()
	case *asl.TaskFailureDetails:
		return d.ResourceType + ":" + d.Resource, failure(d.Error, d.Cause)
	}
	return "", ""
}

func assigned(d *asl.StateExitedDetails) string {
	if len(d.Assigned) == 0 {
		return ""
	}
	variables := make(map[string]json.RawMessage, len(d.Assigned))
	for name, value := range d.Assigned {
		variables[name] = value.Bytes()
	}
	text, err := json.Marshal(variables)
	if err != nil {
		return ""
	}
	return " assigns " + string(text)
}

func failure(name, cause string) string {
	cause = strings.ReplaceAll(cause, "\n", " ")
	if name == "" || cause == "" {
		return name + cause
	}
	return name + ": " + cause
}

// shorten cuts a text that is too long for a line of a table.
func shorten(text string) string {
	const most = 100
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
