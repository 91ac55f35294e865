package asl_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// beside is a Parallel of one branch that fails after ten seconds and another
// with this state, whose failure is caught.
func beside(state string) string {
	return `{"StartAt": "P", "States": {
		"P": {"Type": "Parallel", "Next": "End", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}], "Branches": [
			{"StartAt": "Nap", "States": {"Nap": {"Type": "Wait", "Seconds": 10, "Next": "Bad"}, "Bad": {"Type": "Fail", "Error": "Bad"}}},
			{"StartAt": "Other", "States": {"Other": ` + state + `}}]},
		"End": {"Type": "Pass", "Result": "ended", "End": true}}}`
}

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

func TestARetryingSiblingIsNotRetriedAfterABranchHasFailed(t *testing.T) {
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

func TestATaskThatRunsWhenItsBranchIsStoppedRunsOnUnheard(t *testing.T) {
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
		require.True(t, done.Load(), "it ran to its end, with its context alive")
		require.Equal(t, before, l.types(x))
	})
}

func TestAStoppedExecutionEndsAsAbortedAndItsTaskRunsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Bool
		l := newLab(t, taskWith(catchAll), map[string]work{"do": func(context.Context, asl.Task) (any, error) {
			time.Sleep(time.Minute)
			done.Store(true)
			return nil, nil
		}})
		arn := l.start(`{}`)
		time.Sleep(time.Second)
		x, err := l.engine.Stop(arn, "Enough", "by hand")
		require.NoError(t, err)
		require.Equal(t, asl.Aborted, x.Status)
		require.Equal(t, [2]string{"Enough", "by hand"}, [2]string{x.Error, x.Cause})
		time.Sleep(time.Hour)
		require.True(t, done.Load())
		again, err := l.engine.Stop(arn, "Other", "")
		require.NoError(t, err)
		require.Equal(t, x, again, "a second stop changes nothing")
		require.Equal(t, []string{"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "ExecutionAborted"}, l.types(x))
	})
}

func TestARuntimeErrorInABranchPassesEveryCatch(t *testing.T) {
	l := newLab(t, `{"StartAt": "P", "States": {
		"P": {"Type": "Parallel", "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
			"Retry": [{"ErrorEquals": ["States.ALL"]}],
			"Branches": [{"StartAt": "Bad", "States": {"Bad": {"Type": "Pass", "InputPath": "$.none", "End": true}}}]},
		"Caught": {"Type": "Pass", "End": true}}}`, nil)
	x := l.run(`{}`)
	require.Equal(t, asl.Failed, x.Status)
	require.Equal(t, "States.Runtime", x.Error)
	require.Equal(t, []string{"ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "PassStateEntered", "ExecutionFailed"}, l.types(x),
		"nothing is said of the states around")
}

func TestWhatComesOfItsResultsFailsAParallelThatHasEnded(t *testing.T) {
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
			map[string]work{"a": gives(`1`), "b": failTwice()})
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

// mapOf is a Map over $.items of one task, with these fields too.
func mapOf(fields string) string {
	return `{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.items", "End": true` + fields + `,
		"ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true}}}}}}`
}

func TestAMapRunsNoMoreIterationsAtOnceThanItMay(t *testing.T) {
	for limit, seconds := range map[string]int{`, "MaxConcurrency": 2`: 3, `, "MaxConcurrency": 0`: 1, `, "MaxConcurrencyPath": "$.limit"`: 2, ``: 1} {
		synctest.Test(t, func(t *testing.T) {
			var now, most atomic.Int32
			l := newLab(t, mapOf(limit), map[string]work{"do": func(_ context.Context, task asl.Task) (any, error) {
				most.Store(max(most.Load(), now.Add(1)))
				time.Sleep(time.Second)
				now.Add(-1)
				return task.Parameters, nil
			}})
			x := l.run(`{"items": [5, 4, 3, 2, 1], "limit": 3}`)
			l.succeeds(x, `[5, 4, 3, 2, 1]`)
			require.Equal(t, time.Duration(seconds)*time.Second, x.Stopped.Sub(x.Started), limit)
		})
	}
}

func TestAMapRuns40IterationsAtOnceAtMost(t *testing.T) {
	for _, limit := range []string{``, `, "MaxConcurrency": 100`} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, mapOf(limit), map[string]work{"do": takes(time.Second)})
			x := l.run(`{"items": [` + strings.Repeat("1,", 40) + `1]}`)
			require.Equal(t, 2*time.Second, x.Stopped.Sub(x.Started))
		})
	}
}

