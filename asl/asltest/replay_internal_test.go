package asltest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestEventsBelongToTheirBranchesAndIterations(t *testing.T) {
	definition, err := asl.Load([]byte(`{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
		{"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "Next": "Empty", "ResultPath": null,
			"ItemProcessor": {"StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}}},
			"Empty": {"Type": "Map", "ItemsPath": "$.none", "End": true, "ItemProcessor": {"StartAt": "Never", "States": {"Never": {"Type": "Pass", "End": true}}}}}},
		{"StartAt": "A/B", "States": {"A/B": {"Type": "Parallel", "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
			"Branches": [{"StartAt": "Bad", "States": {"Bad": {"Type": "Fail", "Error": "E"}}}]}, "Caught": {"Type": "Pass", "End": true}}}]}}}`), nil)
	require.NoError(t, err)
	run := New(definition).Run(t, `{"items": [1, 2], "none": []}`, nil)
	events, err := eventsOf(run)
	require.NoError(t, err)
	threads := map[string][]string{}
	for _, e := range events {
		threads[e.thread] = append(threads[e.thread], e.kind)
	}
	item := []string{"MapIterationStarted", "PassStateEntered", "PassStateExited", "MapIterationSucceeded"}
	require.Equal(t, map[string][]string{
		"/": {"ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "ParallelStateSucceeded", "ParallelStateExited", "ExecutionSucceeded"},
		"/Each": {"MapStateEntered", "MapStateStarted", "MapStateSucceeded", "MapStateExited",
			"MapStateEntered", "MapStateStarted", "MapStateSucceeded", "MapStateExited"},
		"/Each/Each[0]": item,
		"/Each/Each[1]": item,
		"/A|B":          {"ParallelStateEntered", "ParallelStateStarted", "ParallelStateFailed", "ParallelStateExited", "PassStateEntered", "PassStateExited"},
		"/A|B/Bad":      {"FailStateEntered"},
	}, threads)
}

func TestACallEndsAsTheRecordedOneWithEqualParameters(t *testing.T) {
	h, err := ParseHistory([]byte(`[{"id": 1, "type": "ExecutionStarted", "timestamp": 1, "executionStartedEventDetails": {"input": "{}"}},
		{"id": 2, "previousEventId": 1, "type": "TaskStateEntered", "timestamp": 1, "stateEnteredEventDetails": {"name": "T", "input": "{}"}},
		{"id": 3, "previousEventId": 2, "type": "LambdaFunctionScheduled", "timestamp": 1, "lambdaFunctionScheduledEventDetails": {"input": "1"}},
		{"id": 4, "previousEventId": 2, "type": "LambdaFunctionScheduled", "timestamp": 1, "lambdaFunctionScheduledEventDetails": {"input": "2"}},
		{"id": 5, "previousEventId": 3, "type": "LambdaFunctionSucceeded", "timestamp": 1, "lambdaFunctionSucceededEventDetails": {"output": "\"one\""}},
		{"id": 6, "previousEventId": 4, "type": "LambdaFunctionSucceeded", "timestamp": 1, "lambdaFunctionSucceededEventDetails": {"output": "\"two\""}}]`))
	require.NoError(t, err)
	s := script{calls: h.calls()}
	for _, call := range []struct{ parameters, output string }{{"2", `"two"`}, {"3", `"one"`}} {
		parameters, err := asl.ParseValue([]byte(call.parameters))
		require.NoError(t, err)
		r := s.respond(Call{Task: asl.Task{State: "T", Parameters: parameters}})
		require.Equal(t, call.output, fmt.Sprint(r.output))
	}
}
