package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/lambdaapi"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/lambdatest"
)

func TestFailuresAreReportedAsOnLambda(t *testing.T) {
	whole := config(t)
	another := func(t *testing.T, change func(*lambdatest.Config)) *lambdatest.Function {
		c := whole
		change(&c)
		f := lambdatest.New(c)
		t.Cleanup(f.Close)
		return f
	}
	failure := func(t *testing.T, f *lambdatest.Function, event string) (lambdatest.Failure, lambdatest.Result) {
		r, err := f.Invoke(t.Context(), []byte(event))
		require.NoError(t, err)
		require.Equal(t, "Unhandled", r.FunctionError, "%s", r.Payload)
		var told lambdatest.Failure
		require.NoError(t, json.Unmarshal(r.Payload, &told))
		return told, r
	}
	unknown := fmt.Sprintf(`{"action":"createOrder","order":{"orderId":%q,"flavour":"x"}}`, order.NewID())

	t.Run("an error of the function has its stable name and keeps the process running", func(t *testing.T) {
		f := another(t, func(*lambdatest.Config) {})
		for _, test := range []struct{ name, event, want string }{
			{"an empty object", `{}`, "InvalidEvent"},
			{"an array", `[]`, "InvalidEvent"},
			{"a string", `"pizza"`, "InvalidEvent"},
			{"an unknown action", `{"action":"bakeCake"}`, "InvalidEvent"},
			{"an order id that is a number", `{"action":"createOrder","order":{"orderId":7}}`, "InvalidEvent"},
			{"an unknown order", unknown, "OrderNotFound"},
			{"almost 6 MB", `{"action":"createOrder","filler":"` + strings.Repeat("x", lambdaapi.MaxEvent-100) + `"}`, "InvalidEvent"},
		} {
			t.Run(test.name, func(t *testing.T) {
				told, _ := failure(t, f, test.event)
				require.Equal(t, test.want, told.Type, told.Message)
			})
		}
		_, r := failure(t, f, `{}`)
		require.Zero(t, r.Init, "the process was warm")
	})
	t.Run("an event over 6 MB does not reach the function", func(t *testing.T) {
		f := another(t, func(*lambdatest.Config) {})
		_, err := f.Invoke(t.Context(), []byte(`"`+strings.Repeat("x", lambdaapi.MaxEvent)+`"`))
		var refusal *lambdaapi.Error
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, "RequestEntityTooLargeException", refusal.Code)
	})
	t.Run("a time-out kills the process and the next event starts another", func(t *testing.T) {
		stop := true
		f := another(t, func(l *lambdatest.Config) {
			l.Timeout = 3 * time.Second
			l.Ready = func(p *os.Process) {
				if stop {
					// The process will not receive the event. It takes a moment to stop.
					require.NoError(t, p.Signal(syscall.SIGSTOP))
					_, err := syscall.Wait4(p.Pid, nil, syscall.WUNTRACED, nil)
					require.NoError(t, err)
				}
			}
		})
		told, _ := failure(t, f, `{}`)
		require.Equal(t, "Sandbox.Timedout", told.Type)
		require.Contains(t, told.Message, "Task timed out after 3.00 seconds")
		stop = false
		told, r := failure(t, f, `{}`)
		require.Equal(t, "InvalidEvent", told.Type)
		require.Positive(t, r.Init)
	})
	t.Run("an incomplete environment is reported first", func(t *testing.T) {
		var log strings.Builder
		f := another(t, func(l *lambdatest.Config) { l.Env, l.Log = map[string]string{"TABLE_NAME": "orders"}, &log })
		told, _ := failure(t, f, `{}`)
		require.Equal(t, "Runtime.ExitError", told.Type)
		require.Contains(t, told.Message, "exit status 1")
		require.Contains(t, log.String(), "STATE_MACHINE_ARN is not set")
	})
}
