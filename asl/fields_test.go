package asl_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAMisspeltFieldIsReportedByItself has fields that would cause further problems if they
// were missing.
func TestAMisspeltFieldIsReportedByItself(t *testing.T) {
	const machine = `{"StartAt": "A", "States": {
		"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 9, "Next": "B",
			"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}]},
		"B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "StringEquals": "y", "Next": "C"}], "Default": "D"},
		"C": {"Type": "Parallel", "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Pass", "End": true}}}], "Next": "D"},
		"D": {"Type": "Map", "ItemProcessor": {"StartAt": "G", "States": {"G": {"Type": "Pass", "End": true}}}, "Next": "E"},
		"E": {"Type": "Wait", "Seconds": 5, "End": true}}}`
	require.Empty(t, problemsOf(t, machine))
	for right, wrong := range map[string]string{
		"StartAt":        "StartsAt",
		"States":         "States_",
		"Type":           "Tpye",
		"Resource":       "Ressource",
		"Next":           "Nxt",
		"Catch":          "Catches",
		"ErrorEquals":    "ErrorEqual",
		"Choices":        "Choises",
		"Variable":       "Varible",
		"StringEquals":   "StringEqual",
		"Default":        "Defualt",
		"Branches":       "Branchs",
		"ItemProcessor":  "ItemsProcessor",
		"End":            "Ende",
		"Seconds":        "Second",
		"TimeoutSeconds": "TimeoutSecond",
	} {
		t.Run(wrong, func(t *testing.T) {
			problems := problemsOf(t, strings.Replace(machine, strconv.Quote(right)+":", strconv.Quote(wrong)+":", 1))
			require.Len(t, problems, 1)
			require.Contains(t, problems[0], wrong+": is not a field of a")
			require.Contains(t, problems[0], fmt.Sprintf("did you mean %q?", right))
		})
	}
}

// TestOneFaultIsReportedOnce has faults that could cause further problems.
func TestOneFaultIsReportedOnce(t *testing.T) {
	const rest = `"Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}`
	for _, c := range []struct{ definition, problem string }{
		{states(`"S": {"Type": "Pass", "Next": "Nowhere"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}`), `States.S.Next: Missing 'Next' target: Nowhere`},
		{states(`"S": {"Type": "Pass", "Next": 3}, "B": {"Type": "Succeed"}`), `States.S.Next: must be a string`},
		{states(`"S": "Pass", "B": {"Type": "Succeed"}`), `States.S: must be an object`},
		{states(`"S": {"Type": "pass", ` + rest), `States.S.Type: must be Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map; did you mean "Pass"?`},
		{states(`"S": {"Type": "Pass", "End": "true"}`), `States.S.End: must be true; leave it out if there is a Next`},
		{states(`"S": {"Type": "Pass", "End": false, ` + rest), `States.S.End: cannot be used with Next`},
		{states(`"S": {"Type": "Task", "Resource": "${Fn}", "End": true}`), `States.S.Resource: ${Fn} has no value in the substitutions`},
		{states(`"S": {"Type": "Pass", "Parameters": {"a.$": "${X}"}, "End": true}`), `States.S.Parameters["a.$"]: ${X} has no value in the substitutions`},
		{states(`"S": {"Type": "Pass", "Parameters": {"${C}": 1}, "End": true}`), `States.S.Parameters["${C}"]: ${C} has no value in the substitutions`},
		{states(`"S": {"Type": "Pass", "Parameters": {"a": 1, "a": 2}, "End": true}`), `States.S.Parameters.a: is a duplicate name`},
		{states(`"S": {"Type": "Pass", "Edn": true}`), `States.S.Edn: is not a field of a Pass state; did you mean "End"?`},
		{states(`"S": {"Type": "Wait", "Secnds": "x", "End": true}`), "States.S.Secnds: is not a field of a Wait state; did you mean \"Seconds\"?\nStates.S.Secnds: must be a whole number from 0 to 99999999"},
		{task(`"Retry": [{"ErrorEquals": ["A"], "MaxDelay": 5}]`), `States.S.Retry[0].MaxDelay: is not a field of an entry of Retry; did you mean "MaxDelaySeconds"?`},
		{task(`"Timeout": 5`), `States.S.Timeout: is not a field of a Task state; did you mean "TimeoutSeconds"?`},
		{task(`"Retries": []`), `States.S.Retries: is not a field of a Task state; did you mean "Retry"?`},
		{task(`"Catchers": []`), `States.S.Catchers: is not a field of a Task state; did you mean "Catch"?`},
		{states(`"S": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Nxt": "E"}], "Default": "E"}, "E": {"Type": "Succeed"}`),
			`States.S.Choices[0].Nxt: is not a field of a rule; did you mean "Next"?`},
		{states(`"S": {"Type": "Choice", "Choices": [{"Next": "E", "And": [{"Variable": "a", "IsNull": true}, {"IsNull": true}]}]}, "E": {"Type": "Succeed"}`),
			"States.S.Choices[0].And[0].Variable: \"a\" is not a valid path: it must start with $\nStates.S.Choices[0].And[1]: needs the field Variable, the path to the value that IsNull tests"},
		{`{"QueryLanguage": "jsonata", "States": {"S": {"Type": "Pass", "Output": 1}}}`, `QueryLanguage: JSONata is not supported: this interpreter runs the JSONPath form of the Amazon States Language`},
	} {
		t.Run(c.problem, func(t *testing.T) {
			require.Equal(t, c.problem, strings.Join(problemsOf(t, c.definition), "\n"))
		})
	}
}
