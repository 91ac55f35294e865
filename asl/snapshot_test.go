package asl_test

import (
	"context"
	"strings"
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
		require.ErrorContains(t, err, `is in the state "W", which the definition does not have`)
	})
}

// TestASnapshotThatDoesNotFitItsDefinitionIsRefused replaces one text in a snapshot
// that fits.
func TestASnapshotThatDoesNotFitItsDefinitionIsRefused(t *testing.T) {
	const (
		nap      = `{"StartAt": "S", "States": {"S": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "End": true}}}`
		branches = `{"StartAt": "S", "States": {"S": {"Type": "Parallel", "End": true, "Branches": [
			{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}}},
			{"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 60, "End": true}}}]}}}`
		items = `{"StartAt": "S", "States": {"S": {"Type": "Map", "End": true,
			"ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}}}}}}`
		retrying = `{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true,
			"Retry": [{"ErrorEquals": ["Never"]}, {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}]}}}`
	)
	waits := taskByToken(``)
	tasks := map[string]work{"do": func(_ context.Context, task asl.Task) (any, error) {
		if task.Token == "" {
			return nil, &asl.TaskError{Name: "Bad"}
		}
		return nil, nil
	}}
	for name, c := range map[string]struct{ definition, saved, changed string }{
		"a Wait that waits for a task":                   {nap, `"Waits":"time"`, `"Waits":"task"`},
		"a Wait that waits for a token":                  {nap, `"Waits":"time"`, `"Waits":"token"`},
		"a Wait that waits for its branches":             {nap, `"Waits":"time"`, `"Waits":"group"`},
		"a Wait that waits for nothing":                  {nap, `"Waits":"time"`, `"Waits":""`},
		"a Wait that waits for something unknown":        {nap, `"Waits":"time"`, `"Waits":"rain"`},
		"a Wait that has branches":                       {nap, `"Waits":"time"`, `"Waits":"time","Group":{}`},
		"a Wait without its end":                         {nap, `"Wake":`, `"Wakes":`},
		"a Pass that waits for a time":                   {nap, `"State":"S"`, `"State":"P"`},
		"a task without its token":                       {retrying, `"Waits":"retry"`, `"Waits":"token"`},
		"a task that is not there":                       {waits, `"Task":{`, `"Tusk":{`},
		"more retriers than there are":                   {retrying, `"Retries":[0,1]`, `"Retries":[0,1,0]`},
		"fewer retriers than there are":                  {retrying, `"Retries":[0,1]`, `"Retries":[0]`},
		"branches without their results":                 {branches, `"Results":[null,null]`, `"Results":[]`},
		"fewer branches than there are":                  {branches, `"Started":2`, `"Started":1`},
		"no branches":                                    {branches, `"Frames":[`, `"Frames":[],"Others":[`},
		"a branch that has ended and still waits":        {branches, `"Ended":0`, `"Ended":1`},
		"a branch in a state of another branch":          {branches, `"State":"A"`, `"State":"B"`},
		"a branch in the state with the branches":        {branches, `"State":"A"`, `"State":"S"`},
		"an execution in a state of one of its branches": {branches, `"State":"S"`, `"State":"A"`},
		"items without their iterations":                 {items, `"Items":[1,2]`, `"Items":[1]`},
		"a status that there is not":                     {nap, `"Status":"RUNNING"`, `"Status":"NAPPING"`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, c.definition, tasks)
				arn := l.start(`[1,2]`)
				synctest.Wait()
				saved, err := l.engine.Snapshot(arn)
				require.NoError(t, err)
				require.Contains(t, string(saved), c.saved)
				changed := strings.Replace(string(saved), c.saved, c.changed, 1)

				other := newLab(t, c.definition, tasks)
				_, err = other.engine.Restore([]byte(changed))
				require.Error(t, err)
				require.Empty(t, other.engine.List(), "nothing is registered")
				_, err = other.engine.Restore(saved)
				require.NoError(t, err)
			})
		})
	}
}
