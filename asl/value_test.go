package asl_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// parametersOf returns the parameters of an execution's first task from its history.
func parametersOf(t require.TestingT, engine *asl.Engine, executionARN string) asl.Value {
	history, err := engine.History(executionARN)
	require.NoError(t, err)
	return history[2].Details.(*asl.TaskScheduledDetails).Parameters
}

func TestATaskMayReturnAValueFromAHistory(t *testing.T) {
	var l *lab
	l = newLab(t, taskWith(`, "OutputPath": "$.n"`), map[string]work{
		"do": func(_ context.Context, task asl.Task) (any, error) {
			return parametersOf(l, l.engine, task.ExecutionARN), nil
		}})
	l.succeeds(l.run(`{"n": [1.0]}`), `[1.0]`)
}

func TestAnIntegrationAcceptsAValueFromAHistory(t *testing.T) {
	l := newLab(t, taskWith(``), map[string]work{"do": echo})
	parameters := parametersOf(t, l.engine, l.run(`{"FunctionName": "f", "Payload": 1, "QueueUrl": "q", "MessageBody": "m"}`).ARN)
	call := func(_ context.Context, _ string, payload []byte) ([]byte, error) { return payload, nil }
	for name, resource := range map[string]asl.Resource{
		"a function's own ARN": asl.LambdaFunction(call),
		"lambda:invoke":        asl.LambdaInvoke(call),
		"sqs:sendMessage":      asl.SQSSendMessage(func(context.Context, string, string) (string, error) { return "id", nil }),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := resource(t.Context(), asl.Task{Parameters: parameters})
			require.NoError(t, err)
		})
	}
}

func TestAValueFromAHistoryIsLikeAnyOther(t *testing.T) {
	const text = `{"b":[1.0,null],"a":"x"}`
	l := newLab(t, taskWith(``), map[string]work{"do": echo})
	fromHistory := parametersOf(t, l.engine, l.run(text).ARN)
	parsed, err := asl.ParseValue([]byte(text))
	require.NoError(t, err)
	for name, v := range map[string]asl.Value{"from a history": fromHistory, "parsed": parsed} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, text, v.String())
			v.Bytes()[0] = 'x'
			require.Equal(t, text, string(v.Bytes()), "each call returns a new slice")
			require.Equal(t, map[string]any{"b": []any{1.0, nil}, "a": "x"}, v.Any())
			encoded, err := json.Marshal(v)
			require.NoError(t, err)
			var again asl.Value
			require.NoError(t, json.Unmarshal(encoded, &again))
			require.Equal(t, text, again.String())
		})
	}
}
