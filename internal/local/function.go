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

// functionTimeout is the function's time-out in template.yaml.
const functionTimeout = 30 * time.Second

// function stands in for the Lambda service: it calls the function's handler in
// this process, and reports errors to the interpreter as Lambda does to Step Functions.
type function struct {
	handler func(ctx context.Context, event []byte) ([]byte, error)
}

// invoke calls the function. It has the signature that [asl.LambdaInvoke] expects.
func (f function) invoke(ctx context.Context, _ string, event []byte) ([]byte, error) {
	return f.run(ctx, uuid.NewString(), event)
}

// run calls the function with an event. If the function fails, the error is an
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
		// Lambda kills the process at its time-out, so the caller never sees the
		// handler's own error.
		return nil, failure(messages.InvokeResponse_Error{Type: "Sandbox.Timedout",
			Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", id, functionTimeout.Seconds())})
	}
	named, ok := errors.AsType[messages.InvokeResponse_Error](err)
	if !ok {
		named = messages.InvokeResponse_Error{Type: typeName(err), Message: err.Error()}
	}
	return nil, failure(named)
}

// call runs the handler. It turns a panic into the error that aws-lambda-go
// reports, which names the type of the panic's value.
func (f function) call(ctx context.Context, event []byte) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = messages.InvokeResponse_Error{Type: typeName(p), Message: fmt.Sprint(p)}
		}
	}()
	return f.handler(ctx, event)
}

// typeName returns the name of a value's type, or of the type that it points to.
func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}

// failure converts a function's error to a task's: the name is the error's type, and
// the cause is the error as JSON, as Lambda encodes it.
func failure(e messages.InvokeResponse_Error) error {
	cause, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return &asl.TaskError{Name: e.Type, Cause: string(cause)}
}

// noMetrics discards the metrics, which are for CloudWatch.
type noMetrics struct{}

var _ dispatch.Metrics = noMetrics{}

func (noMetrics) OrderEnded(order.Order) {}
