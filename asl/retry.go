package asl

import (
	"math"
	"math/rand/v2"
	"time"
)

// retrier is one entry of Retry.
type retrier struct {
	errors      []string
	interval    float64 // seconds
	maxAttempts int64
	rate        float64
	maxDelay    float64 // seconds; 0 is none
	jitter      bool
	part        *Part
}

// AWS's limits. The delay is in seconds.
const maxRetries, maxRetryDelay = 99999999, 366*24*60*60 - 1

func compileRetrier(f *fields, errors []string) retrier {
	r := retrier{
		errors:      errors,
		interval:    float64(f.integer("IntervalSeconds", 1, maxSeconds, 1)),
		maxAttempts: f.integer("MaxAttempts", 0, maxRetries, 3),
		rate:        f.number("BackoffRate", 1, math.Inf(1), 2),
		maxDelay:    float64(f.integer("MaxDelaySeconds", 1, maxRetryDelay, 0)),
	}
	if r.maxDelay > 0 && r.maxDelay <= r.interval {
		f.wrong("MaxDelaySeconds", "must be greater than IntervalSeconds, which is %v", r.interval)
	}
	switch jitter, ok := f.text("JitterStrategy"); {
	case jitter == "FULL":
		r.jitter = true
	case ok && jitter != "NONE":
		f.wrong("JitterStrategy", "must be FULL or NONE")
	}
	return r
}

// delay returns how long to wait before a retry, given the number of earlier retries.
func (r *retrier) delay(earlier int64, random *rand.Rand) time.Duration {
	seconds := r.interval * math.Pow(r.rate, float64(earlier))
	if r.maxDelay > 0 {
		seconds = min(seconds, r.maxDelay)
	}
	seconds = min(seconds, maxSeconds)
	if r.jitter {
		seconds *= random.Float64()
	}
	return time.Duration(seconds * float64(time.Second))
}

// catcher is one entry of Catch.
type catcher struct {
	errors     []string
	resultPath resultPath
	transition
}
