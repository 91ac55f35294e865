package asl_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAChoiceThatNothingMatchesFailsTheExecution(t *testing.T) {
	l := newLab(t, `{"StartAt": "C", "States": {
		"C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "StringEquals": "a", "Next": "P"}]},
		"P": {"Type": "Pass", "End": true}}}`, nil)
	x := l.run(`{"x": "b"}`)
	l.fails(x, "States.Runtime", while("C", 2, "Failed to transition out of the state. The state does not point to a next state."))
	require.Equal(t, []string{"ExecutionStarted", "ChoiceStateEntered", "ExecutionFailed"}, l.types(x))
}

func TestAChoiceOnAMissingVariableFailsTheExecution(t *testing.T) {
	l := newLab(t, `{"StartAt": "C", "States": {
		"C": {"Type": "Choice", "Default": "P", "Choices": [{"Variable": "$.x", "StringEquals": "a", "Next": "P"}]},
		"P": {"Type": "Pass", "End": true}}}`, nil)
	x := l.run(`{}`)
	require.Equal(t, "States.Runtime", x.Error)
	require.Contains(t, x.Cause, while("C", 2, "Invalid path '$.x'"))
}
