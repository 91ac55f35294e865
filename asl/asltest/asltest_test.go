package asltest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// claims pays small claims, asks a manager for large ones, and tells all who are involved.
const claims = `{
  "StartAt": "IsLarge",
  "States": {
    "IsLarge": {"Type": "Choice",
      "Choices": [{"Variable": "$.amount", "NumericGreaterThan": 1000, "Next": "AskManager"}],
      "Default": "Pay"},
    "AskManager": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": {"QueueUrl": "managers", "MessageBody": {"amount.$": "$.amount", "token.$": "$$.Task.Token"}},
      "TimeoutSeconds": 86400, "HeartbeatSeconds": 3600, "ResultPath": "$.answer",
      "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": "Refuse"}],
      "Next": "Pay"},
    "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": {"FunctionName": "pay", "Payload": {"amount.$": "$.amount"}},
      "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 2}],
      "ResultSelector": {"id.$": "$.Payload.id"}, "ResultPath": "$.payment", "Next": "TellAll"},
    "TellAll": {"Type": "Map", "ItemsPath": "$.people", "ResultPath": null, "End": true,
      "ItemProcessor": {"StartAt": "Tell", "States": {"Tell": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:tell", "End": true}}}},
    "Refuse": {"Type": "Fail", "Error": "Refused", "Cause": "the claim is too large"}}}`

func load(t *testing.T) *asltest.Machine {
	t.Helper()
	definition, err := asl.Load([]byte(claims), nil)
	require.NoError(t, err)
	return asltest.New(definition)
}

var told = asltest.Return(`"told"`)

func TestARunHasWhatAnExecutionDid(t *testing.T) {
	run := load(t).Run(t, `{"amount": 3, "people": ["Ada", "Bob"]}`, asltest.Mocks{
		"Pay":  asltest.InOrder(asltest.Throw("Busy", "try again"), asltest.Payload(`{"id": 7}`).After(time.Second)),
		"Tell": told,
	})
	run.Succeeded(t, `{"amount": 3.0, "people": ["Ada", "Bob"], "payment": {"id": 7}}`)
	run.Visited(t, "IsLarge", "Pay", "TellAll", "Tell", "Tell")
	run.Entered(t, "Tell", `"Ada"`, `"Bob"`)
	run.Exited(t, "Tell", `"told"`, `"told"`)
	run.Exited(t, "Pay", `{"people": ["Ada", "Bob"], "amount": 3, "payment": {"id": 7}}`)
	run.Called(t, "Pay", `{"FunctionName": "pay", "Payload": {"amount": 3}}`, `{"FunctionName": "pay", "Payload": {"amount": 3}}`)
	run.Retried(t, "Pay", 1)
	run.Retried(t, "Tell", 0)
	run.Took(t, 3*time.Second)
}

func TestACallbackEndsAsItsMockSays(t *testing.T) {
	refused := []string{"IsLarge", "AskManager", "Refuse"}
	paid := []string{"IsLarge", "AskManager", "Pay", "TellAll"}
	for _, test := range []struct {
		name    string
		answer  asltest.Response
		visited []string
		took    time.Duration
	}{
		{"an answer", asltest.Return(`"yes"`).Submitted(`{"MessageId": "1"}`), paid, 0},
		{"a failure", asltest.Throw("No", "").After(time.Minute), refused, time.Minute},
		{"no answer", asltest.Never(), refused, time.Hour},
		{"a late answer", asltest.Return(`"yes"`).After(3 * time.Hour), refused, time.Hour},
		{"an answer after heartbeats", asltest.Return(`"yes"`).After(3 * time.Hour).HeartbeatEvery(30 * time.Minute), paid, 3 * time.Hour},
		{"an answer after the time-out", asltest.Return(`"yes"`).After(25 * time.Hour).HeartbeatEvery(30 * time.Minute), refused, 24 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			run := load(t).Run(t, `{"amount": 3000, "people": []}`, asltest.Mocks{"AskManager": test.answer, "Pay": asltest.Payload(`{"id": 7}`)})
			run.Visited(t, test.visited...)
			run.Took(t, test.took)
			if test.visited[2] == "Refuse" {
				run.Failed(t, "Refused", "the claim is too large")
			}
		})
	}
}

