package asltest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/asltest"
)

// ids has values that are new in each execution, constants, and values of the input.
const ids = `{"StartAt": "Make", "States": {
	"Make": {"Type": "Pass", "Assign": {"id.$": "States.UUID()"}, "Next": "Use"},
	"Use": {"Type": "Pass", "Next": "Two", "Parameters": {"id.$": "$id", "text.$": "States.Format('order-{}', $id)",
		"key": "1234abcd-12ab-34cd-56ef-1234567890ab", "at": "2000-01-01T00:00:10Z", "given.$": "$.given"}},
	"Two": {"Type": "Pass", "Parameters": {"other.$": "States.UUID()", "n.$": "$.given"}, "End": true}}}`

func TestAReplayMayChangeUUIDsConsistently(t *testing.T) {
	run, err := loaded(t, ids).Execute(asltest.Scenario{Input: `{"given": "0000abcd-12ab-34cd-56ef-1234567890ab"}`, Seed: 1})
	require.NoError(t, err)
	file := write(t, run.Events)
	for _, test := range []struct{ name, from, to, told string }{
		{"the same definition", "", "", ""},
		{"another constant", "1234abcd-", "9999abcd-", `different value at output.key: recorded "1234abcd-`},
		{"a new one for a constant", `"key": "1234abcd-12ab-34cd-56ef-1234567890ab"`, `"key.$": "$id"`, `different value at output.key`},
		{"a new one for that of the input", `"given.$": "$.given"`, `"given.$": "States.UUID()"`, `different value at output.given`},
		{"a new one for the same", `"id.$": "$id"`, `"id.$": "States.UUID()"`, `different value at output.id`},
		{"the same for a new one", `"other.$": "States.UUID()"`, `"other.$": "$id"`, `different value at output.other`},
		{"another text around it", "order-{}", "orders-{}", "different value at output.text"},
		{"another constant time", "00:00:10Z", "00:00:20Z", "different value at output.at"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &spy{}
			loaded(t, strings.Replace(ids, test.from, test.to, 1)).Replayed(s, file)
			if test.told == "" {
				require.Empty(t, s.texts)
				return
			}
			require.Contains(t, s.texts, test.told)
		})
	}
}

func TestAReplayMayChangeARNsAndTokensConsistently(t *testing.T) {
	const ask = `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
		"Parameters": {"QueueUrl": "q", "MessageBody": {"a.$": "$$.Task.Token", "b.$": "$$.Task.Token", "c.$": "$$.Execution.Id", "d.$": "$$.Execution.Id"}}}}}`
	file := record(t, ask, `{}`, asltest.Mocks{"Ask": asltest.Return(`1`)})
	loaded(t, ask).Replayed(t, file)
	for _, test := range []struct{ name, from, to, told string }{
		{"a name for a token", `"b.$": "$$.Task.Token"`, `"b.$": "$$.Execution.Name"`, "different value at parameters.MessageBody.b"},
		{"an ARN for a token", `"a.$": "$$.Task.Token"`, `"a.$": "$$.Execution.Id"`, "different value at parameters.MessageBody.a"},
		{"a token for an ARN", `"c.$": "$$.Execution.Id"`, `"c.$": "$$.Task.Token"`, "different value at parameters.MessageBody.c"},
		{"another ARN", `"d.$": "$$.Execution.Id"`, `"d.$": "$$.StateMachine.Id"`, "different value at parameters.MessageBody.d"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &spy{}
			loaded(t, strings.Replace(ask, test.from, test.to, 1)).Replayed(s, file)
			require.Contains(t, s.texts, test.told)
		})
	}
}

func TestAReplayCannotRepeatMathRandom(t *testing.T) {
	definition := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"n.$": "States.MathRandom(0, 1000000000)"}, "End": true}}}`
	run, err := loaded(t, definition).Execute(asltest.Scenario{Input: `{}`, Seed: 1})
	require.NoError(t, err)
	s := &spy{}
	loaded(t, definition).Replayed(s, write(t, run.Events))
	require.Contains(t, s.texts, "(the definition uses States.MathRandom, whose numbers a replay cannot repeat)")
}
