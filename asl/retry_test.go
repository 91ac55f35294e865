package asl_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestRetriesBackOffUpToTheCap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []float64
		start := time.Now()
		l := newLab(t, taskWith(`, "Retry": [{"ErrorEquals": ["Bad"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10, "MaxAttempts": 4}]`),
			map[string]work{"do": func(context.Context, asl.Task) (any, error) {
				at = append(at, time.Since(start).Seconds())
				return nil, &asl.TaskError{Name: "Bad"}
			}})
		l.fails(l.run(`{}`), "Bad", "")
		require.Equal(t, []float64{0, 2, 8, 18, 28}, at)
	})
}

func TestFullJitterWaitsNoLongerThanTheBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, taskWith(`, "Retry": [{"ErrorEquals": ["Bad"], "IntervalSeconds": 100, "MaxAttempts": 1, "JitterStrategy": "FULL"}]`),
			map[string]work{"do": failing("Bad", "")})
		var shortest, longest time.Duration = time.Hour, 0
		for range 20 {
			x := l.run(`{}`)
			took := x.Stopped.Sub(x.Started)
			shortest, longest = min(shortest, took), max(longest, took)
		}
		require.Less(t, longest, 100*time.Second)
		require.Greater(t, longest-shortest, 10*time.Second)
	})
}

func TestMaxAttemptsOfZeroNeverRetries(t *testing.T) {
	calls := 0
	l := newLab(t, taskWith(`, "Retry": [{"ErrorEquals": ["Bad"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}]`),
		map[string]work{"do": func(context.Context, asl.Task) (any, error) {
			calls++
			return nil, &asl.TaskError{Name: "Bad"}
		}})
	l.fails(l.run(`{}`), "Bad", "")
	require.Equal(t, 1, calls)
}

func TestEachRetrierCountsItsOwnAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errors := []string{"A", "B", "A", "B", "A"}
		l := newLab(t, taskWith(`, "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 2}, {"ErrorEquals": ["B"], "MaxAttempts": 2}]`),
			map[string]work{"do": func(_ context.Context, task asl.Task) (any, error) {
				return nil, &asl.TaskError{Name: errors[task.Attempt]}
			}})
		l.fails(l.run(`{}`), "A", "")
	})
}

func TestStatesTaskFailedMatchesAnythingButATimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caught := taskWith(`, "TimeoutSeconds": 5, "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Other"}, {"ErrorEquals": ["States.Timeout"], "ResultPath": "$.late", "Next": "Caught"}]`)
		l := newLab(t, caught, map[string]work{"do": failing("Bad", "why")})
		l.succeeds(l.run(`{}`), `{"Error": "Bad", "Cause": "why"}`)
		l = newLab(t, caught, map[string]work{"do": takes(6 * time.Second)})
		l.succeeds(l.run(`{}`), `{"late": {"Error": "States.Timeout", "Cause": ""}}`)
	})
}

func TestAFailureOfACatcherIsNotCaught(t *testing.T) {
	l := newLab(t, taskWith(`, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.a.b", "Next": "Caught"}]`),
		map[string]work{"do": failing("Bad", "")})
	x := l.run(`{"a": 1}`)
	require.Equal(t, asl.Failed, x.Status)
	require.NotEqual(t, "Bad", x.Error)
}
