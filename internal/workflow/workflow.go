// Package workflow has what the function and the workflow's definition share beyond the
// domain: the names of states, an execution's input, the names of errors that Retry and
// Catch match, the failures that a Catch records, the dead letter queues, and the faults
// that an order can ask for.
package workflow

import (
	"encoding/json"
	"fmt"
	"strings"

	"pizzasaga/internal/order"
)

// State returns the name of the state that runs a step.
func State(s order.StepName) string { return strings.ToUpper(string(s[:1])) + string(s[1:]) }

// Input returns the input of an order's execution.
func Input(r order.Request) ([]byte, error) {
	input, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode the input of execution %s: %w", r.ID, err)
	}
	return input, nil
}

// CheckInput returns an error unless input encodes r. It checks the input of an existing
// execution that has the order's name.
func CheckInput(r order.Request, input []byte) error {
	var theirs order.Request
	if err := json.Unmarshal(input, &theirs); err != nil || theirs != r {
		return fmt.Errorf("start execution %s: an execution with this name and another input exists", r.ID)
	}
	return nil
}

// Validate returns an error that wraps order.ErrInvalid and says what is wrong if no step
// can handle the request.
func Validate(r order.Request) error {
	switch {
	case r.ID == "":
		return fmt.Errorf("%w: orderId is missing", order.ErrInvalid)
	case r.PerStepDelaySeconds < 0 || r.PerStepDelaySeconds > order.MaxPerStepDelaySeconds:
		return fmt.Errorf("%w: perStepDelaySeconds is %d, but must be 0 to %d", order.ErrInvalid, r.PerStepDelaySeconds, order.MaxPerStepDelaySeconds)
	case !valid(r.ErrorOnStep):
		return fmt.Errorf("%w: errorOnStep is %d, but must be 0 to %d", order.ErrInvalid, r.ErrorOnStep, LastFault)
	}
	return nil
}
