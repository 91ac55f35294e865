package asl

import (
	"slices"

	"pizzasaga/asl/internal/expr"
)

// The error names that the language defines. Package expr has the others.
//
// https://states-language.net/spec.html#appendix-a
const (
	statesALL                             = "States.ALL"
	statesDataLimitExceeded               = "States.DataLimitExceeded"
	statesExceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold"
	statesHeartbeatTimeout                = "States.HeartbeatTimeout"
	statesRuntime                         = expr.Runtime
	statesTaskFailed                      = "States.TaskFailed"
	statesTimeout                         = "States.Timeout"
)

// failure is why a state, a branch or an execution failed.
type failure struct {
	Name, Cause string
	Fatal       bool `json:",omitempty"` // it is neither retried nor caught
	Heartbeat   bool `json:",omitempty"` // a heartbeat was missed
}

// matches reports whether an ErrorEquals with these names matches the failure.
func (reason failure) matches(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case statesALL, reason.Name:
			return true
		case statesTaskFailed:
			return reason.Name != statesTimeout
		case statesHeartbeatTimeout:
			return reason.Heartbeat
		}
		return false
	})
}
