package sfnapi

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pizzasaga/asl"
)

type startExecutionInput struct {
	ARN   string  `json:"stateMachineArn"`
	Name  string  `json:"name"`
	Input *string `json:"input"`
}

func (s *server) startExecution(in startExecutionInput) (any, error) {
	if err := s.checkMachine(in.ARN); err != nil {
		return nil, err
	}
	input := "{}"
	if in.Input != nil {
		input = *in.Input
	}
	x, err := s.Engine.Start(in.Name, []byte(input))
	if err != nil {
		return nil, err
	}
	return map[string]any{"executionArn": x.ARN, "startDate": since(x.Started)}, nil
}

type stopExecutionInput struct {
	ARN   string `json:"executionArn"`
	Error string `json:"error"`
	Cause string `json:"cause"`
}

func (s *server) stopExecution(in stopExecutionInput) (any, error) {
	if err := checkExecution(in.ARN); err != nil {
		return nil, err
	}
	x, err := s.Engine.Stop(in.ARN, in.Error, in.Cause)
	if err != nil {
		return nil, err
	}
	return map[string]any{"stopDate": since(x.Stopped)}, nil
}

type executionItem struct {
	ARN          string     `json:"executionArn"`
	MachineARN   string     `json:"stateMachineArn"`
	Name         string     `json:"name"`
	Status       asl.Status `json:"status"`
	Started      *seconds   `json:"startDate"`
	Stopped      *seconds   `json:"stopDate,omitempty"`
	RedriveCount int        `json:"redriveCount"`
}

func item(x asl.Execution) executionItem {
	return executionItem{x.ARN, x.StateMachineARN, x.Name, x.Status, since(x.Started), since(x.Stopped), 0}
}

type listExecutionsInput struct {
	ARN     string     `json:"stateMachineArn"`
	Status  asl.Status `json:"statusFilter"`
	Redrive string     `json:"redriveFilter"`
	page
}

func (s *server) listExecutions(in listExecutionsInput) (any, error) {
	if err := s.checkMachine(in.ARN); err != nil {
		return nil, err
	}
	switch in.Status {
	case "", asl.Running, asl.Succeeded, asl.Failed, asl.TimedOut, asl.Aborted:
	default:
		return nil, invalid("statusFilter %q is not a status of an execution", in.Status)
	}
	switch in.Redrive {
	case "", "REDRIVEN", "NOT_REDRIVEN":
	default:
		return nil, invalid("redriveFilter %q is neither REDRIVEN nor NOT_REDRIVEN", in.Redrive)
	}
	found := []executionItem{}
	for _, x := range s.Engine.List() {
		if (in.Status == "" || in.Status == x.Status) && in.Redrive != "REDRIVEN" { // this engine does not redrive
			found = append(found, item(x))
		}
	}
	from, to, next, err := in.cut(len(found), "list")
	return output{"executions": found[from:to]}.with(next), err
}

type describeExecutionInput struct {
	ARN      string `json:"executionArn"`
	Included string `json:"includedData"`
}

// dataDetails accompanies an input or output that is included.
var dataDetails = map[string]bool{"included": true}

func (s *server) describeExecution(in describeExecutionInput) (any, error) {
	if err := checkExecution(in.ARN); err != nil {
		return nil, err
	}
	x, err := s.Engine.Describe(in.ARN)
	if err != nil {
		return nil, err
	}
	answer := struct {
		executionItem
		Input         string          `json:"input,omitempty"`
		InputDetails  map[string]bool `json:"inputDetails,omitempty"`
		Output        string          `json:"output,omitempty"`
		OutputDetails map[string]bool `json:"outputDetails,omitempty"`
		Error         string          `json:"error,omitempty"`
		Cause         string          `json:"cause,omitempty"`
		RedriveStatus string          `json:"redriveStatus"`
		RedriveReason string          `json:"redriveStatusReason"`
	}{executionItem: item(x), Error: x.Error, Cause: x.Cause, RedriveStatus: "NOT_REDRIVABLE", RedriveReason: "This engine does not redrive executions."}
	if in.Included != "METADATA_ONLY" {
		answer.Input, answer.InputDetails = x.Input.String(), dataDetails
		if x.Status == asl.Succeeded {
			answer.Output, answer.OutputDetails = x.Output.String(), dataDetails
		}
	}
	return answer, nil
}

