package asl

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"

	"pizzasaga/asl/internal/jsonvalue"
)

// LambdaInvoke returns the resource for "lambda:invoke". call invokes a function with a JSON
// payload and returns its JSON answer, or a *[TaskError] if the function fails. The task's
// output has the fields Payload (the answer), StatusCode and ExecutedVersion.
func LambdaInvoke(call func(ctx context.Context, function string, payload []byte) ([]byte, error)) Resource {
	return func(ctx context.Context, t Task) (any, error) {
		parameters, _ := t.Parameters.tree().(*jsonvalue.Object)
		name, _ := parameters.Get("FunctionName")
		function, ok := name.(string)
		if !ok {
			return nil, &TaskError{statesRuntime, "The field 'FunctionName' is required but was missing"}
		}
		payload, ok := parameters.Get("Payload")
		if !ok {
			payload = jsonvalue.ObjectOf()
		}
		result, err := invoke(ctx, call, function, payload)
		if err != nil {
			return nil, err
		}
		return Value{jsonvalue.ObjectOf(jsonvalue.Prop("ExecutedVersion", "$LATEST"), jsonvalue.Prop("Payload", result), jsonvalue.Prop("StatusCode", int64(200)))}, nil
	}
}

// LambdaFunction returns the resource for "lambda", which is for tasks whose Resource is the
// ARN of a function. The task's output is the function's answer. For call, see
// [LambdaInvoke].
func LambdaFunction(call func(ctx context.Context, function string, payload []byte) ([]byte, error)) Resource {
	return func(ctx context.Context, t Task) (any, error) {
		result, err := invoke(ctx, call, t.Resource, t.Parameters.tree())
		return Value{result}, err
	}
}

func invoke(ctx context.Context, call func(context.Context, string, []byte) ([]byte, error), function string, payload any) (any, error) {
	text, err := call(ctx, function, jsonvalue.Encode(payload))
	if err != nil {
		return nil, err
	}
	if len(text) == 0 {
		return nil, nil
	}
	result, err := jsonvalue.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("the answer of %s is not JSON: %w", function, err)
	}
	return result, nil
}

// SQSSendMessage returns the resource for "sqs:sendMessage". send sends a message to a queue
// and returns the message's id. A MessageBody that is not a string is sent as JSON.
func SQSSendMessage(send func(ctx context.Context, queueURL, body string) (messageID string, err error)) Resource {
	return func(ctx context.Context, t Task) (any, error) {
		parameters, _ := t.Parameters.tree().(*jsonvalue.Object)
		url, _ := parameters.Get("QueueUrl")
		queue, ok := url.(string)
		body, hasBody := parameters.Get("MessageBody")
		if !ok || !hasBody {
			return nil, &TaskError{"SQS.SqsException", "QueueUrl and MessageBody are required"}
		}
		id, err := send(ctx, queue, jsonvalue.Text(body))
		if err != nil {
			return nil, err
		}
		digest := md5.Sum([]byte(jsonvalue.Text(body)))
		return Value{jsonvalue.ObjectOf(jsonvalue.Prop("MD5OfMessageBody", hex.EncodeToString(digest[:])), jsonvalue.Prop("MessageId", id))}, nil
	}
}
