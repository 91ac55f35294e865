package workflow

import (
	"encoding/json"
	"time"

	"pizzasaga/internal/order"
)

// StateFailure is what a Catch of the definition records: the name of an error and its
// cause, or null if there is none. If a dead letter was sent, Letter.At is when the
// execution entered the state that sent it.
type StateFailure struct {
	Error  string `json:"Error"`
	Cause  string `json:"Cause"`
	Letter struct {
		At time.Time `json:"At,omitzero"`
	} `json:"Letter,omitzero"`
}

// Failures are the failures that the definition has caught, keyed by the step that
// failed. Two keys are not steps: the kitchen branch fails as "fulfilOrder", and a dead
// letter that could not be sent has the name of its step with the suffix "DLQ".
type Failures map[string]StateFailure

const (
	fulfilOrder = "fulfilOrder"
	lostSuffix  = "DLQ"

	// kitchenFailed is the error with which the kitchen branch fails. Its cause is the
	// branch's own Failures.
	kitchenFailed = "KitchenFailed"
)

// Of returns the failure of a step, if it failed.
func (f Failures) Of(step order.StepName) (order.Failure, bool) {
	return f.as(step, string(step))
}

// OfKitchen returns the failure of the step at which the kitchen branch failed, if it
// failed. If the step is unknown, for example because the execution was stopped, it uses
// the given one.
func (f Failures) OfKitchen(otherwise order.StepName) (order.Failure, bool) {
	if f[fulfilOrder].Error == kitchenFailed {
		var branch Failures
		if json.Unmarshal([]byte(f[fulfilOrder].Cause), &branch) == nil {
			for step := range branch { // there is only one, because it ends the branch
				return branch.Of(order.StepName(step))
			}
		}
	}
	return f.as(otherwise, fulfilOrder)
}

// as returns the failure stored under a key, attributed to a step.
func (f Failures) as(step order.StepName, key string) (order.Failure, bool) {
	s, ok := f[key]
	if !ok {
		return order.Failure{}, false
	}
	failure := order.NewFailure(step, s.Error, CauseMessage(s.Cause))
	failure.At = s.Letter.At
	return failure, true
}

// reported is the JSON that Lambda writes for a function's error: the failure's cause.
type reported struct {
	Message string `json:"errorMessage"`
	Type    string `json:"errorType"`
}

// Caught returns what a Catch records for an error that the function returns.
func Caught(err error) StateFailure {
	name := ErrorName(err)
	cause, _ := json.Marshal(reported{err.Error(), name}) // two strings always marshal
	return StateFailure{Error: name, Cause: string(cause)}
}

// CauseMessage returns the message in a cause.
func CauseMessage(cause string) string {
	var r reported
	if json.Unmarshal([]byte(cause), &r) == nil && r.Message != "" {
		return r.Message
	}
	return cause
}

// FailuresAt returns what the definition would catch if the step failed.
func FailuresAt(step order.StepName, why StateFailure) Failures {
	return Failures{string(step): why}
}

// FailuresOfKitchen returns what the definition would catch if the kitchen branch failed.
func FailuresOfKitchen(why StateFailure) Failures { return Failures{fulfilOrder: why} }

// Add adds the failure of a step that has a dead letter queue. If its letter could not be
// sent, lost is the reason.
func (f Failures) Add(step order.StepName, why StateFailure, lost error) {
	if lost != nil {
		why.Letter.At = time.Time{}
		f[string(step)+lostSuffix] = StateFailure{Error: ErrorName(lost), Cause: lost.Error()}
	}
	f[string(step)] = why
}
