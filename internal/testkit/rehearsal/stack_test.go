package rehearsal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/stepfunctions"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/ministacktest"
)

// stack is the application, deployed.
type stack struct {
	cloud  *ministacktest.Emulator
	name   string
	output map[string]string // of the template, by name
	url    string            // of the API
}

// tester is what the checks of a stack need of a [testing.T].
type tester interface {
	require.TestingT
	Helper()
	Context() context.Context
	Logf(format string, arguments ...any)
	TempDir() string
}

// request sends the API a request and decodes its answer.
func (s *stack) request(t tester, status int, into any, method, path, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, status, answer.StatusCode, "%s %s: %s", method, path, text)
	require.NoError(t, json.Unmarshal(text, into), "%s", text)
}

// place places an order and returns its id.
func (s *stack) place(t tester, fault order.Fault, delaySeconds int) string {
	t.Helper()
	var o order.Request
	s.request(t, http.StatusAccepted, &o, http.MethodPost, "/orders", fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":%d}`, fault, delaySeconds))
	return o.ID
}

func (s *stack) order(t tester, id string) (o order.Order) {
	t.Helper()
	s.request(t, http.StatusOK, &o, http.MethodGet, "/orders/"+id, "")
	return o
}

// await returns the order once it is as it should be. It fails when even
// reconcileOrders has failed for an order, since no order will change then.
func (s *stack) await(t tester, id string, what string, reached func(order.Order) bool) order.Order {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // twenty times what it takes
	defer cancel()
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	for looks := 1; ; looks++ {
		o := s.order(t, id)
		if reached(o) {
			return o
		}
		if looks%50 == 0 {
			require.Equal(t, "0", s.unfinished(t), "orders that reconcileOrders could not end; order %s is %s, not %s", id, o.Status, what)
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			require.NoError(t, ctx.Err(), "order %s is %s, not %s", id, o.Status, what)
		}
	}
}

// ended returns the order once its customer was told how it ended.
func (s *stack) ended(t tester, id string) order.Order {
	t.Helper()
	return s.await(t, id, "ended", func(o order.Order) bool { return o.NotifiedAt != nil || o.Status == order.DeliveryConfirmed })
}

// awaitStatus waits until the order has the status.
func (s *stack) awaitStatus(t tester, id string, status order.Status) {
	t.Helper()
	s.await(t, id, string(status), func(o order.Order) bool { return o.Status == status })
}

// execution returns the ARN of an order's execution.
func (s *stack) execution(id string) string {
	return stepfunctions.ExecutionARN(s.output["StateMachineArn"], id)
}

// history waits until an order's execution has ended, and returns its status and
// the states that it entered. The emulator records none inside a Parallel.
func (s *stack) history(t tester, id string) (status string, entered []string) {
	t.Helper()
	for {
		var history struct {
			Events []struct {
				Type                     string
				StateEnteredEventDetails struct{ Name string }
			}
		}
		s.read(t, &history, "stepfunctions", "get-execution-history", "--execution-arn", s.execution(id))
		entered = nil
		for _, e := range history.Events {
			if strings.HasSuffix(e.Type, "StateEntered") {
				entered = append(entered, e.StateEnteredEventDetails.Name)
			}
		}
		if status, ended := strings.CutPrefix(history.Events[len(history.Events)-1].Type, "Execution"); ended {
			return strings.ToUpper(status), entered
		}
	}
}

// stop stops the execution of an order.
func (s *stack) stop(t tester, id string) {
	t.Helper()
	s.run(t, "stepfunctions", "stop-execution", "--execution-arn", s.execution(id))
}

// invoke calls the function and decodes its answer.
func (s *stack) invoke(t tester, into any, event string) {
	t.Helper()
	in, out := filepath.Join(t.TempDir(), "event.json"), filepath.Join(t.TempDir(), "answer.json")
	require.NoError(t, os.WriteFile(in, []byte(event), 0o600))
	var result struct{ FunctionError string }
	s.read(t, &result, "lambda", "invoke", "--function-name", s.output["FunctionName"], "--payload", "fileb://"+in, out)
	answer, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Empty(t, result.FunctionError, "%s", answer)
	require.NoError(t, json.Unmarshal(answer, into), "%s", answer)
}

// resource returns the name that a resource of the template has got.
func (s *stack) resource(t tester, logical string) string {
	t.Helper()
	var out struct {
		StackResourceDetail struct{ PhysicalResourceID string }
	}
	s.read(t, &out, "cloudformation", "describe-stack-resource", "--stack-name", s.name, "--logical-resource-id", logical)
	return out.StackResourceDetail.PhysicalResourceID
}

// unfinished returns how many messages there are about orders that
// reconcileOrders failed to end.
func (s *stack) unfinished(t tester) string {
	t.Helper()
	var out struct {
		Attributes struct{ ApproximateNumberOfMessages string }
	}
	s.read(t, &out, "sqs", "get-queue-attributes", "--queue-url", s.output["UnfinishedOrdersUrl"], "--attribute-names", "All")
	return out.Attributes.ApproximateNumberOfMessages
}
