package local

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"pizzasaga/asl"
	"pizzasaga/internal/lambdaapi"
)

// invokeAPI returns the Lambda API for the function, so that every action can be
// tried locally with the same command as on AWS.
func (f function) invokeAPI() lambdaapi.Function {
	return lambdaapi.Function{ARN: functionARN, Invoke: func(ctx context.Context, event []byte) (lambdaapi.Result, error) {
		result := lambdaapi.Result{RequestID: uuid.NewString()}
		answer, err := f.run(ctx, result.RequestID, event)
		result.Payload = answer
		if failed, ok := errors.AsType[*asl.TaskError](err); ok {
			result.Payload, result.FunctionError, err = []byte(failed.Cause), lambdaapi.Unhandled, nil
		}
		return result, err
	}}
}
