package asl

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// maxSeconds is the most that AWS takes for a time in a definition.
const maxSeconds = 99999999

// failure is why a state, a branch or an execution failed.
type failure struct {
	Name, Cause string
	Fatal       bool `json:",omitempty"` // no Retry and no Catch sees it
	Heartbeat   bool `json:",omitempty"` // a time-out because no heartbeat came
}

const (
	runtimeName   = "States.Runtime"
	timeoutName   = "States.Timeout"
	dataLimitName = "States.DataLimitExceeded"
)

// matches tells whether an ErrorEquals names the failure.
func (fl failure) matches(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case "States.ALL", fl.Name:
			return true
		case "States.TaskFailed":
			return fl.Name != timeoutName
		case "States.HeartbeatTimeout":
			return fl.Heartbeat
		}
		return false
	})
}

// retrier is one entry of Retry.
type retrier struct {
	errors      []string
	interval    float64 // seconds
	maxAttempts int64
	rate        float64
	maxDelay    float64 // seconds; 0 is none
	jitter      bool
}

// delay is how long to wait before the retry after this many others.
func (r *retrier) delay(others int64) time.Duration {
	seconds := r.interval * math.Pow(r.rate, float64(others))
	if r.maxDelay > 0 {
		seconds = min(seconds, r.maxDelay)
	}
	seconds = min(seconds, maxSeconds)
	if r.jitter {
		seconds *= rand.Float64()
	}
	return time.Duration(seconds * float64(time.Second))
}

// catcher is one entry of Catch.
type catcher struct {
	errors     []string
	next       *state
	resultPath resultField
	assign     *template
}

// errors reads Retry and Catch.
func (o *stateObject) errors() {
	o.rules("Retry", func(rule *object, errors []string) {
		r := retrier{
			errors:      errors,
			interval:    float64(rule.integer("IntervalSeconds", 1, maxSeconds, 1)),
			maxAttempts: rule.integer("MaxAttempts", 0, maxSeconds, 3),
			rate:        rule.number("BackoffRate", 1, 2),
			maxDelay:    float64(rule.integer("MaxDelaySeconds", 1, 31622399, 0)),
		}
		if r.maxDelay > 0 && r.maxDelay <= r.interval {
			rule.wrong("MaxDelaySeconds", "must be greater than IntervalSeconds, which is %v", r.interval)
		}
		switch jitter, ok := rule.text("JitterStrategy"); {
		case jitter == "FULL":
			r.jitter = true
		case ok && jitter != "NONE":
			rule.wrong("JitterStrategy", "must be FULL or NONE")
		}
		o.state.retry = append(o.state.retry, r)
		rule.close("a Retry")
	})
	o.rules("Catch", func(rule *object, errors []string) {
		rule.required("Next")
		o.state.catch = append(o.state.catch, catcher{
			errors:     errors,
			next:       o.target(rule, "Next"),
			resultPath: rule.resultField(),
			assign:     o.assignment(rule),
		})
		rule.close("a Catch")
	})
}

// rules reads the entries of Retry or Catch, which share ErrorEquals.
func (o *stateObject) rules(name string, read func(rule *object, errors []string)) {
	items := o.list(name)
	for i, item := range items {
		rule := o.loader.object(item, nth(o.at(name), i))
		if rule == nil {
			continue
		}
		rule.text("Comment")
		rule.required("ErrorEquals")
		var errors []string
		for j, one := range rule.list("ErrorEquals") {
			text, ok := one.literal.(string)
			if !ok || text == "" {
				o.report(one, nth(rule.at("ErrorEquals"), j), "must be the name of an error")
			}
			errors = append(errors, text)
		}
		switch {
		case rule.has("ErrorEquals") && len(errors) == 0:
			rule.wrong("ErrorEquals", "must be an array with the name of at least one error")
		case slices.Contains(errors, "States.ALL") && len(errors) > 1:
			rule.wrong("ErrorEquals", "States.ALL must stand alone")
		case slices.Contains(errors, "States.ALL") && i < len(items)-1:
			rule.wrong("ErrorEquals", "States.ALL must come last: nothing after it is ever used")
		}
		read(rule, errors)
	}
}
