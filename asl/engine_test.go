package asl_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestStartingAgainReturnsTheRunningExecutionOfEqualInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, taskWith(``), map[string]work{"do": takes(time.Minute)})
		first, err := l.engine.Start("order", []byte(`{"a": 1, "b": 2}`))
		require.NoError(t, err)
		again, err := l.engine.Start("order", []byte(`{ "b": 2, "a": 1 }`))
		require.NoError(t, err)
		require.Equal(t, first, again)
		_, err = l.engine.Start("order", []byte(`{"a": 2}`))
		require.ErrorIs(t, err, asl.ErrExecutionAlreadyExists)
		l.wait(first.ARN)
		_, err = l.engine.Start("order", []byte(`{"a": 1, "b": 2}`))
		require.ErrorIs(t, err, asl.ErrExecutionAlreadyExists, "it has ended")
	})
}

func TestConcurrentStartsStartOneExecution(t *testing.T) {
	l := newLab(t, onePass, nil)
	var starts sync.WaitGroup
	for range 50 {
		starts.Go(func() { _, _ = l.engine.Start("order", []byte(`{}`)) })
	}
	starts.Wait()
	require.Len(t, l.engine.List(), 1)
	require.Len(t, l.events, 4)
}

func TestInvalidNamesAndInputsAreRefused(t *testing.T) {
	l := newLab(t, onePass, nil)
	for what, name := range map[string]string{
		"a name with a space":     "a b",
		"a name with a slash":     "a/b",
		"a name with a colon":     "a:b",
		"a name with a zero byte": "é\x00",
		"a name with a quote":     `a"b`,
		"a name of 81 characters": strings.Repeat("x", 81),
	} {
		t.Run(what, func(t *testing.T) {
			_, err := l.engine.Start(name, []byte(`{}`))
			require.ErrorIs(t, err, asl.ErrInvalidName)
		})
	}
	for what, input := range map[string]string{
		"no input":                  ``,
		"an input without its end":  `{`,
		"two values as input":       `{} {}`,
		"an input that is not JSON": `nope`,
	} {
		t.Run(what, func(t *testing.T) {
			_, err := l.engine.Start("ok", []byte(input))
			require.ErrorIs(t, err, asl.ErrInvalidExecutionInput)
		})
	}
}

func TestAnExecutionThatWasNeverStartedDoesNotExist(t *testing.T) {
	l := newLab(t, onePass, nil)
	_, err := l.engine.Describe("arn:aws:states:us-east-1:123456789012:execution:StateMachine:none")
	require.ErrorIs(t, err, asl.ErrExecutionDoesNotExist)
	_, err = l.engine.History("order")
	require.ErrorIs(t, err, asl.ErrExecutionDoesNotExist)
}

func TestOnlyTheLastEndedExecutionsAreKept(t *testing.T) {
	machine, err := asl.Load([]byte(onePass), nil)
	require.NoError(t, err)
	engine, err := asl.New(asl.Config{Machine: machine, KeepEnded: 3})
	require.NoError(t, err)
	for i := range 10 {
		_, err := engine.Start(fmt.Sprint("order-", i), []byte(`{}`))
		require.NoError(t, err)
	}
	var names []string
	for _, x := range engine.List() {
		names = append(names, x.Name)
	}
	require.ElementsMatch(t, []string{"order-7", "order-8", "order-9"}, names)
	_, err = engine.Start("order-1", []byte(`{}`))
	require.NoError(t, err, "the name of a forgotten execution can be used again")
}

func TestAnEndedExecutionIsKeptUntilForgetReturnsTrue(t *testing.T) {
	machine, err := asl.Load([]byte(onePass), nil)
	require.NoError(t, err)
	owed := true
	engine, err := asl.New(asl.Config{Machine: machine, KeepEnded: 3, Forget: func(name string) bool { return name != "order-2" || !owed }})
	require.NoError(t, err)
	names := func() (names []string) {
		for _, x := range engine.List() {
			names = append(names, x.Name)
		}
		return names
	}
	end := func(from, to int) {
		for i := from; i < to; i++ {
			_, err := engine.Start(fmt.Sprint("order-", i), []byte(`{}`))
			require.NoError(t, err)
		}
	}
	end(0, 20)
	require.Contains(t, names(), "order-2")
	require.LessOrEqual(t, len(names()), 4)
	owed = false
	end(20, 30)
	require.ElementsMatch(t, []string{"order-27", "order-28", "order-29"}, names())
}

func TestRunningCountsTheExecutionsThatHaveNotEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}`, nil)
		require.Zero(t, l.engine.Running())
		first, second := l.start(`{}`), l.start(`{}`)
		require.Equal(t, 2, l.engine.Running())
		_, err := l.engine.Stop(first, "", "")
		require.NoError(t, err)
		require.Equal(t, 1, l.engine.Running())
		l.wait(second)
		synctest.Wait()
		require.Zero(t, l.engine.Running())
	})
}

func TestObserversGetEveryEventInOrder(t *testing.T) {
	l := newLab(t, mapOf(``), map[string]work{"do": echo})
	x := l.run(`{"items": [1, 2, 3, 4, 5]}`)
	history, err := l.engine.History(x.ARN)
	require.NoError(t, err)
	require.Len(t, l.events, len(history))
	for _, e := range history {
		require.Equal(t, e, <-l.events)
	}
}

func TestCloseLetsRunningTasksFinishAndStartsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, taskWith(``), map[string]work{"do": takes(time.Minute)})
		arn := l.start(`{}`)
		require.NoError(t, l.engine.Close(t.Context()))
		x, err := l.engine.Describe(arn)
		require.NoError(t, err)
		require.Equal(t, asl.Succeeded, x.Status)
		require.Equal(t, time.Minute, x.Stopped.Sub(x.Started))
		_, err = l.engine.Start("another", []byte(`{}`))
		require.ErrorIs(t, err, asl.ErrClosed)
	})
}

func TestCloseCancelsTheTasksThatTakeTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, taskWith(``), map[string]work{"do": func(ctx context.Context, _ asl.Task) (any, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		l.start(`{}`)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		require.ErrorIs(t, l.engine.Close(ctx), context.DeadlineExceeded)
	})
}

func TestWaitEndsWithItsContextAndWithTheEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`, nil)
		arn := l.start(`{}`)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := l.engine.Wait(ctx, arn)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, l.engine.Close(t.Context()))
		_, err = l.engine.Wait(t.Context(), arn)
		require.ErrorIs(t, err, asl.ErrClosed)
	})
}

func TestNewRefusesATaskWithoutAResource(t *testing.T) {
	machine, err := asl.Load([]byte(taskWith(``)), nil)
	require.NoError(t, err)
	_, err = asl.New(asl.Config{Machine: machine})
	require.EqualError(t, err, `1:63 States.T.Resource: Config.Resources has no "test:do", which this task needs`)
}
