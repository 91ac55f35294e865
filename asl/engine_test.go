package asl_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

const onePass = `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`

func TestStartingAgainGivesTheRunningExecutionOfTheSameInput(t *testing.T) {
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

func TestManyStartsAtOnceStartOneExecution(t *testing.T) {
	l := newLab(t, onePass, nil)
	var starts sync.WaitGroup
	for range 50 {
		starts.Go(func() { _, _ = l.engine.Start("order", []byte(`{}`)) })
	}
	starts.Wait()
	require.Len(t, l.engine.List(), 1)
	require.Len(t, l.events, 4)
}

func TestBadStartsAreRefused(t *testing.T) {
	l := newLab(t, onePass, nil)
	for _, name := range []string{"a b", "a/b", "a:b", "é\x00", `a"b`, strings.Repeat("x", 81)} {
		_, err := l.engine.Start(name, []byte(`{}`))
		require.ErrorIs(t, err, asl.ErrInvalidName, name)
	}
	for _, input := range []string{``, `{`, `{} {}`, `nope`} {
		_, err := l.engine.Start("ok", []byte(input))
		require.ErrorIs(t, err, asl.ErrInvalidExecutionInput, input)
	}
	_, err := l.engine.Describe("arn:aws:states:us-east-1:123456789012:execution:StateMachine:none")
	require.ErrorIs(t, err, asl.ErrExecutionDoesNotExist)
	_, err = l.engine.History("order")
	require.ErrorIs(t, err, asl.ErrExecutionDoesNotExist)
}

func TestEndedExecutionsAreKeptInABoundedRing(t *testing.T) {
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
	require.NoError(t, err, "a name that is forgotten is free")
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

func TestWaitGivesUpWithItsContextAndWithTheEngine(t *testing.T) {
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

func TestATaskWithoutAResourceIsRefusedWhenTheEngineIsMade(t *testing.T) {
	machine, err := asl.Load([]byte(taskWith(``)), nil)
	require.NoError(t, err)
	_, err = asl.New(asl.Config{Machine: machine})
	require.EqualError(t, err, `1:63 States.T.Resource: no resource is registered for "test:do"`)
}

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

func TestLambdaTasksExchangeTheFunctionsOwnJSON(t *testing.T) {
	call := func(_ context.Context, function string, payload []byte) ([]byte, error) {
		return json.Marshal(map[string]string{"function": function, "payload": string(payload)})
	}
	machine, err := asl.Load([]byte(`{"StartAt": "A", "States": {
		"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "ResultPath": "$.a", "Next": "B"},
		"B": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.b", "Next": "C",
			"Parameters": {"FunctionName": "g", "Payload": {"n.$": "$.n"}}, "ResultSelector": {"got.$": "$.Payload", "code.$": "$.StatusCode"}},
		"C": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "ResultPath": "$.c", "End": true,
			"Parameters": {"QueueUrl": "q", "MessageBody": {"n.$": "$.n"}}}}}`), nil)
	require.NoError(t, err)
	engine, err := asl.New(asl.Config{Machine: machine, Resources: map[string]asl.Resource{
		"lambda": asl.LambdaFunction(call), "lambda:invoke": asl.LambdaInvoke(call),
		"sqs:sendMessage": asl.SQSSendMessage(func(_ context.Context, queue, body string) (string, error) { return queue + body, nil }),
	}})
	require.NoError(t, err)
	x, err := engine.Start("", []byte(`{"n":1.0}`))
	require.NoError(t, err)
	x, err = engine.Wait(t.Context(), x.ARN)
	require.NoError(t, err)
	require.JSONEq(t, `{"n": 1.0,
		"a": {"function": "arn:aws:lambda:us-east-1:1:function:f", "payload": "{\"n\":1.0}"},
		"b": {"got": {"function": "g", "payload": "{\"n\":1.0}"}, "code": 200},
		"c": {"MessageId": "q{\"n\":1.0}", "MD5OfMessageBody": "9564675293c0f036019b8b3358f0d366"}}`, x.Output.String())
}
