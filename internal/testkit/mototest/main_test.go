package mototest

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/lambdatest"
)

// shared is the deployment that all tests use.
var shared *Cloud

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		os.Exit(m.Run())
	}
	os.Exit(func() int {
		var err error
		switch shared, err = Start(context.Background(), "../../.."); {
		case err == nil:
			defer shared.Close()
		case errors.Is(err, ErrNoMoto):
			fmt.Println("Left out: the second engine, for", err)
			_ = flag.Set("test.run", "^$") // so that the summary says that no test ran
		default:
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

func deployed(t *testing.T) *Cloud {
	t.Helper()
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the function wrote:\n%s\nmoto wrote:\n%s", tail(shared.Logs()), tail(shared.MotoLogs()))
		}
	})
	return shared
}

// tail is the end of a log.
func tail(log string) string { return log[max(0, len(log)-20_000):] }

// invoke sends a function an event that it must answer.
func invoke(t *testing.T, f *lambdatest.Function, event string) []byte {
	t.Helper()
	r, err := f.Invoke(t.Context(), []byte(event))
	require.NoError(t, err)
	require.Empty(t, r.FunctionError, "%s", r.Payload)
	return r.Payload
}

// request sends the API a request, as the event that API Gateway makes of it.
// As a client should, it comes back when the shop is too busy.
func request(t *testing.T, f *lambdatest.Function, method, path, body string, headers ...string) events.APIGatewayV2HTTPResponse {
	t.Helper()
	event := events.APIGatewayV2HTTPRequest{Version: "2.0", RouteKey: "$default", RawPath: path, Body: body, Headers: map[string]string{}}
	event.RequestContext.HTTP.Method, event.RequestContext.HTTP.Path, event.RequestContext.HTTP.SourceIP = method, path, "192.0.2.1"
	event.RequestContext.Stage, event.RequestContext.RequestID, event.RequestContext.DomainName = "$default", t.Name(), "shop.example"
	event.Headers["idempotency-key"] = t.Name()
	for i := 0; i < len(headers); i += 2 {
		event.Headers[headers[i]] = headers[i+1]
	}
	text, err := json.Marshal(event)
	require.NoError(t, err)
	for {
		var answer events.APIGatewayV2HTTPResponse
		require.NoError(t, json.Unmarshal(invoke(t, f, string(text)), &answer))
		if answer.StatusCode != http.StatusServiceUnavailable {
			return answer
		}
		seconds, err := strconv.Atoi(answer.Headers["Retry-After"])
		require.NoError(t, err, "%v", answer.Headers)
		select {
		case <-time.After(time.Duration(seconds) * time.Second):
		case <-t.Context().Done():
			t.Fatal(answer.Body)
		}
	}
}

// order gets an order through the API.
func (c *Cloud) order(t *testing.T, id string) order.Order {
	t.Helper()
	answer := request(t, c.Function, http.MethodGet, "/orders/"+id, "")
	require.Equal(t, http.StatusOK, answer.StatusCode, answer.Body)
	var o order.Order
	require.NoError(t, json.Unmarshal([]byte(answer.Body), &o))
	return o
}
