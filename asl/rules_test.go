package asl_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func while(state string, entered int, cause string) string {
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", state, entered, cause)
}

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

func TestAResultCannotBePutIntoWhatIsNoObject(t *testing.T) {
	l := newLab(t, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 1, "ResultPath": "$.a.b", "End": true}}}`, nil)
	x := l.run(`{"a": 5}`)
	require.Equal(t, asl.Failed, x.Status)
	require.Contains(t, x.Cause, "$.a.b")
}

func TestAnErrorThatIsNotNamedIsStatesTaskFailed(t *testing.T) {
	l := newLab(t, taskWith(``), map[string]work{"do": func(context.Context, asl.Task) (any, error) {
		return nil, errors.New("no luck")
	}})
	l.fails(l.run(`{}`), "States.TaskFailed", "no luck")
}

// taskWith is a machine of one task with these fields too, and of the Pass
// states Caught and Other where they name them.
func taskWith(fields string) string {
	var states strings.Builder
	states.WriteString(`"T": {"Type": "Task", "Resource": "arn:aws:states:::test:do", "End": true` + fields + `}`)
	for _, name := range []string{"Caught", "Other"} {
		if strings.Contains(fields, name) {
			states.WriteString(`, "` + name + `": {"Type": "Pass", "End": true}`)
		}
	}
	return `{"StartAt": "T", "States": {` + states.String() + `}}`
}

const catchAll = `, "Catch": [{"ErrorEquals": ["Never"], "Next": "Other"}, {"ErrorEquals": ["States.ALL"], "Next": "Caught"}]`

func TestATasksOutputOverTheLimitIsAFailureThatCanBeCaught(t *testing.T) {
	l := newLab(t, taskWith(catchAll), map[string]work{"do": func(context.Context, asl.Task) (any, error) {
		return strings.Repeat("x", 256*1024), nil
	}})
	x := l.run(`{}`)
	l.succeeds(x, `{"Error": "States.DataLimitExceeded",
		"Cause": "The state/task 'test' returned a result with a size exceeding the maximum number of bytes service limit."}`)
}

func TestAStatesOutputOverTheLimitEndsTheExecution(t *testing.T) {
	large := `"` + strings.Repeat("x", 200*1024) + `"`
	l := newLab(t, taskWith(`, "ResultPath": "$.second"`+catchAll), map[string]work{"do": gives(large)})
	x := l.run(`{"first": ` + large + `}`)
	l.fails(x, "States.DataLimitExceeded", while("T", 2,
		"The state/task 'T' returned a result with a size exceeding the maximum number of bytes service limit."))
}

func TestWhatParametersMakeOverTheLimitEndsTheExecution(t *testing.T) {
	twice := `"Parameters": {"a.$": "$", "b.$": "$"}`
	inner := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`
	for _, state := range []string{
		`"Type": "Pass", "ResultPath": null, ` + twice,
		`"Type": "Parallel", "Branches": [` + inner + `], ` + twice,
		`"Type": "Map", "ItemSelector": {"a.$": "$", "b.$": "$"}, "ItemProcessor": ` + inner,
	} {
		l := newLab(t, `{"StartAt": "S", "States": {"S": {`+state+`, "End": true}}}`, nil)
		x := l.run(`["` + strings.Repeat("x", 200*1024) + `"]`)
		require.Equal(t, "States.DataLimitExceeded", x.Error, state)
	}
}

func TestVariablesHaveTheirLimits(t *testing.T) {
	l := newLab(t, `{"StartAt": "S", "States": {"S": {"Type": "Pass", "Assign": {"a.$": "$", "b.$": "$"}, "End": true}}}`, nil)
	x := l.run(`"` + strings.Repeat("x", 200*1024) + `"`)
	l.fails(x, "States.DataLimitExceeded", while("S", 2, "The variables that the state assigns exceed 256 KiB."))

	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprintf(`"S%d": {"Type": "Pass", "Assign": {"v%d.$": "$"}, "Next": "S%d"}`, i, i, i+1))
	}
	l = newLab(t, `{"StartAt": "S0", "States": {`+strings.Join(many, ",")+`, "S60": {"Type": "Succeed"}}}`, nil)
	x = l.run(`"` + strings.Repeat("x", 200*1024) + `"`)
	l.fails(x, "States.DataLimitExceeded", while("S51", 104, "The variables of the execution exceed 10 MiB."))
}

func TestAPathIntoNothingFailsTheExecution(t *testing.T) {
	for _, state := range []string{
		`"Type": "Choice", "Choices": [{"Variable": "$", "IsString": true, "Next": "E"}], "Default": "E"`,
		`"Type": "Pass", "Parameters": {"x.$": "$"}, "Next": "E"`,
		`"Type": "Pass", "InputPath": "$.a", "Next": "E"`,
	} {
		l := newLab(t, `{"StartAt": "S", "States": {"S": {`+state+`}, "E": {"Type": "Succeed"}}}`, nil)
		l.fails(l.run(`null`), "States.Runtime", while("S", 2, "Unable to apply Path transformation to null or empty input."))
	}
	l := newLab(t, `{"StartAt": "S", "States": {"S": {"Type": "Pass", "InputPath": "$", "OutputPath": "$", "End": true}}}`, nil)
	l.succeeds(l.run(`null`), `null`)
}