func TestCodeOfTheApplicationCanBeTheMock(t *testing.T) {
	pay := func(_ context.Context, function string, payload []byte) ([]byte, error) {
		return fmt.Appendf(nil, `{"id": "%s %d"}`, function, len(payload)), nil
	}
	run := load(t).Run(t, `{"amount": 3, "people": ["Ada"]}`, asltest.Mocks{
		"Pay":  asltest.Resource(asl.LambdaInvoke(pay)),
		"Tell": asltest.Func(func(c asltest.Call) asltest.Response { return asltest.Return(c.Parameters.String()) }),
	})
	run.Exited(t, "Pay", `{"amount": 3, "people": ["Ada"], "payment": {"id": "pay 12"}}`)
	run.Exited(t, "Tell", `"Ada"`)
}

// spy is a test that keeps what it is told.
type spy struct {
	texts string
	fatal bool
}

func (s *spy) Helper()                           {}
func (s *spy) Errorf(format string, args ...any) { s.texts += fmt.Sprintf(format, args...) + "\n" }
func (s *spy) Logf(string, ...any)               {}
func (s *spy) Fatalf(format string, args ...any) { s.Errorf(format, args...); s.fatal = true }

func TestWhatDiffersIsTold(t *testing.T) {
	run := load(t).Run(t, `{"amount": 3, "people": ["Ada"]}`, asltest.Mocks{"Pay": asltest.Payload(`{"id": 7}`), "Tell": told})
	for _, test := range []struct {
		name  string
		check func(asltest.TB)
		told  []string
	}{
		{"the output", func(t asltest.TB) { run.Succeeded(t, `{"amount": 4, "people": ["Ada"], "payment": {"id": 7}}`) }, []string{"at $.amount", "want 4", "got  3"}},
		{"an output that is no JSON", func(t asltest.TB) { run.Succeeded(t, `{`) }, []string{"what the test expects is not JSON"}},
		{"the status", func(t asltest.TB) { run.Failed(t, "Refused", "*") }, []string{"FAILED: Refused", "it is SUCCEEDED", "ChoiceStateEntered"}},
		{"a time-out", func(t asltest.TB) { run.TimedOut(t) }, []string{"is to time out, and is SUCCEEDED"}},
		{"the states", func(t asltest.TB) { run.Visited(t, "IsLarge", "Pay") }, []string{"want IsLarge > Pay\n", "got  IsLarge > Pay > TellAll > Tell"}},
		{"an input", func(t asltest.TB) { run.Entered(t, "Tell", `"Bob"`) }, []string{"Tell: input 1 of 1", `want "Bob"`, `got  "Ada"`}},
		{"how many inputs", func(t asltest.TB) { run.Entered(t, "Tell") }, []string{"0 times", "there are 1"}},
		{"an output of a state", func(t asltest.TB) { run.Exited(t, "Tell", `[]`) }, []string{"want []", `got  "told"`}},
		{"a call", func(t asltest.TB) { run.Called(t, "Pay", `{"FunctionName": "pay", "Payload": {}}`) }, []string{"at $.Payload.amount", "want nothing", "got  3"}},
		{"retries", func(t asltest.TB) { run.Retried(t, "Pay", 1) }, []string{"retried 1 times", "retried 0 times"}},
		{"the time", func(t asltest.TB) { run.Took(t, time.Second) }, []string{"take 1s", "took 0s"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &spy{}
			test.check(s)
			for _, text := range test.told {
				require.Contains(t, s.texts, text)
			}
		})
	}
}

func TestAnExecutionCanExceedTheTimeoutOfItsStateMachine(t *testing.T) {
	run := loaded(t, `{"StartAt": "W", "TimeoutSeconds": 60, "States": {"W": {"Type": "Wait", "Seconds": 90, "End": true}}}`).Run(t, `{}`, nil)
	run.TimedOut(t)
	run.Took(t, time.Minute)
}

func TestALongHistoryIsCutInTheMessageOfATest(t *testing.T) {
	run := load(t).Run(t, `{"amount": 3, "people": [1, 2, 3, 4, 5, 6, 7, 8, 9]}`, asltest.Mocks{"Pay": asltest.Payload(`{"id": 7}`), "Tell": told})
	s := &spy{}
	run.Took(s, time.Hour)
	require.Contains(t, s.texts, "took 0s\n…\n")
	require.Len(t, strings.Split(strings.TrimSpace(s.texts), "\n"), 32)
	require.Contains(t, s.texts, "ExecutionSucceeded")
}

