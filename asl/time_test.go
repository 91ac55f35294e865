package asl_test

import (
	"context"
	"encoding/json"
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
		l.succeeds(l.run(`{}`), `{"late": {"Error": "States.Timeout", "Cause": null}}`)
	})
}

func TestAnAnswerThatComesAfterItsTimeOutIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, taskWith(`, "TimeoutSeconds": 5`), map[string]work{"do": takes(5 * time.Second)})
		x := l.run(`{}`)
		l.fails(x, "States.Timeout", "")
		require.Equal(t, []string{"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskTimedOut", "ExecutionFailed"}, l.types(x))
		require.Equal(t, 5*time.Second, x.Stopped.Sub(x.Started))
	})
}

func TestHeartbeatsKeepATaskAliveUntilItsTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &tokens{}
		definition := taskWith(`, "TimeoutSeconds": 60, "HeartbeatSeconds": 10, "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Caught"}]`)
		definition = replaceOnce(definition, "test:do", "test:do.waitForTaskToken")
		l := newLab(t, definition, map[string]work{"do": k.submit})
		arn := l.start(`{}`)
		for range 7 {
			time.Sleep(8 * time.Second)
			require.NoError(t, l.engine.SendTaskHeartbeat(k.last()))
		}
		x := l.wait(arn)
		l.fails(x, "States.Timeout", "")
		require.Equal(t, 60*time.Second, x.Stopped.Sub(x.Started))
	})
}

func TestAMissingHeartbeatCanBeCaughtByItsOwnName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &tokens{}
		definition := taskWith(`, "TimeoutSeconds": 60, "HeartbeatSeconds": 10, "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "ResultPath": null, "Next": "Caught"}]`)
		l := newLab(t, replaceOnce(definition, "test:do", "test:do.waitForTaskToken"), map[string]work{"do": k.submit})
		x := l.run(`{}`)
		l.succeeds(x, `{}`)
		require.Equal(t, 10*time.Second, x.Stopped.Sub(x.Started))
	})
}

func TestATokenIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &tokens{}
		l := newLab(t, replaceOnce(taskWith(``), "test:do", "test:do.waitForTaskToken"), map[string]work{"do": k.submit})
		arn := l.start(`{}`)
		synctest.Wait()
		require.ErrorIs(t, l.engine.SendTaskSuccess(k.last(), []byte(`{`)), asl.ErrInvalidOutput)
		require.NoError(t, l.engine.SendTaskSuccess(k.last(), []byte(`{"a": 1}`)))
		l.succeeds(l.wait(arn), `{"a": 1}`)
		require.ErrorIs(t, l.engine.SendTaskSuccess(k.last(), []byte(`{}`)), asl.ErrTaskTimedOut)
		require.ErrorIs(t, l.engine.SendTaskFailure("made up", "", ""), asl.ErrInvalidToken)
	})
}

func TestATokenThatComesBackBeforeItsTaskIsSubmittedIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l *lab
		l = newLab(t, replaceOnce(taskWith(``), "test:do", "test:do.waitForTaskToken"), map[string]work{
			"do": func(_ context.Context, task asl.Task) (any, error) {
				require.NoError(l, l.engine.SendTaskSuccess(task.Token, []byte(`{"early": true}`)))
				return json.RawMessage(`{}`), nil
			}})
		x := l.run(`{}`)
		l.succeeds(x, `{"early": true}`)
		require.Equal(t, []string{"TaskSubmitted", "TaskSucceeded"}, l.types(x)[4:6])
	})
}

func TestTheMachinesTimeOutEndsTheExecutionUncaught(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := replaceOnce(taskWith(catchAll), `{"StartAt"`, `{"TimeoutSeconds": 7, "StartAt"`)
		l := newLab(t, definition, map[string]work{"do": takes(time.Minute)})
		x := l.run(`{}`)
		require.Equal(t, asl.TimedOut, x.Status)
		require.Empty(t, x.Error, "only the history names it")
		require.Equal(t, 7*time.Second, x.Stopped.Sub(x.Started))
		history, err := l.engine.History(x.ARN)
		require.NoError(t, err)
		require.Equal(t, asl.ExecutionTimedOut, history[4].Type)
		require.Equal(t, &asl.FailureDetails{Error: "States.Timeout"}, history[4].Details)
		require.Zero(t, history[4].PreviousID)
	})
}

func TestAWaitEndsAtItsTime(t *testing.T) {
	for _, wait := range []string{`"Seconds": 90`, `"SecondsPath": "$.s"`, `"Timestamp": "2000-01-01T00:01:30Z"`, `"TimestampPath": "$.t"`} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", `+wait+`, "End": true}}}`, nil)
			x := l.run(`{"s": 90, "t": "2000-01-01T01:01:30+01:00"}`)
			require.Equal(t, asl.Succeeded, x.Status, x.Cause)
			require.Equal(t, 90*time.Second, x.Stopped.Sub(x.Started))
		})
	}
}

func TestAWaitForANegativeTimeFails(t *testing.T) {
	l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$.s", "End": true}}}`, nil)
	l.fails(l.run(`{"s": -1}`), "States.Runtime", while("W", 2, "The SecondsPath parameter references a negative value: $.s == -1"))
	l.fails(l.run(`{"s": "soon"}`), "States.Runtime", while("W", 2, "The SecondsPath parameter cannot be parsed as a long value: $.s == soon"))
}
