package asl_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestATaskIsCalledAfterItsStartIsSaved(t *testing.T) {
	var l *lab
	l = newLab(t, taskWith(``), map[string]work{"do": func(_ context.Context, task asl.Task) (any, error) {
		saved := l.disk.on(task.ExecutionARN)
		return string(saved.Events[len(saved.Events)-1].Type), nil
	}})
	l.succeeds(l.run(`{}`), `"TaskStarted"`)
}

func TestNothingIsReturnedOrObservedBeforeItIsSaved(t *testing.T) {
	l := newLab(t, onePass, nil)
	x := l.run(`{}`)
	saved := l.disk.on(x.ARN)
	require.Equal(t, asl.Succeeded, saved.Status)
	require.Len(t, saved.Events, len(l.events))

	l.disk.fill(true)
	_, err := l.engine.Start("another", []byte(`{}`))
	require.ErrorIs(t, err, asl.ErrUnsaved)
	require.ErrorIs(t, err, errFull)
	require.Len(t, saved.Events, len(l.events), "the start was not observed")
	require.Len(t, l.engine.List(), 1, "the execution was not started")
	l.disk.fill(false)
	_, err = l.engine.Start("another", []byte(`{}`))
	require.NoError(t, err)
}

func TestAChangeTakesEffectWhenItCanBeSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "Next": "T"},
			"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "Next": "V"}, "V": {"Type": "Wait", "Seconds": 10, "End": true}}}`,
			map[string]work{"do": takes(0)})
		arn := l.start(`{}`)
		l.disk.fill(true)
		time.Sleep(19500 * time.Millisecond)
		require.Len(t, l.disk.on(arn).Events, 2)
		require.Len(t, l.events, 2, "unsaved events are not observed")
		x, err := l.engine.Describe(arn)
		require.NoError(t, err)
		require.Equal(t, asl.Running, x.Status)
		require.Equal(t, []asl.Execution{x}, l.engine.List())
		history, err := l.engine.History(arn)
		require.NoError(t, err)
		require.Equal(t, l.disk.on(arn).Events, history, "History returns the saved events")

		l.disk.fill(false)
		x = l.wait(arn)
		l.succeeds(x, `null`)
		require.Equal(t, 30*time.Second, x.Stopped.Sub(x.Started), "the task was called when its start was saved")
		history, err = l.engine.History(arn)
		require.NoError(t, err)
		require.Equal(t, history, l.disk.on(arn).Events)
	})
}

func TestATaskThatTimesOutUnsavedIsNotCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		called := false
		l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "Next": "T"},
			"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "TimeoutSeconds": 5, "End": true}}}`,
			map[string]work{"do": func(context.Context, asl.Task) (any, error) { called = true; return nil, nil }})
		arn := l.start(`{}`)
		l.disk.fill(true)
		time.Sleep(20 * time.Second)
		l.disk.fill(false)
		l.fails(l.wait(arn), "States.Timeout", "")
		require.False(t, called)
	})
}

func TestStopReturnsAnErrorIfItCannotBeSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, taskWith(``), map[string]work{"do": takes(time.Hour)})
		arn := l.start(`{}`)
		synctest.Wait()
		l.disk.fill(true)
		_, err := l.engine.Stop(arn, "", "")
		require.ErrorIs(t, err, asl.ErrUnsaved)
		x, err := l.engine.Describe(arn)
		require.NoError(t, err)
		require.Equal(t, asl.Running, x.Status, "the stop is not saved")
		l.disk.fill(false)
		require.Equal(t, asl.Aborted, l.wait(arn).Status)
		require.Equal(t, asl.Aborted, l.disk.on(arn).Status)
	})
}

func TestTheSavedStateDoesNotGrowWithTheHistory(t *testing.T) {
	machine, err := asl.Load([]byte(`{"StartAt": "T", "States": {
		"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "Next": "Again"},
		"Again": {"Type": "Choice", "Choices": [{"Variable": "$", "BooleanEquals": true, "Next": "T"}], "Default": "End"},
		"End": {"Type": "Succeed"}}}`), nil)
	require.NoError(t, err)
	rounds, most := 1000, 0
	engine, err := asl.New(asl.Config{Machine: machine,
		Resources: map[string]asl.Resource{
			"test:do": func(context.Context, asl.Task) (any, error) { rounds--; return rounds > 0, nil },
		},
		Save: func(c asl.Change) error {
			require.LessOrEqual(t, len(c.Events), 8)
			most = max(most, len(c.State))
			return nil
		}})
	require.NoError(t, err)
	x, err := engine.Start("loop", []byte(`{}`))
	require.NoError(t, err)
	_, err = engine.Wait(t.Context(), x.ARN)
	require.NoError(t, err)
	require.Less(t, most, 1000)
}

func TestAHeartbeatIsSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var token string
		l := newLab(t, `{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do.waitForTaskToken", "HeartbeatSeconds": 60, "End": true}}}`,
			map[string]work{"do": func(_ context.Context, t asl.Task) (any, error) {
				token = t.Token
				return nil, nil
			}})
		arn := l.start(`{}`)
		time.Sleep(50 * time.Second)
		before := l.disk.on(arn)
		require.NoError(t, l.engine.SendTaskHeartbeat(token))
		after := l.disk.on(arn)
		require.Equal(t, before.Events, after.Events)
		require.NotEqual(t, string(before.State), string(after.State))
	})
}

func TestTheHistoryOfAnEndedExecutionComesFromEvents(t *testing.T) {
	d := &disk{saved: map[string]asl.Change{}}
	machine, err := asl.Load([]byte(onePass), nil)
	require.NoError(t, err)
	asked := 0
	engine, err := asl.New(asl.Config{Machine: machine, Save: d.save, Events: func(name string) ([]asl.Event, error) {
		asked++
		return d.saved[name].Events, nil
	}})
	require.NoError(t, err)
	x, err := engine.Start("one", []byte(`{}`))
	require.NoError(t, err)
	history, err := engine.History(x.ARN)
	require.NoError(t, err)
	require.Len(t, history, 4)
	require.Equal(t, 1, asked)
}

func TestAUsedTokenSavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var token string
		saved := 0
		l := newLabThatSaves(t, `{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do.waitForTaskToken", "Next": "W"},
			"W": {"Type": "Wait", "Seconds": 10, "End": true}}}`,
			map[string]work{"do": func(_ context.Context, t asl.Task) (any, error) { token = t.Token; return nil, nil }},
			func(asl.Change) error { saved++; return nil })
		arn := l.start(`{}`)
		synctest.Wait()
		require.NoError(t, l.engine.SendTaskSuccess(token, []byte(`{}`)))
		before := saved
		require.ErrorIs(t, l.engine.SendTaskSuccess(token, []byte(`{}`)), asl.ErrTaskTimedOut)
		require.Equal(t, before, saved)
		l.wait(arn)
		require.Greater(t, saved, before)
	})
}
