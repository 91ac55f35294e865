package asltest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"pizzasaga/asl"
)

// String returns the history as a table: the number of each event, the execution's time,
// the type, the state or resource, and the data.
func (r *Run) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, e := range r.Events {
		name, data := describe(e.Details)
		fmt.Fprintf(w, "%4d\t%v\t%s\t%s\t%s\n", e.ID, e.Time.Sub(r.Events[0].Time), e.Type, name, shorten(data))
	}
	_ = w.Flush() // a strings.Builder cannot fail
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
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
		return "", fmt.Sprintf("%d items", d.Length)
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
	if cause == "" {
		return name
	}
	return cmp.Or(name, "no error") + ": " + strings.ReplaceAll(cause, "\n", " ")
}

// shorten cuts a text that is too long for a line of a table.
func shorten(text string) string {
	const most = 100
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
