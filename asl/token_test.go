package asl_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// tokens collects the tokens of submitted tasks.
type tokens struct {
	mu    sync.Mutex
	given []string
}

func (k *tokens) submit(_ context.Context, t asl.Task) (any, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.given = append(k.given, t.Token)
	return json.RawMessage(`{}`), nil
}

func (k *tokens) last() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.given[len(k.given)-1]
}

// taskByToken is taskWith with a task that waits for its token.
func taskByToken(fields string) string {
	return strings.Replace(taskWith(fields), "test:do", "test:do.waitForTaskToken", 1)
}

func TestHeartbeatsKeepATaskAliveUntilItsTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &tokens{}
		definition := taskByToken(`, "TimeoutSeconds": 60, "HeartbeatSeconds": 10, "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Caught"}]`)
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

func TestAMissedHeartbeatCanBeCaught(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &tokens{}
		definition := taskByToken(`, "TimeoutSeconds": 60, "HeartbeatSeconds": 10, "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "ResultPath": null, "Next": "Caught"}]`)
		l := newLab(t, definition, map[string]work{"do": k.submit})
		x := l.run(`{}`)
		l.succeeds(x, `{}`)
		require.Equal(t, 10*time.Second, x.Stopped.Sub(x.Started))
	})
}

func TestATokenIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := &tokens{}
		l := newLab(t, taskByToken(``), map[string]work{"do": k.submit})
		arn := l.start(`{}`)
		synctest.Wait()
		require.ErrorIs(t, l.engine.SendTaskSuccess(k.last(), []byte(`{`)), asl.ErrInvalidOutput)
		require.NoError(t, l.engine.SendTaskSuccess(k.last(), []byte(`{"a": 1}`)))
		l.succeeds(l.wait(arn), `{"a": 1}`)
		require.ErrorIs(t, l.engine.SendTaskSuccess(k.last(), []byte(`{}`)), asl.ErrTaskTimedOut)
		require.ErrorIs(t, l.engine.SendTaskFailure("made up", "", ""), asl.ErrInvalidToken)
	})
}

func TestAnAnswerBeforeTheTaskIsSubmittedIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l *lab
		l = newLab(t, taskByToken(``), map[string]work{
			"do": func(_ context.Context, task asl.Task) (any, error) {
				require.NoError(l, l.engine.SendTaskSuccess(task.Token, []byte(`{"early": true}`)))
				return json.RawMessage(`{}`), nil
			}})
		x := l.run(`{}`)
		l.succeeds(x, `{"early": true}`)
		require.Equal(t, []string{"TaskSubmitted", "TaskSucceeded"}, l.types(x)[4:6])
	})
}

func TestAJobIsSubmittedAndThenAnsweredByItsToken(t *testing.T) {
	for _, form := range []string{".sync", ".sync:2"} {
		t.Run(form, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &tokens{}
				l := newLab(t, strings.Replace(taskWith(`, "Parameters": {"token.$": "$$.Task.Token"}`), "test:do", "test:do"+form, 1),
					map[string]work{"do" + form: k.submit})
				arn := l.start(`{}`)
				synctest.Wait()
				require.NoError(t, l.engine.SendTaskSuccess(k.last(), []byte(`{"done": true}`)))
				x := l.wait(arn)
				l.succeeds(x, `{"done": true}`)
				require.Equal(t, []string{"TaskSubmitted", "TaskSucceeded"}, l.types(x)[4:6])
			})
		})
	}
}

func TestTheResourceOfAnActionIsNotUsedForItsJob(t *testing.T) {
	machine, err := asl.Load([]byte(strings.Replace(taskWith(``), "test:do", "test:do.sync", 1)), nil)
	require.NoError(t, err)
	_, err = asl.New(asl.Config{Machine: machine, Resources: map[string]asl.Resource{"test:do": echo}})
	require.ErrorContains(t, err, `Config.Resources has no "test:do.sync", which this task needs`)
}

func TestOnlyATaskThatWaitsForATokenHasOneInItsContext(t *testing.T) {
	l := newLab(t, taskWith(`, "Parameters": {"t.$": "$$.Task.Token"}`), map[string]work{"do": echo})
	x := l.run(`{}`)
	require.Equal(t, "States.Runtime", x.Error)
}
