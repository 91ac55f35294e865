// Package sqs implements the dead letter queues with Amazon SQS.
package sqs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"

	"pizzasaga/internal/aws/awscall"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
)

// Queues are the dead letter queues on SQS.
type Queues struct {
	client  *sdk.Client
	urls    map[order.Queue]string
	retryer aws.Retryer
}

var _ repair.Queues = (*Queues)(nil)

// New returns the queues at these URLs. The client's own retryer is not used.
func New(client *sdk.Client, urls map[order.Queue]string) *Queues {
	return &Queues{client, urls, awscall.Retryer(func(error) bool { return false })}
}

// hidden is how long a received letter stays hidden, in seconds: a bit longer than the
// function that handles it can run.
const hidden = 60

// Receive implements [repair.Queues].
func (l *Queues) Receive(ctx context.Context, q order.Queue, most int) ([]repair.Message, error) {
	out, err := awscall.Do(ctx, l.retryer, l.client.ReceiveMessage, &sdk.ReceiveMessageInput{
		QueueUrl: aws.String(l.urls[q]), MaxNumberOfMessages: int32(most), VisibilityTimeout: hidden,
		WaitTimeSeconds: 1, // without it SQS asks only some of its servers, and the answer may be empty although the queue is not
	}, l.options)
	if err != nil {
		return nil, fmt.Errorf("receive messages: %w", err)
	}
	var letters []repair.Message
	for _, m := range out.Messages {
		letters = append(letters, repair.Message{Body: aws.ToString(m.Body), Receipt: aws.ToString(m.ReceiptHandle)})
	}
	return letters, nil
}

// Delete implements [repair.Queues]. If the letter has already been deleted, it succeeds.
func (l *Queues) Delete(ctx context.Context, q order.Queue, letter repair.Message) error {
	_, err := awscall.Do(ctx, l.retryer, l.client.DeleteMessage, &sdk.DeleteMessageInput{
		QueueUrl: aws.String(l.urls[q]), ReceiptHandle: aws.String(letter.Receipt),
	}, l.options)
	if err != nil {
		return fmt.Errorf("delete message: %w", err)
	}
	return nil
}

// Send implements [repair.Queues].
func (l *Queues) Send(ctx context.Context, q order.Queue, body string) (string, error) {
	out, err := awscall.Do(ctx, l.retryer, l.client.SendMessage, &sdk.SendMessageInput{
		QueueUrl: aws.String(l.urls[q]), MessageBody: &body,
	}, l.options)
	if err != nil {
		return "", fmt.Errorf("send message: %w", err)
	}
	return aws.ToString(out.MessageId), nil
}

func (l *Queues) options(o *sdk.Options) { o.Retryer = l.retryer }
