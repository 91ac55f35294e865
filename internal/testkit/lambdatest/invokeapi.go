package lambdatest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// InvokePattern is the Invoke action of Lambda's API, as a pattern of an
// http.ServeMux.
const InvokePattern = "POST /2015-03-31/functions/{name}/invocations"

// ServeHTTP answers the Invoke action, for requests that were matched by
// InvokePattern: the function by name or ARN, and only invocations that wait
// for the answer.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (f *Function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	result, err := f.invokeHTTP(r)
	refusal, refused := errors.AsType[*Error](err)
	switch {
	case refused:
		// The SDKs read the error's name from this header, and Step Functions'
		// emulators insist on the request id.
		w.Header().Set("X-Amzn-RequestId", uuid.NewString())
		w.Header().Set("X-Amzn-ErrorType", refusal.Code)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(refusal.Status)
		_ = json.NewEncoder(w).Encode(map[string]string{"Type": "User", "Message": refusal.Message})
	case err != nil: // the caller has left
	default:
		w.Header().Set("X-Amzn-RequestId", result.RequestID)
		w.Header().Set("X-Amz-Executed-Version", "$LATEST")
		w.Header().Set("Content-Type", "application/json")
		if result.FunctionError != "" {
			w.Header().Set("X-Amz-Function-Error", result.FunctionError)
		}
		_, _ = w.Write(result.Payload)
	}
}

func (f *Function) invokeHTTP(r *http.Request) (Result, error) {
	name := r.PathValue("name")
	if arn, ok := strings.CutSuffix(name, ":$LATEST"); ok {
		name = arn
	}
	if name != f.cfg.Name && name != f.ARN() {
		return Result{}, &Error{"ResourceNotFoundException", http.StatusNotFound, "Function not found: " + name}
	}
	if kind := r.Header.Get("X-Amz-Invocation-Type"); kind != "" && kind != "RequestResponse" {
		return Result{}, &Error{"InvalidParameterValueException", http.StatusBadRequest, "only RequestResponse is supported here, not " + kind}
	}
	payload, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, 2*MaxRequest))
	if err != nil {
		return Result{}, &Error{"InvalidRequestContentException", http.StatusBadRequest, "cannot read the request: " + err.Error()}
	}
	return f.Invoke(r.Context(), payload)
}
