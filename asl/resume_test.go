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

func TestAResumedExecutionCallsItsRunningTaskAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := taskWith(`, "TimeoutSeconds": 100`)
		tasks := map[string]work{"do": func(context.Context, asl.Task) (any, error) {
			time.Sleep(time.Minute)
			return "done", nil
		}}
		l := newLab(t, definition, tasks)
		arn := l.start(`{}`)
		time.Sleep(30 * time.Second)

		other := newLab(t, definition, tasks)
		other.resume(l.disk.on(arn))
		_, err := other.engine.Resume(l.disk.on(arn))
		require.ErrorIs(t, err, asl.ErrExecutionAlreadyExists)
		x := other.wait(arn)
		other.succeeds(x, `"done"`)
		require.Equal(t, 90*time.Second, x.Stopped.Sub(x.Started))
		require.Equal(t, l.types(l.wait(arn)), other.types(x))
	})
}

func TestAWaitThatEndedWhileNoProcessRanEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "V"}, "V": {"Type": "Wait", "Seconds": 60, "End": true}}}`
		l := newLab(t, definition, nil)
		arn := l.start(`{}`)
		require.NoError(t, l.engine.Close(t.Context()))
		time.Sleep(time.Hour)
		other := newLab(t, definition, nil)
		other.resume(l.disk.on(arn))
		x := other.wait(arn)
		require.Equal(t, time.Hour+time.Minute, x.Stopped.Sub(x.Started))
	})
}

func TestATaskThatIsCalledAgainHasItsFullTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := taskWith(`, "TimeoutSeconds": 100`)
		l := newLab(t, definition, map[string]work{"do": takes(time.Hour)})
		saved := l.disk.on(l.start(`{}`))
		time.Sleep(time.Hour)
		other := newLab(t, definition, map[string]work{"do": takes(99 * time.Second)})
		other.resume(saved)
		other.succeeds(other.wait(l.engine.ExecutionARN(saved.Name)), `null`)

		other = newLab(t, definition, map[string]work{"do": takes(101 * time.Second)})
		other.resume(saved)
		other.fails(other.wait(l.engine.ExecutionARN(saved.Name)), "States.Timeout", "")
	})
}

func TestATokenIsValidAfterAResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := `{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do.waitForTaskToken", "End": true}}}`
		var token string
		l := newLab(t, definition, map[string]work{"do": func(_ context.Context, t asl.Task) (any, error) {
			token = t.Token
			return nil, nil
		}})
		arn := l.start(`{}`)
		synctest.Wait()
		other := newLab(t, definition, map[string]work{"do": echo})
		other.resume(l.disk.on(arn))
		require.NoError(t, other.engine.SendTaskSuccess(token, []byte(`"at last"`)))
		other.succeeds(other.wait(arn), `"at last"`)
	})
}

func TestAResumedExecutionKeepsItsDefinition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "Result": "old", "End": true}}}`, nil)
		arn := l.start(`{}`)
		other := newLab(t, onePass, nil)
		other.resume(l.disk.on(arn))
		other.succeeds(other.wait(arn), `"old"`)
		other.succeeds(other.run(`"new"`), `"new"`)
	})
}

func TestAnExecutionWithoutItsResourcesIsNotResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, taskWith(``), map[string]work{"do": takes(time.Minute)})
		saved := l.disk.on(l.start(`{}`))
		_, err := newLab(t, onePass, nil).engine.Resume(saved)
		require.ErrorContains(t, err, `Config.Resources has no "test:do", which this task needs`)
	})
}

// TestASavedStateThatDoesNotFitItsDefinitionIsRefused replaces parts of a valid state.
func TestASavedStateThatDoesNotFitItsDefinitionIsRefused(t *testing.T) {
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
		"an unknown status":                              {nap, []string{`"Status":"RUNNING"`, `"Status":"NAPPING"`}},
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
		"a retry that never starts":                      {retrying, []string{`"Wake":`, `"Woke":`}},
		"too many retriers":                              {retrying, []string{`"Retries":[0,1]`, `"Retries":[0,1,0]`}},
		"too few retriers":                               {retrying, []string{`"Retries":[0,1]`, `"Retries":[0]`}},
		"a Parallel without branches":                    {branches, []string{`"Group":{`, `"Grope":{`}},
		"too many branches":                              {branches, []string{`],"Results":`, `,null],"Results":`}},
		"too few branches":                               {branches, []string{`"Frames":[`, `"Frames":[],"Others":[`}},
		"too few results":                                {branches, []string{`"Results":[null,null]`, `"Results":[null]`}},
		"a branch that runs but has not started":         {branches, []string{`"Started":2`, `"Started":1`}},
		"a branch that runs but has ended":               {branches, []string{`"Ended":0`, `"Ended":1`}},
		"too many branches that have started and ended":  {branches, []string{`"Started":2,"Ended":0`, `"Started":3,"Ended":1`}},
		"branches that have all ended":                   {branches, []string{`"Ended":0,"Frames":[`, `"Ended":2,"Frames":[null,null],"Others":[`}},
		"a branch in a state of another branch":          {branches, []string{`"State":"A"`, `"State":"B"`}},
		"a branch in an outer state":                     {branches, []string{`"State":"A"`, `"State":"S"`}},
		"an execution in a state of a branch":            {branches, []string{`"State":"S"`, `"State":"A"`}},
		"an iteration that runs but has not started":     {iterations, []string{`"Frames":[`, `"Frames":[null,`, `,null],"Results":`, `],"Results":`}},
		"too few items":                                  {iterations, []string{`"Items":[1,2]`, `"Items":[1]`}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, c.definition, tasks)
				arn := l.start(`[1,2]`)
				synctest.Wait()
				saved := l.disk.on(arn)
				require.Contains(t, string(saved.State), c.replace[0])

				other, broken := newLab(t, c.definition, tasks), saved
				broken.State = []byte(strings.NewReplacer(c.replace...).Replace(string(saved.State)))
				_, err := other.engine.Resume(broken)
				require.Error(t, err)
				require.Empty(t, other.engine.List(), "nothing is registered")
				other.resume(saved)
			})
		})
	}
}

func (l *lab) resume(saved asl.Change) {
	l.Helper()
	_, err := l.engine.Resume(saved)
	require.NoError(l, err)
}

func TestAResumedExecutionThatCannotBeSavedIsDescribed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const definition = `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "Next": "T"},
			"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true}}}`
		work := map[string]work{"do": takes(time.Second)}
		l, other := newLab(t, definition, work), newLab(t, definition, work)
		arn := l.start(`{}`)
		saved := l.disk.on(arn)
		time.Sleep(time.Minute)
		other.disk.fill(true)
		other.resume(saved)
		x, err := other.engine.Describe(arn)
		require.NoError(t, err)
		require.Equal(t, asl.Running, x.Status)
		history, err := other.engine.History(arn)
		require.NoError(t, err)
		require.Len(t, history, 2)
		other.disk.fill(false)
		require.Equal(t, asl.Succeeded, other.wait(arn).Status)
	})
}