func TestAMapOverNothingGivesNothing(t *testing.T) {
	l := newLab(t, mapOf(``), map[string]work{"do": echo})
	x := l.run(`{"items": []}`)
	l.succeeds(x, `[]`)
	require.Equal(t, []string{"ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"}, l.types(x))
}

func TestAMapNeedsAnArray(t *testing.T) {
	l := newLab(t, mapOf(``), map[string]work{"do": echo})
	l.fails(l.run(`{"items": {}}`), "States.Runtime", while("M", 2, `Reference path "$.items" must point to array.`))
}

func TestAMapToleratesAsManyFailuresAsItIsTold(t *testing.T) {
	odd := func(_ context.Context, task asl.Task) (any, error) {
		if n := task.Parameters.Any().(int64); n%2 == 1 {
			return nil, &asl.TaskError{Name: "Odd", Cause: fmt.Sprint(n)}
		}
		return task.Parameters, nil
	}
	for fields, ends := range map[string]string{
		``:                                   "Odd",
		`, "ToleratedFailureCount": 1`:       "States.ExceedToleratedFailureThreshold",
		`, "ToleratedFailureCount": 2`:       "",
		`, "ToleratedFailurePercentage": 50`: "",
		`, "ToleratedFailurePercentagePath": "$.p"`: "States.ExceedToleratedFailureThreshold",
	} {
		l := newLab(t, mapOf(fields), map[string]work{"do": odd})
		x := l.run(`{"items": [1, 2, 3, 4], "p": 25}`)
		require.Equal(t, ends, x.Error, fields)
		if ends == "" {
			l.succeeds(x, `[null, 2, null, 4]`)
		}
	}
}

func TestARuntimeErrorIsNotTolerated(t *testing.T) {
	l := newLab(t, strings.Replace(mapOf(`, "ToleratedFailureCount": 5`), `"Resource"`, `"InputPath": "$.none", "Resource"`, 1), map[string]work{"do": echo})
	x := l.run(`{"items": [{}, {}]}`)
	require.Equal(t, "States.Runtime", x.Error)
}

func TestAMapOfTooManyIterationsEndsAtTheHistorysLimit(t *testing.T) {
	l := newLab(t, mapOf(``), map[string]work{"do": echo})
	x := l.run(`{"items": [` + strings.Repeat("0,", 60000) + `0]}`)
	l.fails(x, "States.Runtime", "The execution reached the maximum number of history events (25000).")
	require.Len(t, l.types(x), 25000)
}

func TestAParallelInsideAMapInsideAParallelJoinsItsResults(t *testing.T) {
	l := newLab(t, `{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "M", "States": {
		"M": {"Type": "Map", "End": true, "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"}, "ItemProcessor": {"StartAt": "Q", "States": {
			"Q": {"Type": "Parallel", "End": true, "Branches": [
				{"StartAt": "X", "States": {"X": {"Type": "Pass", "Parameters": {"x.$": "$.v", "deep.$": "$$.Map.Item.Index"}, "End": true}}},
				{"StartAt": "Y", "States": {"Y": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true}}}]}}}}}}]}}}`,
		map[string]work{"do": echo})
	l.succeeds(l.run(`["a", "b"]`), `[[[{"x": "a", "deep": 0}, {"i": 0, "v": "a"}], [{"x": "b", "deep": 1}, {"i": 1, "v": "b"}]]]`)
}

func TestAFailureDeepInsideStopsEverythingAround(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Q", "States": {
			"Q": {"Type": "Parallel", "End": true, "Branches": [
				{"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$", "Next": "F"}, "F": {"Type": "Fail", "Error": "Deep"}}},
				{"StartAt": "Z", "States": {"Z": {"Type": "Wait", "Seconds": 1000, "End": true}}}]}}}}}}`, nil)
		x := l.run(`[5, 9]`)
		l.fails(x, "Deep", "")
		require.Equal(t, 5*time.Second, x.Stopped.Sub(x.Started))
		types := l.types(x)
		require.Equal(t, []string{
			"WaitStateAborted", "ParallelStateFailed", "MapIterationFailed", "MapIterationAborted",
			"ParallelStateAborted", "WaitStateAborted", "WaitStateAborted", "MapStateFailed", "ExecutionFailed",
		}, types[len(types)-9:])
	})
}
