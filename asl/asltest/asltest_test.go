package asltest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// claims pays small claims, asks a manager about large ones, and tells everyone involved.
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

func TestARunDescribesItsExecution(t *testing.T) {
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

// spy is a TB that keeps its messages.
type spy struct {
	texts string
	logs  string
	fatal bool
}

func (s *spy) Helper()                           {}
func (s *spy) Cleanup(f func())                  { f() }
func (s *spy) Errorf(format string, args ...any) { s.texts += fmt.Sprintf(format, args...) + "\n" }
func (s *spy) Logf(format string, args ...any)   { s.logs += fmt.Sprintf(format, args...) + "\n" }
func (s *spy) Fatalf(format string, args ...any) { s.Errorf(format, args...); s.fatal = true }

func TestDifferencesAreReported(t *testing.T) {
	run := load(t).Run(t, `{"amount": 3, "people": ["Ada"]}`, asltest.Mocks{"Pay": asltest.Payload(`{"id": 7}`), "Tell": told})
	for _, test := range []struct {
		name  string
		check func(asltest.TB)
		told  []string
	}{
		{"the output", func(t asltest.TB) { run.Succeeded(t, `{"amount": 4, "people": ["Ada"], "payment": {"id": 7}}`) }, []string{"at $.amount", "want 4", "got  3"}},
		{"an output that is no JSON", func(t asltest.TB) { run.Succeeded(t, `{`) }, []string{"the test expects something that is not JSON"}},
		{"the status", func(t asltest.TB) { run.Failed(t, "Refused", "*") }, []string{"should be FAILED: Refused: *\nbut it is SUCCEEDED\n", "ChoiceStateEntered"}},
		{"a time-out", func(t asltest.TB) { run.TimedOut(t) }, []string{"the execution should have timed out, but it is SUCCEEDED\n"}},
		{"the states", func(t asltest.TB) { run.Visited(t, "IsLarge", "Pay") }, []string{"want IsLarge > Pay\n", "got  IsLarge > Pay > TellAll > Tell"}},
		{"an input", func(t asltest.TB) { run.Entered(t, "Tell", `"Bob"`) }, []string{"Tell: input 1 of 1", `want "Bob"`, `got  "Ada"`}},
		{"how many inputs", func(t asltest.TB) { run.Entered(t, "Tell") }, []string{"Tell: expected 0 inputs, got 1: "}},
		{"an output of a state", func(t asltest.TB) { run.Exited(t, "Tell", `[]`) }, []string{"want []", `got  "told"`}},
		{"a call", func(t asltest.TB) { run.Called(t, "Pay", `{"FunctionName": "pay", "Payload": {}}`) }, []string{"at $.Payload.amount", "want nothing", "got  3"}},
		{"retries", func(t asltest.TB) { run.Retried(t, "Pay", 1) }, []string{"Pay: expected 1 retry, got 0"}},
		{"a state that is not there", func(t asltest.TB) { run.Entered(t, "Tel") }, []string{`the definition has no state "Tel"; did you mean "Tell"?`}},
		{"an output of no state", func(t asltest.TB) { run.Exited(t, "Nope") }, []string{`no state "Nope"; it has AskManager, IsLarge, Pay, Refuse, Tell, TellAll`}},
		{"a call of no state", func(t asltest.TB) { run.Called(t, "Pya") }, []string{`did you mean "Pay"?`}},
		{"a call of a state that calls nothing", func(t asltest.TB) { run.Called(t, "Refuse") }, []string{"Refuse is a Fail state; only Task states are called"}},
		{"retries of no state", func(t asltest.TB) { run.Retried(t, "Pya", 0) }, []string{`did you mean "Pay"?`}},
		{"retries of a Map", func(t asltest.TB) { run.Retried(t, "TellAll", 0) }, []string{"TellAll is a Map state"}},
		{"a value that may be any", func(t asltest.TB) {
			run.Exited(t, "Pay", `{"amount": 3, "people": "*", "payment": {"id": 7, "at": "*"}}`)
		}, []string{"at $.payment.at", `want "*"`, "got  nothing"}},
		{"the time", func(t asltest.TB) { run.Took(t, time.Second) }, []string{"the execution should have taken 1s, but it took 0s"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &spy{}
			test.check(s)
			require.NotEmpty(t, test.told)
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

func TestALongHistoryIsShortenedInMessages(t *testing.T) {
	run := load(t).Run(t, `{"amount": 3, "people": [1, 2, 3, 4, 5, 6, 7, 8, 9]}`, asltest.Mocks{"Pay": asltest.Payload(`{"id": 7}`), "Tell": told})
	s := &spy{}
	run.Took(s, time.Hour)
	require.Contains(t, s.texts, "took 0s\n…\n")
	require.Len(t, strings.Split(strings.TrimSpace(s.texts), "\n"), 32)
	require.Contains(t, s.texts, "ExecutionSucceeded")
}

func TestARunThatCannotContinueEndsTheTest(t *testing.T) {
	for _, test := range []struct {
		name, input string
		mocks       asltest.Mocks
		told        string
	}{
		{"no mock", `{"amount": 3, "people": []}`, nil, `the state Pay has no mock; it is called with {"FunctionName":"pay"`},
		{"a mock of no state", `{}`, asltest.Mocks{"Play": told}, `the definition has no state "Play"; did you mean "Pay"?`},
		{"no response left", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.InOrder(asltest.Throw("Busy", ""))}, "the mock of the state Pay has 1 response, and this is call 2"},
		{"no JSON", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.Return("paid")}, "the mock of the state Pay returns something that is not JSON"},
		{"heartbeats without an end", `{"amount": 3000, "people": []}`, asltest.Mocks{"AskManager": asltest.Never().HeartbeatEvery(time.Minute)}, "the mock of the state AskManager never answers, so it cannot send heartbeats"},
		{"no answer", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.Never()}, "the execution waits forever: Pay; let their mocks answer"},
		{"input that is not JSON", `{`, nil, "the input is wrong: 1:2: not valid JSON"},
		{"input with a duplicate name", "{\n \"a\": [{\"b\": 1, \"b\": 2}]}", nil, `the input is wrong: 2:17: "b" is a duplicate name`},
		{"a mock of a state that is no task", `{}`, asltest.Mocks{"Refuse": told}, "Refuse is a Fail state"},
		{"no mock but nil", `{}`, asltest.Mocks{"Pay": nil}, "the mock of the state Pay is nil"},
		{"a nil function", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.Func(nil)}, "the mock of the state Pay is nil"},
		{"a nil resource", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.Resource(nil)}, "the mock of the state Pay is nil"},
		{"a payload of another task", `{"amount": 3000, "people": []}`, asltest.Mocks{"AskManager": asltest.Payload(`"yes"`)},
			"returns a Payload, which only lambda:invoke has, and not arn:aws:states:::sqs:sendMessage.waitForTaskToken; use Return"},
		{"a negative time", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.Payload(`1`).After(-time.Hour)}, "the mock of the state Pay has a negative time"},
		{"a negative time between heartbeats", `{"amount": 3, "people": []}`, asltest.Mocks{"Pay": asltest.Payload(`1`).HeartbeatEvery(-time.Hour)}, "has a negative time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &spy{}
			load(t).Run(s, test.input, test.mocks)
			require.True(t, s.fatal)
			require.Contains(t, s.texts, test.told)
		})
	}
}

func TestARunIsRepeatable(t *testing.T) {
	m := loaded(t, `{"StartAt": "Draw", "States": {
		"Draw": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "n.$": "States.MathRandom(0, 1000000000)"}, "Next": "Ask"},
		"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
			"Parameters": {"QueueUrl": "q", "MessageBody": {"drawn.$": "$", "token.$": "$$.Task.Token"}},
			"Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1000, "JitterStrategy": "FULL"}]}}}`)
	mocks := asltest.Mocks{"Ask": asltest.InOrder(asltest.Throw("Busy", ""), asltest.Return(`1`))}
	first := m.Run(t, `{}`, mocks)
	require.Equal(t, first.String(), m.Run(t, `{}`, mocks).String())
	require.NotEqual(t, time.Second*1000, first.Duration())

	other, err := m.Execute(asltest.Scenario{Input: `{}`, Mocks: mocks, Seed: 1})
	require.NoError(t, err)
	require.NotEqual(t, first.Duration(), other.Duration())
	require.NotEqual(t, first.Visits()[1].Input.String(), other.Visits()[1].Input.String())
	require.NotEqual(t, first.Calls[0].Token, other.Calls[0].Token)
}
