package lambdaapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/lambdaapi"
)

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:pizza"

// serve serves a function and returns the address of its API.
func serve(t *testing.T, invoke func(ctx context.Context, event []byte) (lambdaapi.Result, error)) string {
	mux := http.NewServeMux()
	mux.Handle(lambdaapi.Pattern, lambdaapi.Function{ARN: arn, Invoke: invoke})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/2015-03-31/functions/"
}

// echo answers with the event, or fails if the event asks for it.
func echo(_ context.Context, event []byte) (lambdaapi.Result, error) {
	r := lambdaapi.Result{RequestID: "1b4e28ba-2fa1-4d2a-8b8a-1c1d8f6f0f00", Payload: event}
	switch string(event) {
	case `"fail"`:
		r.FunctionError = lambdaapi.Unhandled
	case `"broken"`:
		return r, errors.New("no machine is free")
	}
	return r, nil
}

// post invokes the function.
func post(t *testing.T, url, kind, event string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(event))
	require.NoError(t, err)
	if kind != "" {
		request.Header.Set("X-Amz-Invocation-Type", kind)
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer, string(body)
}

func TestTheInvokeAction(t *testing.T) {
	functions := serve(t, echo)
	for _, test := range []struct {
		rule, function, event, kind string
		status                      int
		errorType, functionError    string
		body                        string
	}{
		{"a success returns only the answer", "pizza", `{"a":1}`, "", 200, "", "", `{"a":1}`},
		{"no event is an empty object", "pizza", ``, "", 200, "", "", `{}`},
		{"an ARN names it", arn, `1`, "RequestResponse", 200, "", "", `1`},
		{"an SDK escapes the colons", strings.ReplaceAll(arn, ":", "%3A"), `1`, "", 200, "", "", `1`},
		{"a part of the ARN names it", "123456789012:function:pizza", `1`, "", 200, "", "", `1`},
		{"the latest version", "pizza:$LATEST", `1`, "", 200, "", "", `1`},
		{"a failed function is a successful call", "pizza", `"fail"`, "", 200, "", "Unhandled", `"fail"`},
		{"a dry run does not invoke the function", "pizza", `"fail"`, "DryRun", 204, "", "", ""},
		{"an asynchronous call is accepted", "pizza", `"fail"`, "Event", 202, "", "", ""},
		{"another function is not found", "izza", `{}`, "", 404, "ResourceNotFoundException", "", "Function not found: izza"},
		{"another version is not found", "pizza:7", `{}`, "", 404, "ResourceNotFoundException", "", "Function not found: pizza:7"},
		{"an event must be JSON", "pizza", `pizza`, "", 400, "InvalidRequestContentException", "", "Could not parse"},
		{"an event must not be too large", "pizza", strings.Repeat(" ", lambdaapi.MaxEvent) + "1", "", 413, "RequestEntityTooLargeException", "", "6291456"},
		{"an event must not be twice too large", "pizza", strings.Repeat(" ", 2*lambdaapi.MaxEvent) + "1", "", 413, "RequestEntityTooLargeException", "", "6291456"},
		{"there are three invocation types", "pizza", `{}`, "Later", 400, "InvalidParameterValueException", "", "Later"},
		{"the service can fail", "pizza", `"broken"`, "", 500, "ServiceException", "", "no machine is free"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			answer, body := post(t, functions+test.function+"/invocations", test.kind, test.event)
			require.Equal(t, test.status, answer.StatusCode, "%s", body)
			require.Equal(t, test.errorType, answer.Header.Get("X-Amzn-ErrorType"))
			require.Equal(t, test.functionError, answer.Header.Get("X-Amz-Function-Error"))
			require.Contains(t, body, test.body)
			if test.status == http.StatusOK {
				require.Equal(t, "$LATEST", answer.Header.Get("X-Amz-Executed-Version"))
			}
			if test.body != "" {
				require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4`, answer.Header.Get("X-Amzn-RequestId"))
			}
		})
	}
	answer, _ := post(t, functions+"pizza/invocations?Qualifier=7", "", `{}`)
	require.Equal(t, http.StatusNotFound, answer.StatusCode, "a qualifier names a version, too")
}

func TestAnAsynchronousInvocationReturnsAtOnce(t *testing.T) {
	answered, ran := make(chan struct{}), make(chan string, 1)
	functions := serve(t, func(_ context.Context, event []byte) (lambdaapi.Result, error) {
		<-answered
		ran <- string(event)
		return lambdaapi.Result{}, nil
	})
	answer, _ := post(t, functions+"pizza/invocations", "Event", `"later"`)
	require.Equal(t, http.StatusAccepted, answer.StatusCode)
	close(answered)
	require.Equal(t, `"later"`, <-ran)
}

func TestACallerThatDisconnectsDoesNotStopTheFunction(t *testing.T) {
	ran := false
	f := lambdaapi.Function{ARN: arn, Invoke: func(ctx context.Context, _ []byte) (lambdaapi.Result, error) {
		ran = true
		require.NoError(t, ctx.Err())
		return lambdaapi.Result{}, nil
	}}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", nil)
	request.SetPathValue("name", "pizza")
	f.ServeHTTP(httptest.NewRecorder(), request)
	require.True(t, ran)
}
