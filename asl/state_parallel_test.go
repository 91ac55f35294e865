package asl_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestAWaitingSiblingIsStoppedWhenABranchFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, beside(`{"Type": "Wait", "Seconds": 3600, "End": true}`), nil)
		x := l.run(`{}`)
		l.succeeds(x, `"ended"`)
		require.Equal(t, 10*time.Second, x.Stopped.Sub(x.Started))
		require.Equal(t, []string{
			"ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "WaitStateEntered", "WaitStateEntered",
			"WaitStateExited", "FailStateEntered", "WaitStateAborted", "ParallelStateFailed", "ParallelStateExited",
			"PassStateEntered", "PassStateExited", "ExecutionSucceeded",
		}, l.types(x))
	})
}

func TestASiblingIsNotRetriedAfterABranchHasFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		l := newLab(t, beside(`{"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true,
			"Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 5}]}`), map[string]work{
			"do": func(context.Context, asl.Task) (any, error) {
				calls.Add(1)
				return nil, &asl.TaskError{Name: "Flaky"}
			}})
		x := l.run(`{}`)
		l.succeeds(x, `"ended"`)
		time.Sleep(time.Hour)
		require.EqualValues(t, 1, calls.Load())
		require.Contains(t, l.types(x), "TaskStateAborted")
	})
}

func TestARunningTaskOfAStoppedBranchFinishesAndIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Bool
		l := newLab(t, beside(`{"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true}`), map[string]work{
			"do": func(ctx context.Context, _ asl.Task) (any, error) {
				time.Sleep(time.Minute)
				done.Store(ctx.Err() == nil)
				return "late", nil
			}})
		x := l.run(`{}`)
		l.succeeds(x, `"ended"`)
		require.False(t, done.Load())
		before := l.types(x)
		time.Sleep(time.Hour)
		require.True(t, done.Load(), "the task has finished, and its context was not cancelled")
		require.Equal(t, before, l.types(x))
	})
}

func TestARuntimeErrorInABranchIsNotCaught(t *testing.T) {
	l := newLab(t, `{"StartAt": "P", "States": {
		"P": {"Type": "Parallel", "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
			"Retry": [{"ErrorEquals": ["States.ALL"]}],
			"Branches": [{"StartAt": "Bad", "States": {"Bad": {"Type": "Pass", "InputPath": "$.none", "End": true}}}]},
		"Caught": {"Type": "Pass", "End": true}}}`, nil)
	x := l.run(`{}`)
	require.Equal(t, asl.Failed, x.Status)
	require.Equal(t, "States.Runtime", x.Error)
	require.Equal(t, []string{"ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "PassStateEntered", "ExecutionFailed"}, l.types(x),
		"there are no events of the outer states")
}

func TestAParallelCanFailAfterItsBranchesHaveSucceeded(t *testing.T) {
	parallel := func(fields string) *lab {
		return newLab(t, `{"StartAt": "P", "States": {
			"P": {"Type": "Parallel", "End": true, `+fields+`, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}]},
			"Caught": {"Type": "Pass", "End": true}}}`, nil)
	}
	const caught = `, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]`
	ended := []string{"ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "PassStateEntered", "PassStateExited", "ParallelStateSucceeded"}
	l := parallel(`"ResultSelector": {"a.$": "$.none"}` + caught)
	require.Equal(t, append(ended, "ExecutionFailed"), l.types(l.run(`{}`)))
	l = parallel(`"ResultPath": "$.a.b"` + caught)
	x := l.run(`{"a": 1}`)
	require.Equal(t, asl.Succeeded, x.Status)
	require.Equal(t, append(ended, "ParallelStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"), l.types(x))
}

func TestAParallelIsRetriedAsAWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true,
			"Retry": [{"ErrorEquals": ["Bad"], "IntervalSeconds": 5}],
			"Branches": [
				{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::test:a", "End": true}}},
				{"StartAt": "B", "States": {"B": {"Type": "Task", "Resource": "arn:aws:states:::test:b", "Parameters": {"n.$": "$$.State.RetryCount"}, "End": true}}}]}}}`,
			map[string]work{"a": returns(`1`), "b": failTwice()})
		x := l.run(`{}`)
		l.succeeds(x, `[1, "done"]`)
		require.Equal(t, 15*time.Second, x.Stopped.Sub(x.Started))
	})
}

func failTwice() work {
	calls := 0
	return func(context.Context, asl.Task) (any, error) {
		if calls++; calls <= 2 {
			return nil, &asl.TaskError{Name: "Bad"}
		}
		return "done", nil
	}
}
