package rehearsal

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/stepfunctions"
	"pizzasaga/internal/customer"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/ministacktest"
	"pizzasaga/internal/workflow"
)

// stack is the deployed application.
type stack struct {
	cloud  *ministacktest.Emulator
	name   string
	output map[string]string // of the template, by name

	transport *http.Transport // connects to the API
	shop      *customer.Client
}

// tester is what the checks of a stack need of a [testing.T].
type tester interface {
	require.TestingT
	Helper()
	Context() context.Context
	Logf(format string, arguments ...any)
	TempDir() string
}

// place places an order and returns its id.
func (s *stack) place(t tester, fault order.Fault, delaySeconds int) string {
	t.Helper()
	ids, err := s.shop.Place(t.Context(), customer.Wish{ErrorOnStep: fault, PerStepDelaySeconds: delaySeconds})
	require.NoError(t, err)
	return ids[0]
}

func (s *stack) order(t tester, id string) order.Order {
	t.Helper()
	o, err := s.shop.Order(t.Context(), id)
	require.NoError(t, err)
	return o
}

// patience is many times as long as an order takes here.
const patience = 2 * time.Minute

// await returns the order once it meets a condition.
func (s *stack) await(t tester, id string, what string, reached func(order.Order) bool) (o order.Order) {
	t.Helper()
	wait(t, func() bool {
		o = s.order(t, id)
		return reached(o)
	}, func() string { return fmt.Sprintf("order %s is %s, not %s", id, o.Status, what) })
	return o
}

// wait waits until a condition is true, or fails with a message.
func wait(t tester, so func() bool, wrong func() string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	for !so() {
		select {
		case <-poll.C:
		case <-ctx.Done():
			require.NoError(t, ctx.Err(), wrong())
		}
	}
}

// ended returns the order once it has ended.
func (s *stack) ended(t tester, id string) order.Order {
	t.Helper()
	return s.await(t, id, "ended", func(o order.Order) bool { return o.Status.Ended() })
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

// history waits until an order's execution has ended, and returns its status and the
// states that it entered. The emulator does not record states inside a Parallel.
func (s *stack) history(t tester, id string) (status string, entered []string) {
	t.Helper()
	for {
		out, err := s.workflow().GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: aws.String(s.execution(id)), MaxResults: 1000})
		require.NoError(t, err)
		entered = nil
		for _, e := range out.Events {
			if e.StateEnteredEventDetails != nil {
				entered = append(entered, *e.StateEnteredEventDetails.Name)
			}
		}
		if status, ended := strings.CutPrefix(string(out.Events[len(out.Events)-1].Type), "Execution"); ended {
			return strings.ToUpper(status), entered
		}
	}
}

// stop stops the execution of an order. It does not use the AWS CLI, which is so slow
// that the order could move on.
func (s *stack) stop(t tester, id string) {
	t.Helper()
	_, err := s.workflow().StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: aws.String(s.execution(id))})
	require.NoError(t, err)
}

func (s *stack) workflow() *sfn.Client { return sfn.NewFromConfig(s.config()) }

// config is the AWS SDK's configuration.
func (s *stack) config() aws.Config {
	return aws.Config{Region: ministacktest.Region, BaseEndpoint: &s.cloud.URL, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
}

// stopPaid stops the execution of a paid order.
func (s *stack) stopPaid(t tester) (id string) {
	t.Helper()
	id = s.place(t, workflow.FaultNone, 5)
	s.awaitStatus(t, id, order.Paid)
	s.stop(t, id)
	return id
}

// invoke calls the function and decodes its answer.
func (s *stack) invoke(t tester, into any, event string) {
	t.Helper()
	var result struct{ FunctionError string }
	answer := filepath.Join(t.TempDir(), "answer.json")
	s.read(t, &result, "lambda", "invoke", "--function-name", s.output["FunctionName"], "--payload", event, answer)
	text, err := os.ReadFile(answer)
	require.NoError(t, err)
	require.Empty(t, result.FunctionError, "%s", text)
	require.NoError(t, json.Unmarshal(text, into), "%s", text)
}

// resource returns the physical name of a resource of the template.
func (s *stack) resource(t tester, logical string) string {
	t.Helper()
	var out struct {
		StackResourceDetail struct{ PhysicalResourceID string }
	}
	s.read(t, &out, "cloudformation", "describe-stack-resource", "--stack-name", s.name, "--logical-resource-id", logical)
	return out.StackResourceDetail.PhysicalResourceID
}

// unfinished returns the number of messages about orders that reconcileOrders failed to
// end.
func (s *stack) unfinished(t tester) string {
	t.Helper()
	var out struct {
		Attributes struct{ ApproximateNumberOfMessages string }
	}
	s.read(t, &out, "sqs", "get-queue-attributes", "--queue-url", s.output["UnfinishedOrdersUrl"], "--attribute-names", "All")
	return out.Attributes.ApproximateNumberOfMessages
}

// lastErrors returns the last errors in the function's log, which name actions that are
// not allowed.
func (s *stack) lastErrors(t tester) string {
	t.Helper()
	const enough = 5
	group := "/aws/lambda/" + s.name
	var log struct{ Events []struct{ Message string } }
	s.read(t, &log, "logs", "filter-log-events", "--log-group-name", group)
	var lines []string
	for _, e := range log.Events {
		if strings.Contains(e.Message, `"level":"ERROR"`) {
			lines = append(lines, strings.TrimSpace(e.Message))
		}
	}
	return "the last errors in " + group + ":\n" + strings.Join(lines[max(0, len(lines)-enough):], "\n")
}
