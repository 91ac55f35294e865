package lambdatest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInvokeAPI(t *testing.T) {
	f := newFunction(t, Config{Name: "pizza"})
	mux := http.NewServeMux()
	mux.Handle(InvokePattern, f)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	for _, c := range []struct {
		rule, function, event, kind string
		status                      int
		errorType, functionError    string
		body                        string
	}{
		{"a success is the answer alone", "pizza", `{"do":"answer","bytes":4}`, "", 200, "", "", `"xx"`},
		{"the ARN will do as well", f.ARN(), `{"do":"answer","bytes":4}`, "RequestResponse", 200, "", "", `"xx"`},
		{"an SDK escapes the colons", strings.ReplaceAll(f.ARN(), ":", "%3A"), `{"do":"answer","bytes":4}`, "", 200, "", "", `"xx"`},
		{"a failure is a success of the service", "pizza", `{"do":"fail"}`, "", 200, "", "Unhandled", `"errorMessage":"no pizza today"`},
		{"another function is not found", "pasta", `{}`, "", 404, "ResourceNotFoundException", "", "Function not found: pasta"},
		{"an event must be JSON", "pizza", `pizza`, "", 400, "InvalidRequestContentException", "", "Could not parse"},
		{"an event must not be too large", "pizza", strings.Repeat(" ", MaxRequest+1), "", 413, "RequestEntityTooLargeException", "", "6291456"},
		{"no one waits for an asynchronous one here", "pizza", `{}`, "Event", 400, "InvalidParameterValueException", "", "RequestResponse"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			req, err := http.NewRequest("POST", server.URL+"/2015-03-31/functions/"+c.function+"/invocations", strings.NewReader(c.event))
			require.NoError(t, err)
			if c.kind != "" {
				req.Header.Set("X-Amz-Invocation-Type", c.kind)
			}
			res, err := http.DefaultClient.Do(req)
			require.NoError(t, err)
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.Equal(t, c.status, res.StatusCode, "%s", body)
			require.Equal(t, c.errorType, res.Header.Get("X-Amzn-ErrorType"))
			require.Equal(t, c.functionError, res.Header.Get("X-Amz-Function-Error"))
			require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4`, res.Header.Get("X-Amzn-RequestId"))
			require.Contains(t, string(body), c.body)
		})
	}
}
