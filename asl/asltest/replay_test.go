package asltest_test

import (
	"encoding/json"
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

// busy has branches and iterations that wait, retries, a callback and a failure that is
// caught.
const busy = `{
  "StartAt": "Both", "States": {
    "Both": {"Type": "Parallel", "Next": "Each", "ResultPath": "$.both",
      "Retry": [{"ErrorEquals": ["Again"], "MaxAttempts": 1}],
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Each", "ResultPath": "$.failed"}],
      "Branches": [
        {"StartAt": "Slow", "States": {"Slow": {"Type": "Wait", "Seconds": 5, "Next": "Work"},
          "Work": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true}}},
        {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          "Parameters": {"QueueUrl": "q", "MessageBody": {"t.$": "$$.Task.Token", "x.$": "$$.Execution.Id", "at.$": "$$.State.EnteredTime"}}, "End": true}}}]},
    "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ResultPath": "$.each", "Next": "Done",
      "ItemProcessor": {"StartAt": "Item", "States": {
        "Item": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "item", "Payload.$": "$"},
          "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3}], "ResultSelector": {"n.$": "$.Payload"}, "End": true}}}},
    "Done": {"Type": "Pass", "Assign": {"id.$": "States.UUID()"}, "End": true}}}`

var busyMocks = asltest.Mocks{
	"Work": asltest.InOrder(asltest.Throw("Again", "once more"), asltest.Return(`"worked"`).After(time.Second)),
	"Ask":  asltest.Return(`{"answer": 1}`).Submitted(`{"MessageId": "m"}`).After(2 * time.Second),
	"Item": asltest.InOrder(asltest.Payload(`1`), asltest.Throw("Busy", ""), asltest.Payload(`3`).After(time.Minute), asltest.Payload(`4`)),
}

func loaded(t *testing.T, definition string) *asltest.Machine {
	t.Helper()
	machine, err := asl.Load([]byte(definition), nil)
	require.NoError(t, err)
	return asltest.New(machine)
}

// record runs an execution and returns a file with its history, as the AWS CLI prints it.
func record(t *testing.T, definition, input string, mocks asltest.Mocks) string {
	t.Helper()
	return write(t, loaded(t, definition).Run(t, input, mocks).Events)
}

func write(t *testing.T, events []asl.Event) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"events": events})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "history.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

const busyInput = `{"items": ["a", "b", "c"]}`

func TestAReplayOfTheSameDefinitionHasNoDifference(t *testing.T) {
	file := record(t, busy, busyInput, busyMocks)
	loaded(t, busy).Replayed(t, file)

	h, err := asltest.ReadHistory(file)
	require.NoError(t, err)
	run, difference, err := loaded(t, busy).Replay(h)
	require.NoError(t, err)
	require.Nil(t, difference, "%v", difference)
	require.Equal(t, loaded(t, busy).Run(t, busyInput, busyMocks).Duration(), run.Duration())

	h.ExecutionARN = "arn:aws:states:us-east-1:123456789012:execution:StateMachine:execution"
	run, difference, err = loaded(t, busy).Replay(h)
	require.NoError(t, err)
	require.Nil(t, difference, "%v", difference)
	require.Equal(t, h.ExecutionARN, run.ARN)
}

func TestAReplayShowsTheFirstDifference(t *testing.T) {
	file := record(t, busy, busyInput, busyMocks)
	for _, test := range []struct {
		name, from, to string
		told           []string
	}{
		{"another input of a task", `"FunctionName": "item"`, `"FunctionName": "items"`, []string{
			`different value at parameters.FunctionName in Each[0]: recorded "item", replayed "items"`, "recorded  event 38 TaskScheduled {", "replayed  event 38 TaskScheduled {"}},
		{"another state", `"Each": {"Type": "Map"`, `"Each": {"Type": "Pass", "Next": "Other"}, "Other": {"Type": "Map"`, []string{
			"different event", "MapStateEntered", "PassStateEntered"}},
		{"a retry less", `"MaxAttempts": 1`, `"MaxAttempts": 0`, []string{
			"different event", "recorded  event 17 ParallelStateStarted", "replayed  event 17 ParallelStateFailed"}},
		{"a state more at the end", `"Assign": {"id.$": "States.UUID()"}, "End": true}`, `"Next": "Last"}, "Last": {"Type": "Pass", "End": true}`, []string{
			"different value at assignedVariables", "replayed nothing"}},
		{"a task that was never called", `"StartAt": "Slow", "States": {`, `"StartAt": "New", "States": {"New": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:new", "Next": "Slow"},`, []string{
			"different event in Slow", "recorded  event 4 WaitStateEntered", `replayed  event 4 TaskStateEntered {"name":"New"`}},
		{"an iteration that goes on", `"n.$": "$.Payload"}, "End": true}`, `"n.$": "$.Payload"}, "Next": "More"}, "More": {"Type": "Pass", "End": true}`, []string{
			"different event in Each[0]", "MapIterationSucceeded", "PassStateEntered"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(busy, test.from, test.to, 1)
			require.NotEqual(t, busy, changed)
			s := &spy{}
			loaded(t, changed).Replayed(s, file)
			for _, text := range test.told {
				require.Contains(t, s.texts, text)
			}
		})
	}
}

