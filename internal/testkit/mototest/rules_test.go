package mototest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/stepfunctions"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/lambdatest"
	"pizzasaga/internal/workflow"
)

// rule is a rule of EventBridge, as the template has it.
type rule struct {
	EventPattern json.RawMessage
	Targets      []struct {
		Arn              string
		Input            string
		InputTransformer struct {
			InputPathsMap map[string]string
			InputTemplate string
		}
	}
}

func (c *Cloud) rule(t *testing.T, name string) (r rule) {
	require.NoError(t, c.template.properties(name, &r))
	require.Len(t, r.Targets, 1)
	require.Equal(t, c.Function.ARN(), r.Targets[0].Arn)
	return r
}

// TestAnOrderWhoseExecutionWasStoppedIsUndone sends the function what the rules
// of EventBridge send it.
func TestAnOrderWhoseExecutionWasStoppedIsUndone(t *testing.T) {
	c := deployed(t)
	f, machine := c.withWorkflow(t, "waiting", `{"StartAt":"Hour","States":{"Hour":{"Type":"Wait","Seconds":3600,"End":true}}}`)
	byEvent, hourly := c.rule(t, "UnfinishedOrdersRule").Targets[0], c.rule(t, "HourlyRule").Targets[0]
	require.Equal(t, map[string]string{"execution": "$.detail.executionArn"}, byEvent.InputTransformer.InputPathsMap)

	t.Run("at once, by its event", func(t *testing.T) {
		execution := c.paid(t, f, machine)
		arn, err := json.Marshal(execution)
		require.NoError(t, err)
		event := strings.ReplaceAll(byEvent.InputTransformer.InputTemplate, "<execution>", string(arn))

		require.Equal(t, order.Paid, summary(t, string(invoke(t, f, event))).Status, "it is running")
		c.stop(t, execution)
		require.Equal(t, order.Cancelled, summary(t, string(invoke(t, f, event))).Status)
		c.requireUndone(t, execution)
	})
	t.Run("within the hour, if its event was lost", func(t *testing.T) {
		execution := c.paid(t, f, machine)
		c.stop(t, execution)
		var sweep struct {
			Reconciled []order.Summary
			Complete   bool
		}
		require.NoError(t, json.Unmarshal(invoke(t, f, hourly.Input), &sweep))
		require.True(t, sweep.Complete)
		require.Len(t, sweep.Reconciled, 1)
		c.requireUndone(t, execution)
	})
}

// paid places an order, takes its payment, and returns its execution's ARN.
func (c *Cloud) paid(t *testing.T, f *lambdatest.Function, machine string) string {
	id := summary(t, request(t, f, http.MethodPost, "/orders", `{}`).Body).ID
	for _, action := range []order.StepName{order.CreateOrder, order.ProcessPayment} {
		event, err := json.Marshal(map[string]any{"action": action, "order": order.Request{ID: id}})
		require.NoError(t, err)
		invoke(t, f, string(event))
	}
	return stepfunctions.ExecutionARN(machine, id)
}

func (c *Cloud) stop(t *testing.T, execution string) {
	_, err := c.SFN.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &execution})
	require.NoError(t, err)
}

func (c *Cloud) requireUndone(t *testing.T, execution string) {
	o := c.order(t, execution[strings.LastIndexByte(execution, ':')+1:])
	require.Equal(t, order.Cancelled, o.Status)
	require.Equal(t, order.PaymentRefunded, o.Payment)
	require.Equal(t, "ExecutionEnded", o.Failure.Error)
	require.NotNil(t, o.NotifiedAt)
}

// TestTheRuleSeesWhatAnExecutionLeavesHalfWay asks EventBridge's own matcher.
func TestTheRuleSeesWhatAnExecutionLeavesHalfWay(t *testing.T) {
	c := deployed(t)
	failed := workflow.StateFailure{Error: "StoreUnavailable", Cause: `{"errorMessage":"no \"notifyCustomer\" and no \"refundPaymentDLQ\""}`}
	tests := []struct {
		name, machine, status, error string
		failures                     workflow.Failures
		seen                         bool
	}{
		{name: "timed out", status: "TIMED_OUT", seen: true},
		{name: "stopped", status: "ABORTED", seen: true},
		{name: "stopped, of another workflow", machine: "other", status: "ABORTED"},
		{name: "running", status: "RUNNING"},
		{name: "succeeded", status: "SUCCEEDED"},
		{name: "failed outside the saga", status: "FAILED", error: "States.Runtime", seen: true},
		{name: "failed and notified", status: "FAILED", error: "OrderFailed", failures: workflow.Failures{"fulfilOrder": failed}},
		{name: "failed with a dead letter", status: "FAILED", error: "OrderFailed", failures: workflow.Failures{"fulfilOrder": failed, "refundPayment": failed}},
		{name: "not notified", status: "FAILED", error: "OrderFailed", failures: workflow.Failures{"createOrder": failed, "notifyCustomer": failed}, seen: true},
		{name: "refund's dead letter lost", status: "FAILED", error: "OrderFailed", failures: workflow.Failures{"refundPayment": failed, "refundPaymentDLQ": failed}, seen: true},
		{name: "reclaim's dead letter lost", status: "FAILED", error: "OrderFailed", failures: workflow.Failures{"reclaimLoyaltyPoints": failed, "reclaimLoyaltyPointsDLQ": failed}, seen: true},
	}
	var events []map[string]any
	for _, test := range tests {
		cause, err := json.Marshal(test.failures)
		require.NoError(t, err)
		detail := map[string]any{"stateMachineArn": c.StateMachine + test.machine, "status": test.status, "error": nil, "cause": nil}
		if test.error != "" {
			detail["error"], detail["cause"] = test.error, string(cause)
		}
		events = append(events, map[string]any{"source": "aws.states", "detail-type": "Step Functions Execution Status Change", "detail": detail})
	}
	matched := matches(t, c.rule(t, "UnfinishedOrdersRule").EventPattern, events)
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.seen, matched[i]) })
	}
}

// matches tells of each event whether it matches the pattern.
func matches(t *testing.T, pattern json.RawMessage, events []map[string]any) (matched []bool) {
	jars, err := filepath.Glob("../../../.tools/event-ruler/*.jar")
	require.NoError(t, err)
	java, err := exec.LookPath("java")
	if err != nil || len(jars) == 0 {
		t.Skip("EventBridge's matcher is not installed: run `.ci/aws tools` where there is Java 17 and Maven")
	}
	var in, out, log bytes.Buffer
	for _, event := range events {
		require.NoError(t, json.NewEncoder(&in).Encode(event))
	}
	cmd := exec.CommandContext(t.Context(), java, "-cp", "../../../.tools/event-ruler/*", "testdata/Matches.java", string(pattern))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &log
	require.NoError(t, cmd.Run(), "%s", &log)
	for line := range strings.Lines(out.String()) {
		matched = append(matched, strings.TrimSpace(line) == "true")
	}
	require.Len(t, matched, len(events))
	return matched
}
