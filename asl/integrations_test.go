package asl_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestIntegrationsPassJSONUnchanged(t *testing.T) {
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
