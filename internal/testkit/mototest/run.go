package mototest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pizzasaga/asl"
	"pizzasaga/internal/aws/stepfunctions"
	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// Wait waits until the execution of an order has ended, and tells how.
func (c *Cloud) Wait(ctx context.Context, orderID string) (*sfn.DescribeExecutionOutput, error) {
	arn := c.executionARN(orderID)
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	for {
		out, err := c.SFN.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn})
		if err != nil {
			return nil, fmt.Errorf("describe execution %s: %w", orderID, err)
		}
		if out.Status != types.ExecutionStatusRunning {
			return out, nil
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("execution %s is still running: %w", orderID, ctx.Err())
		}
	}
}

func (c *Cloud) executionARN(orderID string) string {
	return stepfunctions.ExecutionARN(c.StateMachine, orderID)
}

// Run tells what came of an order whose execution has ended.
func (c *Cloud) Run(ctx context.Context, o order.Order) (outcomes.Run, error) {
	execution, err := c.Wait(ctx, o.ID)
	if err != nil {
		return outcomes.Run{}, err
	}
	run := outcomes.Run{Execution: string(execution.Status), Order: o}
	letters, err := c.DeadLetters(ctx, o.ID)
	if err != nil {
		return outcomes.Run{}, err
	}
	for _, q := range workflow.Queues() {
		if letters[q] != nil {
			run.DeadLetters = append(run.DeadLetters, q)
		}
	}
	err = c.observe(ctx, &run)
	return run, err
}

// observe reads the execution's history into the run.
func (c *Cloud) observe(ctx context.Context, run *outcomes.Run) error {
	arn := c.executionARN(run.Order.ID)
	pages := sfn.NewGetExecutionHistoryPaginator(c.SFN, &sfn.GetExecutionHistoryInput{ExecutionArn: &arn})
	var reader history.Reader
	var stopped []string // states of a Parallel that has failed
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("history of execution %s: %w", run.Order.ID, err)
		}
		for _, theirs := range page.Events {
			e := reader.Next(event(theirs))
			if e.Type == asl.ParallelStateFailed {
				// The other branch is stopped. moto still tells how its running
				// task ended; the histories of AWS do not.
				stopped = slices.Clone(run.Entered)
			}
			ofMotoAlone := e.Failure() != nil && (slices.Contains(stopped, e.State) || tooSlow(e.Failure()))
			if !ofMotoAlone {
				run.Observe(e)
			}
		}
	}
	return nil
}

// event converts an event of moto's history to package asl's, with what package
// history reads.
func event(e types.HistoryEvent) asl.Event {
	ours := asl.Event{ID: e.Id, PreviousID: e.PreviousEventId, Type: asl.EventType(e.Type)}
	switch {
	case e.StateEnteredEventDetails != nil:
		ours.Details = &asl.StateEnteredDetails{Name: aws.ToString(e.StateEnteredEventDetails.Name)}
	case e.StateExitedEventDetails != nil:
		ours.Details = &asl.StateExitedDetails{Name: aws.ToString(e.StateExitedEventDetails.Name)}
	case e.TaskFailedEventDetails != nil:
		ours.Details = &asl.TaskFailureDetails{Error: aws.ToString(e.TaskFailedEventDetails.Error)}
	case e.TaskTimedOutEventDetails != nil:
		ours.Details = &asl.TaskFailureDetails{Error: aws.ToString(e.TaskTimedOutEventDetails.Error)}
	}
	return ours
}

// tooSlow reports whether a task failed because moto, on a busy machine, took
// longer to answer than the function waits; then the workflow tries again.
func tooSlow(failure *asl.TaskFailureDetails) bool {
	return failure.Error == workflow.ErrorName(order.ErrUnavailable)
}

// DeadLetter is a message in a dead letter queue.
type DeadLetter struct {
	MessageType string
	Order       order.Request
	Failure     struct{ Error, Cause string }
	Execution   string
	Time        time.Time
}

// DeadLetters returns the message about the order in each queue that holds
// one. More than one in a queue is an error. The messages stay.
func (c *Cloud) DeadLetters(ctx context.Context, orderID string) (map[order.Queue]*DeadLetter, error) {
	found := map[order.Queue]*DeadLetter{}
	for queue, url := range c.Queues {
		messages, err := c.peek(ctx, url)
		if err != nil {
			return nil, fmt.Errorf("look into the queue %s: %w", queue, err)
		}
		for _, body := range messages {
			var letter DeadLetter
			if err := json.Unmarshal([]byte(body), &letter); err != nil {
				return nil, fmt.Errorf("message in the queue %s: %w: %s", queue, err, body)
			}
			if letter.Order.ID != orderID {
				continue
			}
			if found[queue] != nil {
				return nil, fmt.Errorf("the queue %s holds two messages about order %s", queue, orderID)
			}
			found[queue] = &letter
		}
	}
	return found, nil
}

// peek receives all messages of a queue and gives them back.
func (c *Cloud) peek(ctx context.Context, url string) (bodies []string, err error) {
	c.peeking.Lock() // or two would see half of them each
	defer c.peeking.Unlock()
	for {
		out, err := c.SQS.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		if err != nil {
			return nil, err
		}
		if len(out.Messages) == 0 {
			return bodies, nil
		}
		for _, m := range out.Messages {
			bodies = append(bodies, *m.Body)
			defer func() {
				_, undo := c.SQS.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle})
				err = errors.Join(err, undo)
			}()
		}
	}
}
