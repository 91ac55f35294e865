package sfnapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/sfnapi"
)

func TestErrorsAreNamedAsOnAWS(t *testing.T) {
	s := serve(t)
	unknown := strings.Replace(s.machine, ":stateMachine:", ":execution:", 1) + ":nobody"
	arn := s.start(t, "one", `{}`)
	for _, test := range []struct {
		name, code string
		err        error
	}{
		{"a name with a space", "InvalidName",
			failure(s.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &s.machine, Name: aws.String("a b")}))},
		{"an input that is no JSON", "InvalidExecutionInput",
			failure(s.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &s.machine, Input: aws.String("{")}))},
		{"a page that was never offered", "InvalidToken",
			failure(s.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, NextToken: aws.String("made up")}))},
		{"an unknown task token", "InvalidToken",
			failure(s.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: aws.String("x"), Output: aws.String("{}")}))},
		{"too large a page", "ValidationException",
			failure(s.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &s.machine, MaxResults: 1001}))},
		{"an unknown status", "ValidationException",
			failure(s.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &s.machine, StatusFilter: "BOGUS"}))},
		{"an unknown redrive filter", "ValidationException",
			failure(s.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &s.machine, RedriveFilter: "BOGUS"}))},
		{"an unknown operation", "UnknownOperationException",
			failure(s.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: &unknown}))},
	} {
		t.Run(test.name, func(t *testing.T) { require.ErrorContains(t, test.err, test.code) })
	}
}

func TestAnARNIsCheckedAsOnAWS(t *testing.T) {
	s := serve(t)
	unknown := strings.Replace(s.machine, ":stateMachine:", ":execution:", 1) + ":nobody"
	for name, operation := range map[string]func(arn string) error{
		"StopExecution": func(arn string) error {
			return failure(s.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &arn}))
		},
		"DescribeExecution": func(arn string) error {
			return failure(s.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn}))
		},
		"GetExecutionHistory": func(arn string) error {
			return failure(s.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn}))
		},
	} {
		for arn, code := range map[string]string{"": "ValidationException", "nobody": "InvalidArn", unknown + ":more": "InvalidArn",
			strings.TrimSuffix(unknown, ":nobody"): "InvalidArn", s.machine: "InvalidArn", unknown: "ExecutionDoesNotExist"} {
			t.Run(name+" "+arn, func(t *testing.T) { require.ErrorContains(t, operation(arn), code) })
		}
	}
	for name, operation := range map[string]func(arn string) error{
		"StartExecution": func(arn string) error {
			return failure(s.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &arn}))
		},
		"ListExecutions": func(arn string) error {
			return failure(s.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &arn}))
		},
		"DescribeStateMachine": func(arn string) error {
			return failure(s.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: &arn}))
		},
	} {
		for arn, code := range map[string]string{"": "ValidationException", "pizza": "InvalidArn", unknown: "InvalidArn", s.machine + "x": "StateMachineDoesNotExist"} {
			t.Run(name+" "+arn, func(t *testing.T) { require.ErrorContains(t, operation(arn), code) })
		}
	}
}

func failure[T any](_ T, err error) error { return err }

func TestABodyThatIsNotJSONIsRefused(t *testing.T) {
	machine, err := asl.Load([]byte(`{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`), nil)
	require.NoError(t, err)
	engine, err := asl.New(asl.Config{Machine: machine})
	require.NoError(t, err)
	api, err := sfnapi.New(sfnapi.Config{Engine: engine})
	require.NoError(t, err)
	for name, body := range map[string]string{"no body": "", "half an object": "{", "a name that is a number": `{"name":1}`} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("X-Amz-Target", "AWSStepFunctions.StartExecution")
			require.True(t, sfnapi.Meant(r))
			w := httptest.NewRecorder()
			api.ServeHTTP(w, r)
			var fault struct {
				Type string `json:"__type"`
			}
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &fault))
			require.Equal(t, 400, w.Code)
			require.Equal(t, "SerializationException", fault.Type)
		})
	}
}
