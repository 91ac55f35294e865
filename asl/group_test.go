package asl_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAParallelInsideAMapInsideAParallelJoinsItsResults(t *testing.T) {
	l := newLab(t, `{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "M", "States": {
		"M": {"Type": "Map", "End": true, "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"}, "ItemProcessor": {"StartAt": "Q", "States": {
			"Q": {"Type": "Parallel", "End": true, "Branches": [
				{"StartAt": "X", "States": {"X": {"Type": "Pass", "Parameters": {"x.$": "$.v", "deep.$": "$$.Map.Item.Index"}, "End": true}}},
				{"StartAt": "Y", "States": {"Y": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true}}}]}}}}}}]}}}`,
		map[string]work{"do": echo})
	l.succeeds(l.run(`["a", "b"]`), `[[[{"x": "a", "deep": 0}, {"i": 0, "v": "a"}], [{"x": "b", "deep": 1}, {"i": 1, "v": "b"}]]]`)
}

func TestAFailureInANestedBranchStopsAllOuterOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, `{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Q", "States": {
			"Q": {"Type": "Parallel", "End": true, "Branches": [
				{"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$", "Next": "F"}, "F": {"Type": "Fail", "Error": "Deep"}}},
				{"StartAt": "Z", "States": {"Z": {"Type": "Wait", "Seconds": 1000, "End": true}}}]}}}}}}`, nil)
		x := l.run(`[5, 9]`)
		l.fails(x, "Deep", "")
		require.Equal(t, 5*time.Second, x.Stopped.Sub(x.Started))
		types := l.types(x)
		require.Equal(t, []string{
			"WaitStateAborted", "ParallelStateFailed", "MapIterationFailed", "MapIterationAborted",
			"ParallelStateAborted", "WaitStateAborted", "WaitStateAborted", "MapStateFailed", "ExecutionFailed",
		}, types[len(types)-9:])
	})
}
