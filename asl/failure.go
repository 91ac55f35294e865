package asl

import (
	"slices"

	"pizzasaga/asl/internal/expr"
)

// The names of errors that the language defines, with those that package expr
// raises.
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
	Fatal       bool `json:",omitempty"` // no Retry and no Catch applies
	Heartbeat   bool `json:",omitempty"` // a heartbeat was missing
}

// matches reports whether the names of an ErrorEquals include the failure.
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
