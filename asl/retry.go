package asl

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"pizzasaga/asl/internal/expr"
)

// retrier is one entry of Retry.
type retrier struct {
	errors      []string
	interval    float64 // seconds
	maxAttempts int64
	rate        float64
	maxDelay    float64 // seconds; 0 is none
	jitter      bool
}

// delay returns how long to wait before the retry that comes after this many
// others.
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
	resultPath resultPath
	assign     *expr.Template
}

// retriers reads Retry.
func (f *stateFields) retriers() {
	f.errorRules("Retry", func(_ int, rule *fields, errors []string) {
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
		f.state.retry = append(f.state.retry, r)
	})
}

// catchers reads Catch.
func (f *stateFields) catchers() {
	f.state.catch = make([]catcher, len(f.items("Catch")))
	f.errorRules("Catch", func(i int, rule *fields, errors []string) {
		c := &f.state.catch[i]
		if rule.require("Next") == nil {
			f.flow.incomplete = true
		}
		c.errors, c.resultPath, c.assign = errors, rule.resultPath(), f.assign(rule)
		f.target(rule, "Next", func(st *state) { c.next = st })
	})
}

// errorRules reads the entries of Retry or Catch, which share ErrorEquals.
func (f *stateFields) errorRules(name string, read func(i int, rule *fields, errors []string)) {
	items := f.array(name)
	f.objects(name, items, func(i int, rule *fields) {
		rule.text("Comment")
		rule.requireItems("ErrorEquals", "name of an error")
		var errors []string
		for j, item := range rule.items("ErrorEquals") {
			text, ok := item.Value.(string)
			if !ok || text == "" {
				f.report(item.Begin, rule.at("ErrorEquals").Item(j), "must be the name of an error")
			}
			errors = append(errors, text)
		}
		switch all := slices.Contains(errors, statesALL); {
		case all && len(errors) > 1:
			rule.wrong("ErrorEquals", statesALL+" must stand alone")
		case all && i < len(items)-1:
			rule.wrong("ErrorEquals", statesALL+" must come last: nothing after it is ever used")
		}
		read(i, rule, errors)
		rule.reportUnknown("a " + name)
	})
}