func TestAPayloadOfExactlyTheLimitPasses(t *testing.T) {
	l := newLab(t, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`, nil)
	input := `"` + strings.Repeat("x", 256*1024-2) + `"`
	l.succeeds(l.run(input), input)
	_, err := l.engine.Start("", []byte(input+" "))
	require.ErrorIs(t, err, asl.ErrInvalidExecutionInput)
}

func TestAHistoryOf25000EventsEndsTheExecution(t *testing.T) {
	l := newLab(t, `{"StartAt": "A", "States": {
		"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "End"}], "Default": "A"},
		"End": {"Type": "Succeed"}}}`, nil)
	x := l.run(`{}`)
	l.fails(x, "States.Runtime", "The execution reached the maximum number of history events (25000).")
	types := l.types(x)
	require.Len(t, types, 25000)
	require.Equal(t, "ExecutionFailed", types[24999])
}

func TestWhatFailsWhileCatchingIsNotCaughtAgain(t *testing.T) {
	l := newLab(t, taskWith(`, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.a.b", "Next": "Caught"}]`),
		map[string]work{"do": failing("Bad", "")})
	x := l.run(`{"a": 1}`)
	require.Equal(t, asl.Failed, x.Status)
	require.NotEqual(t, "Bad", x.Error)
}

func TestVariablesAreSeenInsideBranchesAndNotOutside(t *testing.T) {
	l := newLab(t, `{"StartAt": "Set", "States": {
		"Set": {"Type": "Pass", "Assign": {"a.$": "$.v", "b": 2}, "Next": "Both"},
		"Both": {"Type": "Parallel", "Next": "Read", "ResultPath": "$.branch", "Branches": [{"StartAt": "In", "States": {
			"In": {"Type": "Pass", "Parameters": {"seen.$": "$a"}, "Assign": {"inner": 9}, "Next": "In2"},
			"In2": {"Type": "Pass", "Parameters": {"seen.$": "$.seen", "inner.$": "$inner"}, "End": true}}}]},
		"Read": {"Type": "Pass", "Parameters": {"a.$": "$a", "b.$": "$b", "branch.$": "$.branch"}, "End": true}}}`, nil)
	x := l.run(`{"v": 1}`)
	l.succeeds(x, `{"a": 1, "b": 2, "branch": [{"seen": 1, "inner": 9}]}`)
	history, err := l.engine.History(x.ARN)
	require.NoError(t, err)
	text, err := json.Marshal(history[2])
	require.NoError(t, err)
	require.Contains(t, string(text), `"assignedVariables":{"a":"1","b":"2"},"outputDetails":{"truncated":false},"assignedVariablesDetails":{"truncated":false}`)
}

func TestAssignSeesTheTasksResultAndThatOfACatchTheError(t *testing.T) {
	definition := taskWith(`, "ResultPath": null, "Assign": {"v.$": "$.answer"}, "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"v.$": "$.Error"}, "ResultPath": null, "Next": "Caught"}]`)
	definition = strings.Replace(definition, `"End": true, "ResultPath": null`, `"Next": "Caught", "ResultPath": null`, 1)
	definition = strings.Replace(definition, `"Caught": {`, `"Caught": {"Parameters": {"v.$": "$v"},`, 1)
	l := newLab(t, definition, map[string]work{"do": gives(`{"answer": 42}`)})
	l.succeeds(l.run(`{}`), `{"v": 42}`)
	l = newLab(t, definition, map[string]work{"do": failing("Bad", "")})
	l.succeeds(l.run(`{}`), `{"v": "Bad"}`)
}

func TestTheTokenIsInTheContextOnlyOfATaskThatWaitsForIt(t *testing.T) {
	l := newLab(t, taskWith(`, "Parameters": {"t.$": "$$.Task.Token"}`), map[string]work{"do": echo})
	x := l.run(`{}`)
	require.Equal(t, "States.Runtime", x.Error)
}

func TestAPathThatFindsNothingIsNamedWithItsFieldWhereAWSNamesIt(t *testing.T) {
	for fields, cause := range map[string]string{
		`"Type": "Fail", "ErrorPath": "$.none"`:                                                                 `The JSONPath '$.none' specified for the field 'ErrorPath' could not be found in the input '{"a":1}'`,
		`"Type": "Fail", "CausePath": "$.none"`:                                                                 `The JSONPath '$.none' specified for the field 'CausePath' could not be found in the input '{"a":1}'`,
		`"Type": "Pass", "End": true, "Parameters": {"v.$": "$.none"}`:                                          `The JSONPath '$.none' specified for the field 'v.$' could not be found in the input '{"a":1}'`,
		`"Type": "Pass", "End": true, "OutputPath": "$.none"`:                                                   `Invalid path '$.none' : No results for path: $['none']`,
		`"Type": "Task", "End": true, "Resource": "arn:aws:states:::test:do", "TimeoutSecondsPath": "$.none"`:   `Invalid path '$.none' : No results for path: $['none']`,
		`"Type": "Task", "End": true, "Resource": "arn:aws:states:::test:do", "HeartbeatSecondsPath": "$.none"`: `Invalid path '$.none' : No results for path: $['none']`,
	} {
		l := newLab(t, `{"StartAt": "S", "States": {"S": {`+fields+`}}}`, map[string]work{"do": echo})
		l.fails(l.run(`{"a":1}`), "States.Runtime", while("S", 2, cause))
	}
}
