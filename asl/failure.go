package asl

import (
	"slices"

	"pizzasaga/asl/internal/expr"
)

// failure is why a state, a branch or an execution failed.
type failure struct {
	Name, Cause string
	Fatal       bool `json:",omitempty"` // no Retry and no Catch sees it
	Heartbeat   bool `json:",omitempty"` // a time-out because no heartbeat came
}

// The names of errors that have a meaning of their own here.
const (
	runtimeName    = expr.Runtime
	timeoutName    = "States.Timeout"
	taskFailedName = "States.TaskFailed"
	dataLimitName  = "States.DataLimitExceeded"
)

// matches reports whether an ErrorEquals names the failure.
func (fl failure) matches(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case "States.ALL", fl.Name:
			return true
		case taskFailedName:
			return fl.Name != timeoutName
		case "States.HeartbeatTimeout":
			return fl.Heartbeat
		}
		return false
	})
}
