// Package sfnapi serves the API of AWS Step Functions (AWS JSON 1.0) for an engine in
// this process, so that the AWS CLI and SDKs can use it with their endpoint set.
//
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
package sfnapi

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pizzasaga/asl"
	"pizzasaga/internal/need"
)

const (
	targetHeader = "X-Amz-Target"
	targetPrefix = "AWSStepFunctions."
	contentType  = "application/x-amz-json-1.0"
)

// Meant reports whether the request is for the Step Functions API, which shares its
// address with other handlers.
func Meant(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get(targetHeader), targetPrefix)
}

// Config has what the API serves. Engine is required.
type Config struct {
	Engine *asl.Engine
}

type server struct {
	Config
	created    time.Time
	operations map[string]operation
}

// operation takes a request's JSON and returns an answer to marshal.
type operation func(body []byte) (any, error)

// New returns the API's handler, or an error that names each field that is missing.
// Requests need not be signed: anyone who can reach the address can use it.
func New(c Config) (http.Handler, error) {
	if err := need.Fields("sfnapi.Config", map[string]bool{"Engine": c.Engine != nil}); err != nil {
		return nil, err
	}
	s := &server{Config: c, created: time.Now()}
	s.operations = map[string]operation{
		"ListStateMachines":              in(s.listStateMachines),
		"DescribeStateMachine":           in(s.describeStateMachine),
		"ValidateStateMachineDefinition": in(s.validate),
		"StartExecution":                 in(s.startExecution),
		"StopExecution":                  in(s.stopExecution),
		"ListExecutions":                 in(s.listExecutions),
		"DescribeExecution":              in(s.describeExecution),
		"GetExecutionHistory":            in(s.getExecutionHistory),
		"SendTaskSuccess":                in(s.sendTaskSuccess),
		"SendTaskFailure":                in(s.sendTaskFailure),
		"SendTaskHeartbeat":              in(s.sendTaskHeartbeat),
	}
	return s, nil
}

// in returns an operation that decodes its input and calls f.
func in[In any](f func(In) (any, error)) operation {
	return func(body []byte) (any, error) {
		var input In
		if err := json.Unmarshal(body, &input); err != nil {
			return nil, &fault{"SerializationException", err.Error()}
		}
		return f(input)
	}
}

// maxBody leaves room for a definition of 1 MiB, encoded as a JSON string.
const maxBody = 4 << 20

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body []byte
	var answer any
	err := error(&fault{"UnknownOperationException", "this operation is not supported here"})
	if op, ok := s.operations[strings.TrimPrefix(r.Header.Get(targetHeader), targetPrefix)]; ok {
		if body, err = read(w, r); err == nil {
			answer, err = op(body)
		}
	}
	status := http.StatusOK
	if err != nil {
		f := named(err)
		if status = http.StatusBadRequest; f.name == serviceUnavailable {
			status = http.StatusServiceUnavailable
		}
		answer = map[string]string{"__type": f.name, "message": f.message}
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Amzn-Requestid", rand.Text())
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a client that has disconnected cannot be told
}

func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var raw json.RawMessage
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&raw)
	if err != nil {
		return nil, &fault{"SerializationException", "the body is not JSON: " + err.Error()}
	}
	return raw, nil
}

// fault is an error of the API.
type fault struct{ name, message string }

func (f *fault) Error() string { return f.name + ": " + f.message }

func invalid(format string, args ...any) error {
	return &fault{"ValidationException", fmt.Sprintf(format, args...)}
}

// engineErrors are the engine's errors, which have the API's names.
var engineErrors = []error{asl.ErrExecutionAlreadyExists, asl.ErrExecutionDoesNotExist, asl.ErrInvalidName, asl.ErrInvalidExecutionInput,
	asl.ErrInvalidOutput, asl.ErrInvalidToken, asl.ErrTaskDoesNotExist, asl.ErrTaskTimedOut}

// serviceUnavailable is any other error of the engine, for example if it cannot save.
const serviceUnavailable = "ServiceUnavailable"

// named returns the error as a client sees it.
func named(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	for _, known := range engineErrors {
		if errors.Is(err, known) {
			return &fault{known.Error(), err.Error()}
		}
	}
	return &fault{serviceUnavailable, err.Error()}
}

// seconds is a time in the API's format: seconds since 1970, to the millisecond.
type seconds time.Time

func (s seconds) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(time.Time(s).UnixMilli())/1000, 'f', 3, 64), nil
}

// since returns the time as a field that is omitted if the time is zero.
func since(t time.Time) *seconds {
	if t.IsZero() {
		return nil
	}
	return (*seconds)(&t)
}
