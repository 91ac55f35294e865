package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/uuid"

	"pizzasaga/asl"
	"pizzasaga/internal/dispatch"
	"pizzasaga/internal/order"
)

// functionTimeout is the time-out of the function in template.yaml.
const functionTimeout = 30 * time.Second

// function stands in for the Lambda service: it calls the function's handler in
// this process, and reports what goes wrong the way Lambda tells Step Functions.
type function struct {
	handler func(ctx context.Context, event []byte) ([]byte, error)
}

// invoke implements the call that [asl.LambdaInvoke] asks for.
func (f function) invoke(ctx context.Context, _ string, event []byte) ([]byte, error) {
	return f.run(ctx, uuid.NewString(), event)
}

// run has the function answer an event. The error of a function that fails is an
// *asl.TaskError.
func (f function) run(ctx context.Context, id string, event []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, functionTimeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: id})
	answer, err := f.call(ctx, event)
	if err == nil {
		return answer, nil
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		// Lambda kills the process at its time-out, so nobody learns what the
		// handler would have said.
		return nil, failure(messages.InvokeResponse_Error{Type: "Sandbox.Timedout",
			Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", id, functionTimeout.Seconds())})
	}
	named, ok := errors.AsType[messages.InvokeResponse_Error](err)
	if !ok {
		named = messages.InvokeResponse_Error{Type: reflect.TypeOf(err).Name(), Message: err.Error()}
	}
	return nil, failure(named)
}

// call runs the handler and makes of its panic the error that aws-lambda-go
// reports, which names the type of the panic's value.
func (f function) call(ctx context.Context, event []byte) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = messages.InvokeResponse_Error{Type: reflect.TypeOf(p).Name(), Message: fmt.Sprint(p)}
		}
	}()
	return f.handler(ctx, event)
}

// failure is a function's error as a task's: its type is the task's error, and
// the JSON that Lambda makes of it the cause.
func failure(e messages.InvokeResponse_Error) error {
	cause, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return &asl.TaskError{Name: e.Type, Cause: string(cause)}
}

// noMetrics drops what only CloudWatch could read.
type noMetrics struct{}

var _ dispatch.Metrics = noMetrics{}

func (noMetrics) OrderEnded(order.Order) {}
