package rehearsal

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/testkit/awstest"
	"pizzasaga/internal/workflow"
)

// ruleSeesWhatAnExecutionLeavesHalfWay uses EventBridge's own matcher.
func ruleSeesWhatAnExecutionLeavesHalfWay(t *testing.T, s *stack) {
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
		detail := map[string]any{"stateMachineArn": s.output["StateMachineArn"] + test.machine, "status": test.status, "error": nil, "cause": nil}
		if test.error != "" {
			detail["error"], detail["cause"] = test.error, string(cause)
		}
		events = append(events, map[string]any{"source": "aws.states", "detail-type": "Step Functions Execution Status Change", "detail": detail})
	}
	var rule struct{ EventPattern string }
	s.read(t, &rule, "events", "describe-rule", "--name", s.resource(t, "UnfinishedOrdersRule"))
	matched := matches(t, rule.EventPattern, events)
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.seen, matched[i]) })
	}
}

// matches returns for each event whether it matches the pattern.
func matches(t *testing.T, pattern string, events []map[string]any) (matched []bool) {
	jars := filepath.Join(awstest.Tools(), "event-ruler/*")
	installed, err := filepath.Glob(jars)
	require.NoError(t, err)
	java, err := exec.LookPath("java")
	if err != nil || len(installed) == 0 {
		t.Skip("EventBridge's matcher is not installed: run `.ci/aws tools` where there is Java 17 and Maven")
	}
	var in, out, log bytes.Buffer
	for _, event := range events {
		require.NoError(t, json.NewEncoder(&in).Encode(event))
	}
	cmd := exec.CommandContext(t.Context(), java, "-cp", jars, "testdata/Matches.java", pattern)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &log
	require.NoError(t, cmd.Run(), "%s", &log)
	for line := range strings.Lines(out.String()) {
		matched = append(matched, strings.TrimSpace(line) == "true")
	}
	require.Len(t, matched, len(events))
	return matched
}
