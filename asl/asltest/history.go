package asltest

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"pizzasaga/asl/internal/jsonvalue"
)

// History is the history of an execution on AWS, as the command prints it:
//
//	aws stepfunctions get-execution-history --execution-arn ARN --output json
type History struct {
	// ExecutionARN is the ARN of the execution, which the history does not have.
	// $$.Execution.Id has this value in a replay. If it is empty, a replay accepts any ARN.
	ExecutionARN string

	events  []*recorded
	hasMore bool // there is a token for the next page of events
}

// Len returns how many events the history has.
func (h *History) Len() int { return len(h.events) }

// Incomplete returns why the history lacks a part of the execution, or "" if it does not.
func (h *History) Incomplete() string {
	switch last := h.events[len(h.events)-1].kind; {
	case last == "ExecutionAborted":
		return "the execution was stopped"
	case strings.HasPrefix(last, "Execution") && last != "ExecutionStarted":
		return ""
	case h.hasMore:
		return "the history does not end: it has a nextToken, so fetch it again without --max-items and --no-paginate"
	}
	return "the history does not end"
}

// recorded is an event of a history.
type recorded struct {
	id      int64
	before  *recorded // the event that led to this one; nil for the first
	at      time.Time
	kind    string
	role    string            // of an execution that starts
	details *jsonvalue.Object // inputs, outputs and parameters are values, not texts
	thread  string            // the branch or iteration to which it belongs, see threads
}

// ReadHistory reads a file with a history.
func ReadHistory(file string) (*History, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return readHistory(document{file, text})
}

// ParseHistory is [ReadHistory] for a text.
func ParseHistory(text []byte) (*History, error) { return readHistory(document{text: text}) }

func readHistory(d document) (*History, error) {
	root, err := d.parse()
	if err != nil {
		return nil, err
	}
	h := &History{}
	value := root.Value
	if answer, ok := value.(*jsonvalue.Object); ok {
		value, _ = answer.Get("events")
		h.hasMore = root.Member("nextToken") != nil || root.Member("NextToken") != nil // of the API, and of the AWS CLI
	}
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return nil, d.problem(root.Begin, "the history has no events; it must be the output of aws stepfunctions get-execution-history --output json")
	}
	h.events, err = readEvents(list)
	if err == nil {
		err = h.check()
	}
	if err != nil && d.file != "" {
		err = fmt.Errorf("%s: %w", d.file, err)
	}
	return h, err
}

// check returns an error if the history lacks something that a replay needs.
func (h *History) check() error {
	first := h.events[0]
	if first.kind != "ExecutionStarted" {
		return fmt.Errorf("the history begins with %s instead of ExecutionStarted; leave out --reverse-order", first.kind)
	}
	if _, ok := first.details.Get("input"); !ok {
		return errors.New("the history has no data; leave out --no-include-execution-data")
	}
	for i, e := range h.events {
		if i > 1 && e.before == nil && !strings.HasPrefix(e.kind, "Execution") { // an execution can be ended at any time
			return fmt.Errorf("event %d of the history has no previousEventId of an earlier event", i+1)
		}
	}
	return nil
}

func readEvents(list []any) ([]*recorded, error) {
	events, byID := make([]*recorded, len(list)), map[int64]*recorded{}
	for i, item := range list {
		fields, _ := item.(*jsonvalue.Object)
		if fields == nil {
			return nil, fmt.Errorf("event %d of the history is not an object", i+1)
		}
		e := &recorded{details: jsonvalue.ObjectOf()}
		for _, p := range fields.Properties() {
			switch {
			case p.Name == "id":
				e.id, _ = p.Value.(int64)
			case p.Name == "previousEventId":
				id, _ := p.Value.(int64)
				e.before = byID[id]
			case p.Name == "type":
				e.kind, _ = p.Value.(string)
			case p.Name == "timestamp":
				var ok bool
				if e.at, ok = timeOf(p.Value); !ok {
					return nil, fmt.Errorf("event %d of the history has the timestamp %s, which is not a time", i+1, text(p.Value))
				}
			case strings.HasSuffix(p.Name, "EventDetails"):
				if strings.Contains(text(p.Value), `Details":{"truncated":true}`) {
					return nil, fmt.Errorf("event %d of the history has truncated data, so it cannot be replayed", i+1)
				}
				e.role, e.details = readDetails(p.Value)
			}
		}
		if e.id == 0 || e.kind == "" || e.at.IsZero() {
			return nil, fmt.Errorf("event %d of the history lacks its id, type or timestamp", i+1)
		}
		events[i], byID[e.id] = e, e
	}
	threads(events)
	return events, nil
}

// timeOf reads a timestamp, which is a text or a number of seconds, depending on the
// version and the settings of the AWS CLI.
func timeOf(v any) (time.Time, bool) {
	if text, ok := v.(string); ok {
		at, err := time.Parse(time.RFC3339Nano, text)
		return at, err == nil
	}
	seconds, ok := jsonvalue.Number(v)
	return time.UnixMilli(int64(math.Round(seconds * 1000))), ok
}

// readDetails returns the execution's role, if it is there, and the details that say what
// the execution did.
func readDetails(v any) (role string, _ *jsonvalue.Object) {
	details, _ := v.(*jsonvalue.Object)
	if details == nil {
		return "", jsonvalue.ObjectOf()
	}
	var kept []jsonvalue.Property
	for _, p := range details.Properties() {
		switch p.Name {
		case "roleArn":
			role, _ = p.Value.(string)
			continue
		case "inputDetails", "outputDetails", "assignedVariablesDetails", "stateMachineAliasArn", "stateMachineVersionArn", "region":
			continue
		case "input", "output", "parameters":
			p.Value = parsed(p.Value)
		case "assignedVariables":
			if variables, ok := p.Value.(*jsonvalue.Object); ok {
				var values []jsonvalue.Property
				for _, v := range variables.Properties() {
					values = append(values, jsonvalue.Prop(v.Name, parsed(v.Value)))
				}
				p.Value = jsonvalue.ObjectOf(values...)
			}
		}
		kept = append(kept, p)
	}
	return role, jsonvalue.ObjectOf(kept...)
}

// parsed returns the value of a JSON text.
func parsed(v any) any {
	if text, ok := v.(string); ok {
		if value, err := jsonvalue.Decode(text); err == nil {
			return value
		}
	}
	return v
}

// text returns a detail that is a text.
func (e *recorded) text(name string) string {
	value, _ := e.details.Get(name)
	found, _ := value.(string)
	return found
}

// is reports whether the event's type has this suffix.
func (e *recorded) is(suffix string) bool { return strings.HasSuffix(e.kind, suffix) }

// state returns the state to which an event of a task belongs.
func (e *recorded) state() string {
	for ; e != nil; e = e.before {
		if e.is("StateEntered") {
			return e.text("name")
		}
	}
	return ""
}