func TestARunThatCannotGoOnEndsTheTest(t *testing.T) {
	for _, test := range []struct {
		name, input string
		mocks       asltest.Mocks
		told        string
	}{
		{"no mock", `{"amount": 3, "people": []}`, nil, `the state Pay has no mock; it is called with {"FunctionName":"pay"`},
		{"a mock of no state", `{}`, asltest.Mocks{"Play": told}, `mocks of states that the definition does not have: "Play"`},
		{"no response left", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.InOrder(asltest.Throw("Busy", ""))}, "the mock of the state Pay has 1 responses, and this is call 2"},
		{"no JSON", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.Return("paid")}, "the mock of the state Pay returns what is not JSON"},
		{"heartbeats without an end", `{"amount": 3000, "people": []}`, asltest.Mocks{"AskManager": asltest.Never().HeartbeatEvery(time.Minute)}, "a mock that never answers cannot send heartbeats"},
		{"no answer", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.Never()}, "the execution waits forever: Pay; let their mocks answer"},
		{"input that is not JSON", `{`, nil, "InvalidExecutionInput"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &spy{}
			load(t).Run(s, test.input, test.mocks)
			require.True(t, s.fatal)
			require.Contains(t, s.texts, test.told)
		})
	}
}

func TestCoverageIsWhatAllRunsHaveTaken(t *testing.T) {
	m := load(t)
	m.Run(t, `{"amount": 3, "people": ["Ada"]}`, asltest.Mocks{"Pay": asltest.Payload(`{"id": 7}`), "Tell": told})
	require.Equal(t, `states         4 of 6
transitions    4 of 5
choice rules   0 of 1
retriers       0 of 1
catchers       0 of 1
not taken:
  5:19   choice rule  States.IsLarge.Choices[0] → AskManager
  7:19   state        States.AskManager
  10:17  catcher      States.AskManager.Catch[0] → Refuse
  11:15  transition   States.AskManager.Next → Pay
  14:17  retrier      States.Pay.Retry[0]
  18:15  state        States.Refuse
`, m.Coverage().String())

}

func TestWhatNoRunHasTakenFailsTheTest(t *testing.T) {
	m, s := load(t), &spy{}
	m.Run(t, `{"amount": 3, "people": ["Ada"]}`, asltest.Mocks{"Pay": asltest.Payload(`{"id": 7}`), "Tell": told})
	m.Covered(s, map[string]string{
		"States.IsLarge.Choices[0]": "tested elsewhere", "States.AskManager": "tested elsewhere", "States.AskManager.Catch[0]": "tested elsewhere",
		"States.AskManager.Next": "tested elsewhere", "States.Refuse": "tested elsewhere", "States.Pay": "is taken"})
	require.Contains(t, s.texts, "14:17  retrier  States.Pay.Retry[0]")
	require.NotContains(t, s.texts, "AskManager")
	require.Contains(t, s.texts, "States.Pay is an exception of the coverage, but was taken")

	mocks := asltest.Mocks{"Pay": asltest.InOrder(asltest.Throw("Busy", ""), asltest.Payload(`{"id": 7}`)), "Tell": told, "AskManager": told}
	m.Run(t, `{"amount": 3000, "people": []}`, mocks)
	mocks["AskManager"] = asltest.Throw("No", "")
	m.Run(t, `{"amount": 3000, "people": []}`, mocks)
	m.Covered(t, nil)
}

func TestALoadedFileIsJSONOrYAML(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"a.asl.json": `{"StartAt": "${Name}", "States": {"A": {"Type": "Pass", "End": true}}}`,
		"a.asl.yaml": "StartAt: ${Name}\nStates:\n  A: {Type: Pass, End: true}\n",
		"a.yml":      "StartAt: ${Name}\nStates:\n  A: {Type: Pass, End: true}\n",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(folder, name)
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			asltest.Load(t, file, map[string]string{"Name": "A"}).Run(t, `{}`, nil).Visited(t, "A")
			s := &spy{}
			asltest.Load(s, file, nil)
			require.Contains(t, s.texts, name+":\n1:")
			require.Contains(t, s.texts, "${Name} has no value")
		})
	}
}
