package sfnapi_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/sfnapi"
)

func TestAnExecutionThatCannotBeSavedIsAnswered503(t *testing.T) {
	machine, err := asl.Load([]byte(`{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`), nil)
	require.NoError(t, err)
	engine, err := asl.New(asl.Config{Machine: machine, Save: func(asl.Change) error { return errors.New("the disk is full") }})
	require.NoError(t, err)
	api, err := sfnapi.New(sfnapi.Config{Engine: engine})
	require.NoError(t, err)
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"stateMachineArn":"`+engine.StateMachineARN()+`"}`))
	request.Header.Set("X-Amz-Target", "AWSStepFunctions.StartExecution")
	answer := httptest.NewRecorder()
	api.ServeHTTP(answer, request)
	require.Equal(t, http.StatusServiceUnavailable, answer.Code)
	require.Contains(t, answer.Body.String(), `"ServiceUnavailable"`)
}
