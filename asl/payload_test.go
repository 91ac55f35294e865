package asl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestAResultPathIntoANumberFails(t *testing.T) {
	l := newLab(t, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 1, "ResultPath": "$.a.b", "End": true}}}`, nil)
	x := l.run(`{"a": 5}`)
	require.Equal(t, asl.Failed, x.Status)
	require.Contains(t, x.Cause, "$.a.b")
}

func TestTheCauseNamesThePathThatFindsNothing(t *testing.T) {
	const (
		named = `The JSONPath '$.none' specified for the field '%s' could not be found in the input '{"a":1}'`
		plain = `Invalid path '$.none' : No results for path: $['none']`
		task  = `"Type": "Task", "End": true, "Resource": "arn:aws:states:::test:do", `
	)
	for name, c := range map[string]struct{ fields, cause string }{
		"ErrorPath":            {`"Type": "Fail", "ErrorPath": "$.none"`, fmt.Sprintf(named, "ErrorPath")},
		"CausePath":            {`"Type": "Fail", "CausePath": "$.none"`, fmt.Sprintf(named, "CausePath")},
		"Parameters":           {`"Type": "Pass", "End": true, "Parameters": {"v.$": "$.none"}`, fmt.Sprintf(named, "v.$")},
		"OutputPath":           {`"Type": "Pass", "End": true, "OutputPath": "$.none"`, plain},
		"TimeoutSecondsPath":   {task + `"TimeoutSecondsPath": "$.none"`, plain},
		"HeartbeatSecondsPath": {task + `"HeartbeatSecondsPath": "$.none"`, plain},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, `{"StartAt": "S", "States": {"S": {`+c.fields+`}}}`, map[string]work{"do": echo})
			l.fails(l.run(`{"a":1}`), "States.Runtime", while("S", 2, c.cause))
		})
	}
}

func TestAPathIntoNullFailsTheExecution(t *testing.T) {
	for name, state := range map[string]string{
		"in the rule of a Choice": `"Type": "Choice", "Choices": [{"Variable": "$", "IsString": true, "Next": "E"}], "Default": "E"`,
		"in Parameters":           `"Type": "Pass", "Parameters": {"x.$": "$"}, "Next": "E"`,
		"in InputPath":            `"Type": "Pass", "InputPath": "$.a", "Next": "E"`,
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, `{"StartAt": "S", "States": {"S": {`+state+`}, "E": {"Type": "Succeed"}}}`, nil)
			l.fails(l.run(`null`), "States.Runtime", while("S", 2, "Unable to apply Path transformation to null or empty input."))
		})
	}
}

func TestInputPathAndOutputPathMaySelectNull(t *testing.T) {
	l := newLab(t, `{"StartAt": "S", "States": {"S": {"Type": "Pass", "InputPath": "$", "OutputPath": "$", "End": true}}}`, nil)
	l.succeeds(l.run(`null`), `null`)
}

func TestAPayloadOfExactlyTheLimitIsAccepted(t *testing.T) {
	l := newLab(t, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`, nil)
	input := `"` + strings.Repeat("x", 256*1024-2) + `"`
	l.succeeds(l.run(input), input)
	_, err := l.engine.Start("", []byte(input+" "))
	require.ErrorIs(t, err, asl.ErrInvalidExecutionInput)
}

func TestParametersOverTheLimitFailTheExecution(t *testing.T) {
	twice := `"Parameters": {"a.$": "$", "b.$": "$"}`
	inner := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`
	for name, state := range map[string]string{
		"the Parameters of a Pass":     `"Type": "Pass", "ResultPath": null, ` + twice,
		"the Parameters of a Parallel": `"Type": "Parallel", "Branches": [` + inner + `], ` + twice,
		"the ItemSelector of a Map":    `"Type": "Map", "ItemSelector": {"a.$": "$", "b.$": "$"}, "ItemProcessor": ` + inner,
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, `{"StartAt": "S", "States": {"S": {`+state+`, "End": true}}}`, nil)
			x := l.run(`["` + strings.Repeat("x", 200*1024) + `"]`)
			require.Equal(t, "States.DataLimitExceeded", x.Error)
		})
	}
}

func TestAStatesOutputOverTheLimitFailsTheExecution(t *testing.T) {
	large := `"` + strings.Repeat("x", 200*1024) + `"`
	l := newLab(t, taskWith(`, "ResultPath": "$.second"`+catchAll), map[string]work{"do": returns(large)})
	x := l.run(`{"first": ` + large + `}`)
	l.fails(x, "States.DataLimitExceeded", "The state/task 'T' returned a result with a size exceeding the maximum number of bytes service limit.")
}
