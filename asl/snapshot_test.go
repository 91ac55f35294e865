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

// TestASnapshotThatDoesNotFitItsDefinitionIsRefused replaces texts in a snapshot that
// fits.
func TestASnapshotThatDoesNotFitItsDefinitionIsRefused(t *testing.T) {
	const (
		nap      = `{"StartAt": "S", "States": {"S": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "End": true}}}`
		retrying = `{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::test:fail", "End": true,
			"Retry": [{"ErrorEquals": ["Never"]}, {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}]}}}`
		branches = `{"StartAt": "S", "States": {"S": {"Type": "Parallel", "End": true, "Branches": [
			{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}}},
			{"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 60, "End": true}}}]}}}`
		iterations = `{"StartAt": "S", "States": {"S": {"Type": "Map", "End": true, "MaxConcurrency": 1,
			"ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}}}}}}`
	)
	running := taskWith(``)
	tasks := map[string]work{"do": takes(time.Minute), "fail": failing("Bad", "")}
	for name, c := range map[string]struct {
		definition string
		replace    []string // old and new texts
	}{
		"a status that there is not":                     {nap, []string{`"Status":"RUNNING"`, `"Status":"NAPPING"`}},
		"a Wait that waits for a task":                   {nap, []string{`"Waits":"time"`, `"Waits":"task"`}},
		"a Wait that waits for a token":                  {nap, []string{`"Waits":"time"`, `"Waits":"token"`}},
		"a Wait that waits for a retry":                  {nap, []string{`"Waits":"time"`, `"Waits":"retry"`}},
		"a Wait that waits for branches":                 {nap, []string{`"Waits":"time"`, `"Waits":"group"`}},
		"a Wait that waits for nothing":                  {nap, []string{`"Waits":"time"`, `"Waits":""`}},
		"a Wait that waits for something unknown":        {nap, []string{`"Waits":"time"`, `"Waits":"rain"`}},
		"a Wait that has branches":                       {nap, []string{`"Waits":"time"`, `"Waits":"time","Group":{}`}},
		"a Wait that never ends":                         {nap, []string{`"Wake":`, `"Woke":`}},
		"a Pass that waits for a time":                   {nap, []string{`"State":"S"`, `"State":"P"`}},
		"a Task that waits for a token it does not have": {running, []string{`"Waits":"task"`, `"Waits":"token"`}},
		"a Task without its task":                        {running, []string{`"Task":{`, `"Tusk":{`}},
		"a retry that never comes":                       {retrying, []string{`"Wake":`, `"Woke":`}},
		"too many retriers":                              {retrying, []string{`"Retries":[0,1]`, `"Retries":[0,1,0]`}},
		"too few retriers":                               {retrying, []string{`"Retries":[0,1]`, `"Retries":[0]`}},
		"a Parallel without branches":                    {branches, []string{`"Group":{`, `"Grope":{`}},
		"too many branches":                              {branches, []string{`],"Results":`, `,null],"Results":`}},
		"too few branches":                               {branches, []string{`"Frames":[`, `"Frames":[],"Others":[`}},
		"too few results":                                {branches, []string{`"Results":[null,null]`, `"Results":[null]`}},
		"a branch that runs and has not started":         {branches, []string{`"Started":2`, `"Started":1`}},
		"a branch that runs and has ended":               {branches, []string{`"Ended":0`, `"Ended":1`}},
		"a branch too many that has started and ended":   {branches, []string{`"Started":2,"Ended":0`, `"Started":3,"Ended":1`}},
		"branches that have all ended":                   {branches, []string{`"Ended":0,"Frames":[`, `"Ended":2,"Frames":[null,null],"Others":[`}},
		"a branch in a state of another branch":          {branches, []string{`"State":"A"`, `"State":"B"`}},
		"a branch in the state around it":                {branches, []string{`"State":"A"`, `"State":"S"`}},
		"an execution in a state of a branch":            {branches, []string{`"State":"S"`, `"State":"A"`}},
		"an iteration that runs and has not started":     {iterations, []string{`"Frames":[`, `"Frames":[null,`, `,null],"Results":`, `],"Results":`}},
		"too few items":                                  {iterations, []string{`"Items":[1,2]`, `"Items":[1]`}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, c.definition, tasks)
				arn := l.start(`[1,2]`)
				synctest.Wait()
				saved, err := l.engine.Snapshot(arn)
				require.NoError(t, err)
				require.Contains(t, string(saved), c.replace[0])

				other := newLab(t, c.definition, tasks)
				_, err = other.engine.Restore([]byte(strings.NewReplacer(c.replace...).Replace(string(saved))))
				require.Error(t, err)
				require.Empty(t, other.engine.List(), "nothing is registered")
				_, err = other.engine.Restore(saved)
				require.NoError(t, err)
			})
		})
	}
}
