package sfnapi

import (
	"cmp"
	"errors"
	"regexp"
	"strings"

	"pizzasaga/asl"
)

type machineItem struct {
	ARN     string   `json:"stateMachineArn"`
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Created *seconds `json:"creationDate"`
}

func (s *server) machine() machineItem {
	arn := s.Engine.StateMachineARN()
	return machineItem{arn, asl.NameOf(arn), "STANDARD", since(s.created)}
}

func (s *server) listStateMachines(struct{}) (any, error) {
	return map[string]any{"stateMachines": []machineItem{s.machine()}}, nil
}

type describeStateMachineInput struct {
	ARN string `json:"stateMachineArn"`
}

func (s *server) describeStateMachine(in describeStateMachineInput) (any, error) {
	if err := s.checkMachine(in.ARN); err != nil {
		return nil, err
	}
	return struct {
		machineItem
		Status     string `json:"status"`
		Definition string `json:"definition"`
		RoleARN    string `json:"roleArn"`
	}{s.machine(), "ACTIVE", s.Engine.Machine().Definition(), s.Engine.RoleARN()}, nil
}

type validateInput struct {
	Definition string `json:"definition"`
	MaxResults int    `json:"maxResults"`
	Type       string `json:"type"`
}

type diagnostic struct {
	Severity string   `json:"severity"`
	Code     asl.Code `json:"code"`
	Message  string   `json:"message"`
	Location string   `json:"location,omitempty"`
}

// maxDiagnostics is the most that AWS returns.
const maxDiagnostics = 100

// validate checks a definition against the language, but not against the resources that
// this engine has.
func (s *server) validate(in validateInput) (any, error) {
	if in.Definition == "" {
		return nil, invalid("definition is missing")
	}
	if in.MaxResults < 0 || in.MaxResults > maxDiagnostics {
		return nil, invalid("maxResults must be 0 to %d", maxDiagnostics)
	}
	most := cmp.Or(in.MaxResults, maxDiagnostics)
	found := []diagnostic{}
	machine, err := asl.Load([]byte(in.Definition), nil)
	if err == nil && in.Type == "EXPRESS" {
		err = machine.CheckExpress()
	}
	problems, _ := errors.AsType[asl.Problems](err) // Load returns no other errors
	for _, p := range problems {
		found = append(found, diagnostic{"ERROR", p.Code, p.Message, location(p)})
	}
	result := "OK"
	if len(found) > 0 {
		result = "FAIL"
	}
	return map[string]any{"result": result, "diagnostics": found[:min(len(found), most)], "truncated": len(found) > most}, nil
}

var separators = regexp.MustCompile(`[.\[\]]+`)

// location returns a place such as States.Pay.Catch[0].Next in AWS's format:
// /States/Pay/Catch/0/Next. AWS gives no location for a missing end or invalid JSON.
func location(p asl.Problem) string {
	if p.Place == "" && p.Code != asl.SchemaValidationFailed {
		return ""
	}
	return "/" + strings.Trim(separators.ReplaceAllString(p.Place, "/"), "/")
}