func TestANewBranchIsADifference(t *testing.T) {
	const branches = `{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "ResultPath": null, "End": true, "Branches": [
		{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}%s]}}}`
	file := record(t, fmt.Sprintf(branches, ""), `{}`, nil)
	s := &spy{}
	loaded(t, fmt.Sprintf(branches, `, {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}`)).Replayed(s, file)
	require.Contains(t, s.texts, "the replay has more events in B\nrecorded  no event; the last one is event 8 ExecutionSucceeded")
}

func TestATaskThatWasNotSubmittedFailsInTheReplay(t *testing.T) {
	definition := `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
		"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody": "m"}}}}`
	machine, err := asl.Load([]byte(definition), nil)
	require.NoError(t, err)
	_, events, err := asl.Simulation{Config: asl.Config{Machine: machine}, Input: []byte(`{}`), Reply: func(time.Time, asl.Task) ([]asl.Reply, error) {
		return []asl.Reply{{Err: &asl.TaskError{Name: "SQS.QueueDoesNotExist"}}}, nil
	}}.Run()
	require.NoError(t, err)
	loaded(t, definition).Replayed(t, write(t, events))
}

func TestAWSTakesTimeBetweenEvents(t *testing.T) {
	h, err := asltest.ParseHistory([]byte(`[
		{"id": 1, "previousEventId": 0, "timestamp": 1700000000.000, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{}"}},
		{"id": 2, "previousEventId": 0, "timestamp": 1700000000.020, "type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "T", "input": "{}"}},
		{"id": 3, "previousEventId": 2, "timestamp": 1700000000.030, "type": "LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails": {
			"resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "input": "{\"at\":\"2023-11-14T22:13:20.020Z\"}"}},
		{"id": 4, "previousEventId": 3, "timestamp": 1700000005.000, "type": "LambdaFunctionStarted"},
		{"id": 5, "previousEventId": 4, "timestamp": 1700000006.000, "type": "LambdaFunctionSucceeded", "lambdaFunctionSucceededEventDetails": {"output": "1"}},
		{"id": 6, "previousEventId": 5, "timestamp": 1700000006.010, "type": "TaskStateExited", "stateExitedEventDetails": {"name": "T", "output": "1"}},
		{"id": 7, "previousEventId": 6, "timestamp": 1700000006.020, "type": "ExecutionSucceeded", "executionSucceededEventDetails": {"output": "1"}}]`))
	require.NoError(t, err)
	run, difference, err := loaded(t, `{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
		"Parameters": {"at.$": "$$.State.EnteredTime"}, "End": true}}}`).Replay(h)
	require.NoError(t, err)
	require.Nil(t, difference, "%v", difference)
	require.Equal(t, time.Second, run.Duration(), "as long as the function ran")
}

func TestAnInvalidHistoryIsRefused(t *testing.T) {
	for _, test := range []struct{ name, text, told string }{
		{"no JSON", "[\n{", "2:2: not valid JSON"},
		{"nothing", ``, "1:1: not valid JSON"},
		{"an event without its previous event", `[{"id": 1, "type": "ExecutionStarted", "timestamp": 1, "executionStartedEventDetails": {"input": "{}"}},
			{"id": 2, "type": "PassStateEntered", "timestamp": 1}, {"id": 3, "type": "PassStateExited", "timestamp": 1}]`, "event 3 of the history has no previousEventId of an earlier event"},
		{"no events", `{"executions": []}`, "1:1: the history has no events; it must be the output of aws stepfunctions get-execution-history"},
		{"the last event first", `[{"id": 9, "type": "ExecutionSucceeded", "timestamp": 1, "executionSucceededEventDetails": {}}]`, "leave out --reverse-order"},
		{"no data", `[{"id": 1, "type": "ExecutionStarted", "timestamp": 1, "executionStartedEventDetails": {}}]`, "leave out --no-include-execution-data"},
		{"truncated data", `[{"id": 1, "type": "ExecutionStarted", "timestamp": 1, "executionStartedEventDetails": {"input": "{", "inputDetails": {"truncated": true}}}]`,
			"event 1 of the history has truncated data"},
		{"no time", `[{"id": 1, "type": "ExecutionStarted", "timestamp": "soon"}]`, `event 1 of the history has the timestamp "soon"`},
		{"no id", `[{"type": "ExecutionStarted", "timestamp": 1}]`, "event 1 of the history lacks its id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := asltest.ParseHistory([]byte(test.text))
			require.ErrorContains(t, err, test.told)
		})
	}
}

