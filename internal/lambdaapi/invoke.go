// Package lambdaapi serves the Invoke action of AWS Lambda's API for one function,
// so that the AWS CLI and SDKs can invoke it with their endpoint set.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
package lambdaapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// Prefix begins every path of the API.
const Prefix = "/2015-03-31/"

// Pattern is the Invoke action as a pattern of an [http.ServeMux].
const Pattern = "POST " + Prefix + "functions/{name}/invocations"

// MaxEvent is how large an event may be, in bytes.
const MaxEvent = 6 << 20

// Unhandled is how Lambda reports a failure of a function with a custom runtime.
const Unhandled = "Unhandled"

// Result is the result of an invocation.
type Result struct {
	RequestID     string
	Payload       []byte // the answer or, after a failure, the JSON object that describes it
	FunctionError string // Unhandled if the function failed, otherwise empty
}

// Error is an invocation that the service refused. The function was not called.
type Error struct {
	Code    string
	Status  int // of the HTTP response
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// NotFound returns the error for a function that does not exist.
func NotFound(name string) *Error {
	return &Error{"ResourceNotFoundException", http.StatusNotFound, "Function not found: " + name}
}

// Event returns the event in a request's body, or an *Error if it is too large or not
// JSON. An empty body is an empty object.
func Event(body []byte) ([]byte, error) {
	if len(body) > MaxEvent {
		return nil, &Error{"RequestEntityTooLargeException", http.StatusRequestEntityTooLarge,
			fmt.Sprintf("Request must be smaller than %d bytes for the InvokeFunction operation", MaxEvent)}
	}
	if len(body) == 0 {
		return []byte("{}"), nil
	}
	var event json.RawMessage
	if err := json.Unmarshal(body, &event); err != nil {
		return nil, &Error{"InvalidRequestContentException", http.StatusBadRequest, "Could not parse request body into json: " + err.Error()}
	}
	return body, nil
}

// Function serves one function. It is an http.Handler for requests that match Pattern.
type Function struct {
	ARN string
	// Invoke calls the function with an event that [Event] has returned. A failure of the
	// function is a Result, too; an *Error refuses the event. The context does not end
	// when the caller disconnects, so the function runs to its end.
	Invoke func(ctx context.Context, event []byte) (Result, error)
}

func (f Function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	event, err := f.read(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	ctx := context.WithoutCancel(r.Context())
	switch kind := r.Header.Get("X-Amz-Invocation-Type"); kind {
	case "", "RequestResponse":
		result, err := f.Invoke(ctx, event)
		if err != nil {
			refuse(w, err)
			return
		}
		answer(w, result)
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
	case "Event":
		w.Header().Set("Content-Length", "0") // so that the caller gets the whole answer before the function runs
		w.Header().Set("Connection", "close") // and uses a new connection for its next request
		w.WriteHeader(http.StatusAccepted)
		_ = http.NewResponseController(w).Flush()
		_, _ = f.Invoke(ctx, event)
	default:
		refuse(w, &Error{"InvalidParameterValueException", http.StatusBadRequest, "there is no invocation type " + kind})
	}
}

// read returns the request's event, or an *Error. The function may be named by its name,
// its ARN or a part of the ARN, optionally with its latest version.
func (f Function) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	name := strings.TrimSuffix(r.PathValue("name"), ":$LATEST")
	if name != f.ARN && !strings.HasSuffix(f.ARN, ":"+name) {
		return nil, NotFound(name)
	}
	if q := r.URL.Query().Get("Qualifier"); q != "" && q != "$LATEST" {
		return nil, NotFound(name + ":" + q)
	}
	// A body that is a little too large is read completely, so that its sender can read
	// the error.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 2*MaxEvent))
	if err != nil && len(body) <= MaxEvent {
		return nil, &Error{"InvalidRequestContentException", http.StatusBadRequest, "cannot read the request: " + err.Error()}
	}
	return Event(body)
}

func answer(w http.ResponseWriter, result Result) {
	h := w.Header()
	h.Set("X-Amzn-RequestId", result.RequestID)
	h.Set("X-Amz-Executed-Version", "$LATEST")
	h.Set("Content-Type", "application/json")
	if result.FunctionError != "" {
		h.Set("X-Amz-Function-Error", result.FunctionError)
	}
	_, _ = w.Write(result.Payload) // a caller that has disconnected cannot be told
}

// refuse answers that the function was not invoked. The SDKs read the error's name from a
// header.
func refuse(w http.ResponseWriter, err error) {
	refusal, ok := errors.AsType[*Error](err)
	if !ok {
		refusal = &Error{"ServiceException", http.StatusInternalServerError, err.Error()}
	}
	h := w.Header()
	h.Set("X-Amzn-RequestId", uuid.NewString())
	h.Set("X-Amzn-ErrorType", refusal.Code)
	h.Set("Content-Type", "application/json")
	w.WriteHeader(refusal.Status)
	_ = json.NewEncoder(w).Encode(map[string]string{"Type": "User", "Message": refusal.Message})
}