type getExecutionHistoryInput struct {
	ARN     string `json:"executionArn"`
	Reverse bool   `json:"reverseOrder"`
	Data    *bool  `json:"includeExecutionData"`
	page
}

func (s *server) getExecutionHistory(in getExecutionHistoryInput) (any, error) {
	if err := checkExecution(in.ARN); err != nil {
		return nil, err
	}
	events, err := s.Engine.History(in.ARN)
	if err != nil {
		return nil, err
	}
	order := "forward"
	total := len(events)
	if in.Reverse {
		order = "reverse"
		// A running execution gains events between two pages. When reading backwards, the
		// new events are before the first page, so they are skipped.
		if n, err := in.total(order); err == nil && n > 0 {
			total = min(n, total)
		}
		events = events[:total]
		slices.Reverse(events)
	}
	from, to, next, err := in.cut(total, order)
	if err != nil {
		return nil, err
	}
	if in.Data != nil && !*in.Data {
		bare, err := withoutData(events[from:to])
		return output{"events": bare}.with(next), err
	}
	return output{"events": events[from:to]}.with(next), nil
}

// withoutData returns the events without the execution's data.
func withoutData(events []asl.Event) ([]map[string]any, error) {
	text, err := json.Marshal(events)
	if err != nil {
		return nil, err
	}
	var bare []map[string]any
	if err := json.Unmarshal(text, &bare); err != nil {
		return nil, err
	}
	for _, e := range bare {
		for _, details := range e {
			if d, ok := details.(map[string]any); ok {
				for _, data := range []string{"input", "output", "parameters", "assignedVariables", "inputDetails", "outputDetails", "assignedVariablesDetails"} {
					delete(d, data)
				}
			}
		}
	}
	return bare, nil
}

// page has the input fields of operations that return a list in pages.
type page struct {
	Max   int    `json:"maxResults"`
	Token string `json:"nextToken"`
}

const defaultPage, maxPage = 100, 1000

// cut returns the bounds of this page in a list of n, and the token of the next page, or
// "" after the last. A token is valid only for a list of its kind.
func (p page) cut(n int, kind string) (from, to int, next string, err error) {
	if p.Max < 0 || p.Max > maxPage {
		return 0, 0, "", invalid("maxResults must be 0 to %d", maxPage)
	}
	if from, _, err = p.parse(kind); err != nil {
		return 0, 0, "", err
	}
	from = min(from, n)
	to = min(from+cmp.Or(p.Max, defaultPage), n)
	if to < n {
		next = base64.URLEncoding.EncodeToString([]byte(strings.Join([]string{kind, strconv.Itoa(to), strconv.Itoa(n)}, " ")))
	}
	return from, to, next, nil
}

// total returns the length of the list when its first page was read, or 0 if this is the first page.
func (p page) total(kind string) (int, error) {
	_, n, err := p.parse(kind)
	return n, err
}

func (p page) parse(kind string) (from, total int, err error) {
	if p.Token == "" {
		return 0, 0, nil
	}
	text, err := base64.URLEncoding.DecodeString(p.Token)
	fields := strings.Fields(string(text))
	if err == nil && len(fields) == 3 && fields[0] == kind {
		if from, err = strconv.Atoi(fields[1]); err == nil {
			total, err = strconv.Atoi(fields[2])
		}
		if err == nil && from >= 0 && total >= 0 {
			return from, total, nil
		}
	}
	return 0, 0, &fault{"InvalidToken", "nextToken did not come from this operation"}
}

// output is an answer that may have further pages.
type output map[string]any

func (o output) with(next string) output {
	if next != "" {
		o["nextToken"] = next
	}
	return o
}