func TestTimestampsOfAHistoryAreStringsOrNumbers(t *testing.T) {
	for _, at := range []string{`1700000000.123`, `"2023-11-14T22:13:20.123000+00:00"`, `"2023-11-14T23:13:20.123+01:00"`} {
		t.Run(at, func(t *testing.T) {
			h, err := asltest.ParseHistory([]byte(`[{"id": 1, "type": "ExecutionStarted", "timestamp": ` + at + `, "executionStartedEventDetails": {"input": "{}"}}]`))
			require.NoError(t, err)
			run, difference, err := loaded(t, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`).Replay(h)
			require.NoError(t, err)
			require.Nil(t, difference, "a history of a running execution is compared as far as it goes")
			require.Equal(t, int64(1700000000123), run.Started.UnixMilli())
		})
	}
}

func TestATaskThatCouldNotStartFailsInTheReplay(t *testing.T) {
	file := record(t, busy, busyInput, busyMocks)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	changed := strings.NewReplacer(`"LambdaFunctionFailed"`, `"LambdaFunctionStartFailed"`, `"lambdaFunctionFailedEventDetails"`, `"lambdaFunctionStartFailedEventDetails"`).Replace(string(text))
	require.NotEqual(t, string(text), changed)
	require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	loaded(t, busy).Replayed(t, file)
}

func TestAReplayLogsThatTheHistoryDoesNotEnd(t *testing.T) {
	file, s := write(t, loaded(t, busy).Run(t, busyInput, busyMocks).Events[:1]), &spy{}
	loaded(t, busy).Replayed(s, file)
	require.Empty(t, s.texts)
	require.Equal(t, file+": same so far: 1 event, the history does not end\n", s.logs)
}

func TestAStoppedExecutionIsReplayedAsFarAsItWent(t *testing.T) {
	events := loaded(t, busy).Run(t, busyInput, busyMocks).Events[:20]
	events = append(events, asl.Event{ID: 21, Type: asl.ExecutionAborted, Time: events[19].Time, Details: &asl.FailureDetails{}})
	loaded(t, busy).Replayed(t, write(t, events))
}

func TestAHistoryThatDoesNotEndIsComparedAsFarAsItGoes(t *testing.T) {
	events := loaded(t, busy).Run(t, busyInput, busyMocks).Events
	for _, test := range []struct {
		name       string
		events     int
		token      string
		incomplete string
	}{
		{"the whole", len(events), "", ""},
		{"the whole, with an empty token", len(events), `"nextToken": null, `, ""},
		{"the first event", 1, "", "the history does not end"},
		{"the first page of the API", 20, `"nextToken": "x", `, "the history does not end: it has a nextToken, so fetch it again without --max-items and --no-paginate"},
		{"the first page of the CLI", 20, `"NextToken": "x", `, "the history does not end: it has a nextToken, so fetch it again without --max-items and --no-paginate"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := json.Marshal(events[:test.events])
			require.NoError(t, err)
			h, err := asltest.ParseHistory([]byte(`{` + test.token + `"events": ` + string(text) + `}`))
			require.NoError(t, err)
			require.Equal(t, test.incomplete, h.Incomplete())
			require.Equal(t, test.events, h.Len())
			_, difference, err := loaded(t, busy).Replay(h)
			require.NoError(t, err)
			require.Nil(t, difference, "%v", difference)
		})
	}
}

func TestANewFirstStateOfABranchIsReported(t *testing.T) {
	file := record(t, busy, busyInput, busyMocks)
	s := &spy{}
	changed := strings.Replace(busy, `"StartAt": "Slow", "States": {`, `"StartAt": "Pre", "States": {"Pre": {"Type": "Pass", "Next": "Slow"},`, 1)
	loaded(t, changed).Replayed(s, file)
	require.Contains(t, s.texts, "different event in Slow\nrecorded  event 4 WaitStateEntered")
	require.Contains(t, s.texts, `replayed  event 4 PassStateEntered {"name":"Pre"`)
}
