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

// Unhandled is how Lambda reports a failure of a function in a runtime of its own.
const Unhandled = "Unhandled"

// Result is what came of an invocation.
type Result struct {
	RequestID     string
	Payload       []byte // the answer; of a failure, the JSON object that tells it
	FunctionError string // Unhandled if the function failed, else empty
}

// Error is the service's refusal of an invocation: it never reached the function.
type Error struct {
	Code    string
	Status  int // of the HTTP response
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// NotFound returns the refusal of an invocation of a function that does not exist.
func NotFound(name string) *Error {
	return &Error{"ResourceNotFoundException", http.StatusNotFound, "Function not found: " + name}
}

// Event returns the event that a request's body is, or an *Error if it is too large
// or no JSON. No body is an empty object.
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

// Function is a function as the API offers it. It is an http.Handler for requests
// that match Pattern.
type Function struct {
	ARN string
	// Invoke has the function answer an event that [Event] has returned. A
	// function that fails is a Result, too; an *Error refuses the event. The
	// context does not end when the caller leaves: the function runs on.
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
		w.Header().Set("Content-Length", "0") // so that the caller has the whole answer before the function runs,
		w.Header().Set("Connection", "close") // and uses another connection for its next request
		w.WriteHeader(http.StatusAccepted)
		_ = http.NewResponseController(w).Flush()
		_, _ = f.Invoke(ctx, event)
	default:
		refuse(w, &Error{"InvalidParameterValueException", http.StatusBadRequest, "there is no invocation type " + kind})
	}
}

// read returns the request's event, or an *Error. The function may be named by its
// name or its ARN, whole or in part, as its latest version.
func (f Function) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	name := strings.TrimSuffix(r.PathValue("name"), ":$LATEST")
	if name != f.ARN && !strings.HasSuffix(f.ARN, ":"+name) {
		return nil, NotFound(name)
	}
	if q := r.URL.Query().Get("Qualifier"); q != "" && q != "$LATEST" {
		return nil, NotFound(name + ":" + q)
	}
	// One that is a little too large is read whole, so that its sender gets to read
	// the refusal.
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
	_, _ = w.Write(result.Payload) // a caller that went away cannot be told
}

// refuse answers that the function was not invoked. The SDKs read the error's name
// from a header.
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
