package asl_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestAnErrorWithoutANameIsStatesTaskFailed(t *testing.T) {
	l := newLab(t, taskWith(``), map[string]work{"do": func(context.Context, asl.Task) (any, error) {
		return nil, errors.New("no luck")
	}})
	l.fails(l.run(`{}`), "States.TaskFailed", "no luck")
}

func TestATasksOutputOverTheLimitCanBeCaught(t *testing.T) {
	l := newLab(t, taskWith(catchAll), map[string]work{"do": func(context.Context, asl.Task) (any, error) {
		return strings.Repeat("x", 256*1024), nil
	}})
	x := l.run(`{}`)
	l.succeeds(x, `{"Error": "States.DataLimitExceeded",
		"Cause": "The state/task 'test' returned a result with a size exceeding the maximum number of bytes service limit."}`)
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
