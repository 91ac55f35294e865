package asl_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABranchReadsOuterVariablesAndKeepsItsOwn(t *testing.T) {
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

func TestAssignReadsTheResultAndInACatchTheError(t *testing.T) {
	definition := taskWith(`, "ResultPath": null, "Assign": {"v.$": "$.answer"}, "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"v.$": "$.Error"}, "ResultPath": null, "Next": "Caught"}]`)
	definition = strings.Replace(definition, `"End": true, "ResultPath": null`, `"Next": "Caught", "ResultPath": null`, 1)
	definition = strings.Replace(definition, `"Caught": {`, `"Caught": {"Parameters": {"v.$": "$v"},`, 1)
	l := newLab(t, definition, map[string]work{"do": returns(`{"answer": 42}`)})
	l.succeeds(l.run(`{}`), `{"v": 42}`)
	l = newLab(t, definition, map[string]work{"do": failing("Bad", "")})
	l.succeeds(l.run(`{}`), `{"v": "Bad"}`)
}

func TestTheSizeOfVariablesIsLimited(t *testing.T) {
	l := newLab(t, `{"StartAt": "S", "States": {"S": {"Type": "Pass", "Assign": {"a.$": "$", "b.$": "$"}, "End": true}}}`, nil)
	x := l.run(`"` + strings.Repeat("x", 200*1024) + `"`)
	l.fails(x, "States.DataLimitExceeded", "The variables that the state assigns exceed 256 KiB.")

	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprintf(`"S%d": {"Type": "Pass", "Assign": {"v%d.$": "$"}, "Next": "S%d"}`, i, i, i+1))
	}
	l = newLab(t, `{"StartAt": "S0", "States": {`+strings.Join(many, ",")+`, "S60": {"Type": "Succeed"}}}`, nil)
	x = l.run(`"` + strings.Repeat("x", 200*1024) + `"`)
	l.fails(x, "States.DataLimitExceeded", "The variables of the execution exceed 10 MiB.")
}
