// Package sqs reads dead letters from queues of Amazon SQS. The workflow sends
// them itself.
package sqs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"

	"pizzasaga/internal/aws/awscall"
	"pizzasaga/internal/order"
	"pizzasaga/internal/redrive"
)

// Letters are dead letter queues on SQS.
type Letters struct {
	client  *sdk.Client
	urls    map[order.Queue]string
	retryer aws.Retryer
}

var _ redrive.Letters = (*Letters)(nil)

// New returns the queues at these URLs. The client's own retryer is not used.
func New(client *sdk.Client, urls map[order.Queue]string) *Letters {
	return &Letters{client, urls, awscall.Retryer(func(error) bool { return false })}
}

// hidden is for how long a received letter stays out of sight, in seconds: as
// long as the function that works on it can live, and some.
const hidden = 60

// Receive implements [redrive.Letters].
func (l *Letters) Receive(ctx context.Context, q order.Queue, most int) ([]redrive.Letter, error) {
	out, err := awscall.Do(ctx, l.retryer, l.client.ReceiveMessage, &sdk.ReceiveMessageInput{
		QueueUrl: aws.String(l.urls[q]), MaxNumberOfMessages: int32(most), VisibilityTimeout: hidden,
	}, l.options)
	if err != nil {
		return nil, fmt.Errorf("receive messages: %w", err)
	}
	var letters []redrive.Letter
	for _, m := range out.Messages {
		letters = append(letters, redrive.Letter{Body: aws.ToString(m.Body), Receipt: aws.ToString(m.ReceiptHandle)})
	}
	return letters, nil
}

// Delete implements [redrive.Letters]. A letter that is gone already is a success.
func (l *Letters) Delete(ctx context.Context, q order.Queue, letter redrive.Letter) error {
	_, err := awscall.Do(ctx, l.retryer, l.client.DeleteMessage, &sdk.DeleteMessageInput{
		QueueUrl: aws.String(l.urls[q]), ReceiptHandle: aws.String(letter.Receipt),
	}, l.options)
	if err != nil {
		return fmt.Errorf("delete message: %w", err)
	}
	return nil
}

func (l *Letters) options(o *sdk.Options) { o.Retryer = l.retryer }
