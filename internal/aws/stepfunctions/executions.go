// Package stepfunctions runs orders through the workflow on AWS.
package stepfunctions

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"pizzasaga/internal/aws/awscall"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/workflow"
)

// Executions starts executions of one state machine.
type Executions struct {
	client       *sfn.Client
	stateMachine string
	retryer      aws.Retryer
}

var (
	_ order.Executions  = (*Executions)(nil)
	_ repair.Executions = (*Executions)(nil)
)

// NewExecutions returns the executions of the state machine with this ARN. The
// client's own retryer is not used.
func NewExecutions(client *sfn.Client, stateMachineARN string) *Executions {
	return &Executions{client: client, stateMachine: stateMachineARN, retryer: awscall.Retryer(tooMany)}
}

// tooMany reports whether the account has reached its limit of open executions.
func tooMany(err error) bool {
	_, limit := errors.AsType[*types.ExecutionLimitExceeded](err)
	return limit
}

// Start implements [order.Executions]. The order's id names the execution, and the name
// stays taken for 90 days after the execution has ended. While the execution runs, Step
// Functions itself accepts a repetition with the same input. After that it refuses one,
// so the input shows whether the execution was this order's.
//
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
func (x *Executions) Start(ctx context.Context, r order.Request) error {
	input, err := workflow.Input(r)
	if err != nil {
		return err
	}
	_, err = call(ctx, x, x.client.StartExecution, &sfn.StartExecutionInput{
		StateMachineArn: &x.stateMachine, Name: &r.ID, Input: aws.String(string(input)),
	})
	if _, taken := errors.AsType[*types.ExecutionAlreadyExists](err); taken {
		return x.checkIsFor(ctx, r)
	}
	if err != nil {
		return fmt.Errorf("start execution %s: %w", r.ID, err)
	}
	return nil
}

// checkIsFor returns an error if the execution with the request's id has another input.
func (x *Executions) checkIsFor(ctx context.Context, r order.Request) error {
	out, err := call(ctx, x, x.client.DescribeExecution, &sfn.DescribeExecutionInput{ExecutionArn: aws.String(x.arn(r.ID))})
	if err != nil {
		return fmt.Errorf("describe execution %s: %w", r.ID, err)
	}
	return workflow.CheckInput(r, []byte(aws.ToString(out.Input)))
}

// Status implements [repair.Executions].
func (x *Executions) Status(ctx context.Context, orderID string) (string, error) {
	out, err := call(ctx, x, x.client.DescribeExecution, &sfn.DescribeExecutionInput{
		ExecutionArn: aws.String(x.arn(orderID)), IncludedData: types.IncludedDataMetadataOnly,
	})
	if _, none := errors.AsType[*types.ExecutionDoesNotExist](err); none {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("describe execution %s: %w", orderID, err)
	}
	return string(out.Status), nil
}

// List implements [repair.Executions].
func (x *Executions) List(ctx context.Context, status, token string) ([]repair.Execution, string, error) {
	in := &sfn.ListExecutionsInput{StateMachineArn: &x.stateMachine, StatusFilter: types.ExecutionStatus(status), MaxResults: 1000}
	if token != "" {
		in.NextToken = &token
	}
	out, err := call(ctx, x, x.client.ListExecutions, in)
	if err != nil {
		return nil, "", fmt.Errorf("list executions: %w", err)
	}
	var page []repair.Execution
	for _, e := range out.Executions {
		page = append(page, repair.Execution{ARN: aws.ToString(e.ExecutionArn), OrderID: aws.ToString(e.Name), Started: aws.ToTime(e.StartDate)})
	}
	return page, aws.ToString(out.NextToken), nil
}

// Connect opens a connection with one request for an execution that does not exist. It
// ignores the answer.
func (x *Executions) Connect(ctx context.Context) {
	_, _ = x.client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: aws.String(x.arn("connect"))},
		func(o *sfn.Options) { o.Retryer = aws.NopRetryer{} })
}

func (x *Executions) arn(name string) string { return ExecutionARN(x.stateMachine, name) }

// ExecutionARN returns the ARN of a state machine's execution.
func ExecutionARN(stateMachineARN, name string) string {
	return strings.Replace(stateMachineARN, ":stateMachine:", ":execution:", 1) + ":" + name
}

func call[In, Out any](ctx context.Context, x *Executions, op func(context.Context, *In, ...func(*sfn.Options)) (*Out, error), in *In) (*Out, error) {
	return awscall.Do(ctx, x.retryer, op, in, func(o *sfn.Options) { o.Retryer = x.retryer })
}
