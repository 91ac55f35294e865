package asl

import "context"

// LambdaInvoke is the integration "lambda:invoke" (arn:aws:states:::lambda:invoke).
// call runs a function and gives its answer, JSON in and JSON out; a
// *[TaskError] names the function's failure. The task's output has the answer
// as Payload, beside StatusCode and ExecutedVersion.
func LambdaInvoke(call func(ctx context.Context, function string, payload []byte) ([]byte, error)) Resource {
	return nil
}

// LambdaFunction is the integration "lambda": a Task whose Resource is the
// function's own ARN. The task's output is the function's answer.
func LambdaFunction(call func(ctx context.Context, function string, payload []byte) ([]byte, error)) Resource {
	return nil
}

// SQSSendMessage is the integration "sqs:sendMessage". send puts a message
// into a queue and gives the message's id; a body that is not a string in the
// definition arrives as its JSON.
func SQSSendMessage(send func(ctx context.Context, queueURL, body string) (messageID string, err error)) Resource {
	return nil
}
