package asl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestYAMLIsLoadedAsTheSameDefinition(t *testing.T) {
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

func TestProblemsOfYAMLHaveLinesAndColumns(t *testing.T) {
	for _, test := range []struct{ name, yaml, problem string }{
		{"a field", "StartAt: A\nStates:\n  A:\n    Type: Wait\n    Seconds: soon\n    End: true\n", "5:14 States.A.Seconds: must be a whole number"},
		{"a name", "StartAt: A\nStates:\n  A: {Type: Pass, End: true}\n  B: {Type: Pass, End: true}\n", `4:3 States.B: State "B" is not reachable.`},
		{"a placeholder", "StartAt: A\nStates:\n  A: {Type: Pass, Comment: '${Unknown}', End: true}\n", "3:28 States.A.Comment: ${Unknown} has no value in the substitutions"},
		{"not YAML", "StartAt: [\n", "1:1: not valid YAML: did not find"},
		{"not YAML in a later line", "StartAt: A\nStates:\n  A: Type: Pass\n", "3:1: not valid YAML: mapping values are not allowed"},
		{"nothing", "# only a comment\n", "1:1: the definition is empty"},
		{"an unknown anchor", "StartAt: A\nStates: *all\n", "2:9: not valid YAML: unknown anchor 'all' referenced"},
		{"a tag of CloudFormation", "StartAt: A\nStates:\n  A: {Type: Pass, Result: !Sub foo, End: true}\n", "3:27: the tag !Sub is not supported"},
		{"a tag of a mapping", "StartAt: A\nStates: !all {}\n", "2:9: the tag !all is not supported"},
		{"a tag that JSON lacks", "StartAt: !!binary QQ==\n", "1:10: the tag !!binary is not supported"},
		{"a tag of a name", "!Sub StartAt: A\n", "1:1: the name of a field must be a string without a tag"},
		{"a second document", "StartAt: A\nStates:\n  A: {Type: Pass, End: true}\n---\nStartAt: B\n", "4:1: a second document begins here"},
		{"a second document that is not YAML", "StartAt: A\n---\n[\n", "3:1: not valid YAML: did not find"},
		{"a name that is not a string", "[A]: 1\n", "1:1: the name of a field must be a string"},
		{"a number that JSON lacks", "StartAt: .inf\n", "1:10: .inf is not a number"},
		{"a merge", "x: &x {a: 1}\ny:\n  <<: *x\n", "3:3: the merge key"},
		{"an alias that contains itself", "x: &x\n  y: *x\n", "the definition is too large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := asl.LoadYAML([]byte(test.yaml), nil)
			require.ErrorContains(t, err, test.problem)
		})
	}
}
