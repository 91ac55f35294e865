package asl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestYAMLIsTheSameDefinition(t *testing.T) {
	machine, err := asl.LoadYAML([]byte(`
# A comment
StartAt: Wait
States:
  Wait: {Type: Wait, Seconds: 5, Next: Work}
  Work:
    Type: Task
    Resource: ${Function}
    Retry: &retry
      - ErrorEquals: [States.ALL]
        BackoffRate: 1.0
    Next: Again
  Again:
    Type: Task
    Resource: "${Function}"
    Retry: *retry
    ResultPath: null
    End: true
`), map[string]string{"Function": "arn:aws:lambda:us-east-1:123456789012:function:f"})
	require.NoError(t, err)
	require.JSONEq(t, `{"StartAt": "Wait", "States": {
		"Wait": {"Type": "Wait", "Seconds": 5, "Next": "Work"},
		"Work": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
			"Retry": [{"ErrorEquals": ["States.ALL"], "BackoffRate": 1.0}], "Next": "Again"},
		"Again": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
			"Retry": [{"ErrorEquals": ["States.ALL"], "BackoffRate": 1.0}], "ResultPath": null, "End": true}}}`, machine.Definition())
	require.Contains(t, machine.Definition(), "1.0")
}

func TestProblemsOfYAMLStandAtTheirLinesAndColumns(t *testing.T) {
	for _, test := range []struct{ name, yaml, problem string }{
		{"a field", "StartAt: A\nStates:\n  A:\n    Type: Wait\n    Seconds: soon\n    End: true\n", "5:14 States.A.Seconds: must be a whole number"},
		{"a name", "StartAt: A\nStates:\n  A: {Type: Pass, End: true}\n  B: {Type: Pass, End: true}\n", `4:3 States.B: State "B" is not reachable.`},
		{"a placeholder", "StartAt: A\nStates:\n  A: {Type: Pass, Comment: '${Unknown}', End: true}\n", "3:28 States.A.Comment: ${Unknown} has no value"},
		{"no YAML", "StartAt: [\n", "not valid YAML"},
		{"nothing", "# only a comment\n", "the definition is empty"},
		{"a name that is no text", "[A]: 1\n", "1:1: not valid as JSON: the name of a field must be a text"},
		{"a number that JSON lacks", "StartAt: .inf\n", "1:10: not valid as JSON: .inf is not a number"},
		{"a merge", "x: &x {a: 1}\ny:\n  <<: *x\n", "3:3: not valid as JSON: merging"},
		{"an alias of what it is in", "x: &x\n  y: *x\n", "the definition is too large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := asl.LoadYAML([]byte(test.yaml), nil)
			require.ErrorContains(t, err, test.problem)
		})
	}
}
