package asl_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestARestoredExecutionCallsItsRunningTaskAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := taskWith(`, "TimeoutSeconds": 100`)
		tasks := map[string]work{"do": func(context.Context, asl.Task) (any, error) {
			time.Sleep(time.Minute)
			return "done", nil
		}}
		l := newLab(t, definition, tasks)
		arn := l.start(`{}`)
		time.Sleep(30 * time.Second)
		saved, err := l.engine.Snapshot(arn)
		require.NoError(t, err)

		other := newLab(t, definition, tasks)
		_, err = other.engine.Restore(saved)
		require.NoError(t, err)
		_, err = other.engine.Restore(saved)
		require.ErrorIs(t, err, asl.ErrExecutionAlreadyExists)
		x := other.wait(arn)
		other.succeeds(x, `"done"`)
		require.Equal(t, 90*time.Second, x.Stopped.Sub(x.Started))
		require.Equal(t, l.types(l.wait(arn)), other.types(x))
	})
}

func TestWhatPassedWhileAnExecutionWasSavedHasComeAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "V"}, "V": {"Type": "Wait", "Seconds": 60, "End": true}}}`
		l := newLab(t, definition, nil)
		arn := l.start(`{}`)
		saved, err := l.engine.Snapshot(arn)
		require.NoError(t, err)
		require.NoError(t, l.engine.Close(t.Context()))
		time.Sleep(time.Hour)
		l = newLab(t, definition, nil)
		_, err = l.engine.Restore(saved)
		require.NoError(t, err)
		x := l.wait(arn)
		require.Equal(t, time.Hour+time.Minute, x.Stopped.Sub(x.Started))
	})
}

func TestASnapshotOfAnotherDefinitionIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}`, nil)
		saved, err := l.engine.Snapshot(l.start(`{}`))
		require.NoError(t, err)
		l = newLab(t, onePass, nil)
		_, err = l.engine.Restore(saved)
		require.ErrorContains(t, err, `stands in the state "W", which the definition does not have`)
	})
}
