package asl_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestTheMachinesTimeOutIsNotCaught(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := strings.Replace(taskWith(catchAll), `{"StartAt"`, `{"TimeoutSeconds": 7, "StartAt"`, 1)
		l := newLab(t, definition, map[string]work{"do": takes(time.Minute)})
		x := l.run(`{}`)
		require.Equal(t, asl.TimedOut, x.Status)
		require.Empty(t, x.Error, "only the history has the error")
		require.Equal(t, 7*time.Second, x.Stopped.Sub(x.Started))
		history, err := l.engine.History(x.ARN)
		require.NoError(t, err)
		require.Equal(t, asl.ExecutionTimedOut, history[4].Type)
		require.Equal(t, &asl.FailureDetails{Error: "States.Timeout"}, history[4].Details)
		require.Zero(t, history[4].PreviousID)
	})
}

func TestAStoppedExecutionIsAbortedAndItsTaskFinishes(t *testing.T) {
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

func TestAHistoryOf25000EventsFailsTheExecution(t *testing.T) {
	l := newLab(t, `{"StartAt": "A", "States": {
		"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "End"}], "Default": "A"},
		"End": {"Type": "Succeed"}}}`, nil)
	x := l.run(`{}`)
	l.fails(x, "States.Runtime", "The execution reached the maximum number of history events (25000).")
	types := l.types(x)
	require.Len(t, types, 25000)
	require.Equal(t, "ExecutionFailed", types[24999])
}
