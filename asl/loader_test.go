package asl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func problemsOf(t *testing.T, definition string) []string {
	t.Helper()
	_, err := asl.Load([]byte(definition), nil)
	if err == nil {
		return nil
	}
	var problems asl.Problems
	require.ErrorAs(t, err, &problems)
	texts := make([]string, len(problems))
	for i, p := range problems {
		p.Line = 0
		texts[i] = p.String()
	}
	return texts
}

// states returns a machine with these states, which starts at S.
func states(s string) string { return `{"StartAt": "S", "States": {` + s + `}}` }

func TestEachProblemHasItsPlace(t *testing.T) {
	const end = `, "End": true}`
	for _, c := range []struct{ definition, problem string }{
		{`[]`, `a definition must be an object`},
		{`{"StartAt": "S"}`, `These fields are required: [States]`},
		{`{"States": {"S": {"Type": "Succeed"}}}`, `These fields are required: [StartAt]`},
		{`{"StartAt": "X", "States": {"S": {"Type": "Succeed"}}}`, `StartAt: Missing 'StartAt' target: X`},
		{`{"StartAt": "S", "Start": 1, "States": {"S": {"Type": "Succeed"}}}`, `Start: is not a field of a state machine`},
		{`{"StartAt": "S", "Version": "2.0", "States": {"S": {"Type": "Succeed"}}}`, `Version: must be "1.0"`},
		{`{"StartAt": "S", "TimeoutSeconds": 0, "States": {"S": {"Type": "Succeed"}}}`, `TimeoutSeconds: must be a whole number from 1 to 99999999`},
		{states(``), `States: needs at least one state`},
		{states(`"S": {"Type": "Nap"}`), `States.S.Type: must be Pass, Task, Choice, Wait, Succeed, Fail, Parallel or Map`},
		{states(`"S": {"End": true}`), `States.S: needs the field Type`},
		{states(`"S": {"Type": "Pass"}`), `States.S: needs the field Next or End`},
		{states(`"S": {"Type": "Pass", "End": false}`), `States.S.End: must be true; leave it out if there is a Next`},
		{states(`"S": {"Type": "Pass", "Next": "S", "End": true}`), `States.S.End: cannot be used with Next`},
		{states(`"S": {"Type": "Pass", "Next": "My State"}, "E": {"Type": "Succeed"}`), `States.S.Next: Missing 'Next' target: My State`},
		{states(`"S": {"Type": "Pass", "Nxt": "S"` + end), `States.S.Nxt: is not a field of a Pass state; did you mean "Next"?`},
		{states(`"S": {"Type": "Pass", "Output": "S"` + end), `States.S.Output: is not a field of a Pass state in JSONPath (JSONata is not supported)`},
		{states(`"S": {"Type": "Pass"` + end + `, "My State": {"Type": "Succeed"}`), `States["My State"]: State "My State" is not reachable.`},
		{states(`"S": {"Type": "Pass"` + end + `, "S": {"Type": "Succeed"}`), `States.S: is a duplicate name`},
		{states(`"S": {"Type": "Task"` + end), `States.S: needs the field Resource`},
		{states(`"S": {"Type": "Task", "Resource": "f"` + end), `States.S.Resource: "f" is not an ARN such as arn:aws:states:::lambda:invoke`},
		{states(`"S": {"Type": "Task", "Resource": "arn:aws:states:::lambda"` + end), `States.S.Resource: "arn:aws:states:::lambda" must name a service and an action, such as arn:aws:states:::sqs:sendMessage`},
		{states(`"S": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:1:activity:a"` + end), `States.S.Resource: activities are not supported`},
		{states(`"S": {"Type": "Task", "Resource": "arn:aws:s3:::b"` + end), `States.S.Resource: "arn:aws:s3:::b" is neither a function's ARN nor a service integration`},
		{task(`"TimeoutSeconds": 5, "HeartbeatSeconds": 5`), `States.S.HeartbeatSeconds: must be shorter than TimeoutSeconds, which is 5`},
		{task(`"TimeoutSeconds": 5, "TimeoutSecondsPath": "$.t"`), `States.S.TimeoutSecondsPath: cannot be used with TimeoutSeconds`},
		{task(`"TimeoutSeconds": 1.5`), `States.S.TimeoutSeconds: must be a whole number from 1 to 99999999`},
		{task(`"Retry": {}`), `States.S.Retry: must be an array`},
		{task(`"Retry": [{"MaxAttempts": -1, "ErrorEquals": ["A"]}]`), `States.S.Retry[0].MaxAttempts: must be a whole number from 0 to 99999999`},
		{task(`"Retry": [{"BackoffRate": 0.5, "ErrorEquals": ["A"]}]`), `States.S.Retry[0].BackoffRate: must be a number of at least 1`},
		{task(`"Retry": [{"IntervalSeconds": 5, "MaxDelaySeconds": 5, "ErrorEquals": ["A"]}]`), `States.S.Retry[0].MaxDelaySeconds: must be greater than IntervalSeconds, which is 5`},
		{task(`"Retry": [{"JitterStrategy": "SOME", "ErrorEquals": ["A"]}]`), `States.S.Retry[0].JitterStrategy: must be FULL or NONE`},
		{task(`"Retry": [{}]`), `States.S.Retry[0]: needs the field ErrorEquals`},
		{task(`"Retry": [{"ErrorEquals": []}]`), `States.S.Retry[0].ErrorEquals: must be an array with at least one error name`},
		{task(`"Retry": [{"ErrorEquals": [1]}]`), `States.S.Retry[0].ErrorEquals[0]: must be an error name`},
		{task(`"Retry": [{"ErrorEquals": ["States.ALL", "A"]}]`), `States.S.Retry[0].ErrorEquals: States.ALL must be the only name`},
		{task(`"Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["A"]}]`), `States.S.Retry[0].ErrorEquals: States.ALL must be in the last entry, because entries after it are never used`},
		{task(`"Catch": [{"ErrorEquals": ["A"]}]`), `States.S.Catch[0]: needs the field Next`},
		{task(`"Catch": [{"ErrorEquals": ["A"], "Next": "X"}]`), `States.S.Catch[0].Next: Missing 'Next' target: X`},
		{task(`"Catch": [{"ErrorEquals": ["A"], "Next": "S", "Retry": 1}]`), `States.S.Catch[0].Retry: is not a field of an entry of Catch`},
		{states(`"S": {"Type": "Wait"` + end), `States.S: needs the field Seconds, SecondsPath, Timestamp or TimestampPath`},
		{states(`"S": {"Type": "Wait", "Seconds": 1, "Timestamp": "2026-03-14T01:59:00Z"` + end), `States.S.Timestamp: cannot be used with Seconds`},
		{states(`"S": {"Type": "Wait", "Timestamp": "tomorrow"` + end), `States.S.Timestamp: "tomorrow" is not a time such as 2026-03-14T01:59:00Z`},
		{states(`"S": {"Type": "Choice", "Choices": []}`), `States.S.Choices: must be an array with at least one rule`},
		{states(`"S": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true}]}`), `States.S.Choices[0]: needs the field Next`},
		{states(`"S": {"Type": "Choice", "End": true, "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "E"}]}, "E": {"Type": "Succeed"}`), `States.S.End: is not a field of a Choice state`},
		{states(`"S": {"Type": "Choice", "Choices": [{"Variable": "$.a[*]", "IsNull": true, "Next": "E"}]}, "E": {"Type": "Succeed"}`),
			`States.S.Choices[0].Variable: Value is not a Reference Path; "$.a[*]" may only have names and indexes`},
		{states(`"S": {"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEqualsPath": "$.b[0:1]", "Next": "E"}]}, "E": {"Type": "Succeed"}`),
			`States.S.Choices[0].NumericEqualsPath: Value is not a Reference Path; "$.b[0:1]" may only have names and indexes`},
		{states(`"S": {"Type": "Pass", "Next": "A"}, "A": {"Type": "Pass", "Next": "S"}`), `Workflow has no terminal state; add End to a state, or add a Succeed or Fail state`},
		{states(`"S": {"Type": "Pass", "Assign": "x"` + end), `States.S.Assign: must be an object`},
		{states(`"S": {"Type": "Pass", "Parameters": 1` + end), `States.S.Parameters: must be an object`},
		{states(`"S": {"Type": "Map", "ToleratedFailurePercentage": 100.5, "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}` + end),
			`States.S.ToleratedFailurePercentage: must be a number from 0 to 100`},
		{states(`"S": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:query"` + end),
			`States.S.Resource: dynamodb has no action query; it has deleteItem, getItem, putItem, updateItem`},
		{states(`"S": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.waitForTaskToken"` + end),
			`States.S.Resource: glue has no action startJobRun.waitForTaskToken; it has startJobRun, startJobRun.sync`},
		{states(`"S": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl.$": "$.url"}` + end),
			`States.S.Parameters: needs the field MessageBody`},
		{states(`"S": {"Type": "Pass", "Assign": {"1 bad": 1}` + end), `States.S.Assign["1 bad"]: "1 bad" is not a valid variable name`},
		{states(`"S": {"Type": "Pass", "Assign": {"states.$": "$"}` + end), `States.S.Assign["states.$"]: the name "states" is reserved`},
		{states(`"S": {"Type": "Parallel", "Assign": {"v": 1}, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"v": 2}` + end + `}}]` + end),
			`States.S.Branches[0].States.A.Assign.v: is also assigned at States.S.Assign.v: a branch cannot assign a variable of an outer scope`},
		{states(`"S": {"Type": "Pass", "Parameters": {"a.$": "$.a[?(@ == $v)]"}` + end),
			`States.S.Parameters["a.$"]: "$.a[?(@ == $v)]" is not a valid path: its condition may only read the document, not variables or the context object, at "[?(@ == $v)]"`},
		{states(`"S": {"Type": "Fail", "ErrorPath": "States.Array(1)"}`), `States.S.ErrorPath: States.Array cannot be used here: it does not return a string`},
		{`{"Comment": "` + strings.Repeat("x", 1<<20) + `"}`, `the definition has 1048591 bytes; the limit is 1 MiB`},
		{states(`"S": {"Type": "Fail", "Error": "A", "ErrorPath": "$.a"}`), `States.S.ErrorPath: cannot be used with Error`},
		{states(`"S": {"Type": "Parallel", "Branches": []` + end), `States.S.Branches: must be an array with at least one branch`},
		{states(`"S": {"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}], "Next": "B"}, "B": {"Type": "Succeed"}`),
			`States.S.Branches[0].States.A.Next: Missing 'Next' target: B; the state is at States.B; a transition cannot enter or leave a branch or a Map`},
		{states(`"S": {"Type": "Parallel", "Branches": [{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}]` + end),
			`States.S.Branches[0].States.S: the name is already used at States.S`},
		{states(`"S": {"Type": "Map"` + end), `States.S: needs the field ItemProcessor`},
		{states(`"S": {"Type": "Map", "ItemReader": {}, "ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}` + end),
			`States.S.ItemReader: belongs to a distributed Map, which is not supported`},
		{states(`"S": {"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}` + end),
			`States.S.ItemProcessor.ProcessorConfig.Mode: must be INLINE: a distributed Map is not supported`},
		{states(`"S": {"Type": "Pass", "Result": "${Name}"` + end), `States.S.Result: ${Name} has no value in the substitutions`},
		{states(`"S": {"Type": "Pass", "Result": "${Name} ${Other}"` + end), `States.S.Result: ${Name}, ${Other} have no value in the substitutions`},
		{`{"QueryLanguage": "JSONata", "Whatever": 1}`, `QueryLanguage: JSONata is not supported: this interpreter runs the JSONPath form of the Amazon States Language`},
		{states(`"S": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %}"` + end), `States.S.QueryLanguage: JSONata is not supported: this interpreter runs the JSONPath form of the Amazon States Language`},
	} {
		t.Run(c.problem, func(t *testing.T) {
			require.Equal(t, []string{c.problem}, problemsOf(t, c.definition))
		})
	}
}

// task returns a machine with one task, which has these fields.
func task(fields string) string {
	return states(`"S": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", ` + fields + `, "End": true}`)
}

func TestAnExpressMachineCannotWaitForATokenOrAJob(t *testing.T) {
	for resource, waits := range map[string]bool{
		"sqs:sendMessage": false, "sqs:sendMessage.waitForTaskToken": true,
		"states:startExecution": false, "states:startExecution.sync": true, "states:startExecution.sync:2": true,
	} {
		t.Run(resource, func(t *testing.T) {
			machine, err := asl.Load([]byte(states(`"S": {"Type": "Task", "Resource": "arn:aws:states:::`+resource+`", "End": true}`)), nil)
			require.NoError(t, err)
			if err = machine.CheckExpress(); waits {
				require.ErrorContains(t, err, "States.S.Resource: an EXPRESS state machine does not support "+resource[strings.Index(resource, ":")+1:])
			} else {
				require.NoError(t, err)
			}
		})
	}
}

func TestSomeFieldsMustBeReferencePaths(t *testing.T) {
	const processor = `"ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`
	for field, c := range map[string]struct {
		state        string
		readsContext bool
	}{
		"ItemsPath":                      {`"Type": "Map", ` + processor, true},
		"MaxConcurrencyPath":             {`"Type": "Map", ` + processor, false},
		"ToleratedFailureCountPath":      {`"Type": "Map", ` + processor, false},
		"ToleratedFailurePercentagePath": {`"Type": "Map", ` + processor, false},
		"SecondsPath":                    {`"Type": "Wait"`, false},
		"TimestampPath":                  {`"Type": "Wait"`, false},
		"TimeoutSecondsPath":             {`"Type": "Task", "Resource": "arn:aws:lambda:::function:f"`, false},
		"HeartbeatSecondsPath":           {`"Type": "Task", "Resource": "arn:aws:lambda:::function:f"`, false},
		"ResultPath":                     {`"Type": "Pass"`, false},
	} {
		problems := func(path string) []string {
			return problemsOf(t, states(`"S": {`+c.state+`, "`+field+`": "`+path+`", "End": true}`))
		}
		t.Run(field, func(t *testing.T) {
			require.Empty(t, problems("$.a[0].b"))
			wrong := `States.S.` + field + `: Value is not a Reference Path; "%s" %s`
			require.Equal(t, []string{fmt.Sprintf(wrong, "$.a[*]", "may only have names and indexes")}, problems("$.a[*]"))
			if c.readsContext {
				require.Empty(t, problems("$$.Execution.Input"))
			} else {
				require.Contains(t, problems("$$.Execution.Input.n")[0], `States.S.`+field+`: Value is not a Reference Path; "$$.Execution.Input.n" must`)
			}
		})
	}
}

func TestInvalidPathsAndIntrinsicsAreReportedInEveryField(t *testing.T) {
	for _, field := range []string{
		`"InputPath": "a"`,
		`"OutputPath": "$["`,
		`"ResultPath": "$.a[*]"`,
		`"Parameters": {"FunctionName": "f", "a.$": "b"}`,
		`"Parameters": {"FunctionName": "f", "a.$": "States.Nope()"}`,
		`"ResultSelector": {"a.$": 1}`,
		`"Assign": {"a.$": "$..["}`,
		`"TimeoutSecondsPath": "t"`,
		`"HeartbeatSecondsPath": "h"`,
		`"Catch": [{"ErrorEquals": ["A"], "Next": "S", "ResultPath": "a"}]`,
	} {
		t.Run(field, func(t *testing.T) {
			problems := problemsOf(t, task(field))
			require.Len(t, problems, 1)
			name, _, _ := strings.Cut(field[1:], `"`)
			require.Contains(t, problems[0], "States.S."+name)
		})
	}
}

func TestAllProblemsAreReportedInTheOrderOfTheText(t *testing.T) {
	_, err := asl.Load([]byte(`{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Pass", "Next": "Nowhere", "Colour": "red"},
    "B": {
      "Type": "Wait",
      "Seconds": -1,
      "End": true
    }
  }
}`), nil)
	require.EqualError(t, err, strings.TrimSpace(`
4:35 States.A.Next: Missing 'Next' target: Nowhere
4:46 States.A.Colour: is not a field of a Pass state
7:18 States.B.Seconds: must be a whole number from 0 to 99999999`))
}

func TestInvalidJSONIsReportedWithItsPosition(t *testing.T) {
	for name, c := range map[string]struct{ text, problem string }{
		"an empty text":          {"", "1:1: not valid JSON: expected a value, found the end"},
		"a colon is missing":     {"{\n \"a\" 1}", "2:6: not valid JSON: expected a colon, found '1'"},
		"two values":             {"{} {}", "1:4: not valid JSON: expected the end, found '{'"},
		"an array ends with a }": {"{\"a\": [1, 2}", "1:12: not valid JSON: expected a comma or ], found '}'"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := asl.Load([]byte(c.text), nil)
			require.EqualError(t, err, c.problem)
		})
	}
	_, err := asl.Load([]byte(strings.Repeat("[", 100000)), nil)
	require.ErrorContains(t, err, "nested more than 1000 deep")
}

func TestAProblemHasALineAndAColumn(t *testing.T) {
	for name, c := range map[string]struct{ definition, problem string }{
		"in a payload template": {`{"StartAt":"S","States":{"S":{"Type":"Pass",
"Parameters":{
"a":{
"b.$":"x"}},"End":true}}}`,
			`4:7 States.S.Parameters.a["b.$"]: "x" must be a valid JSONPath or a valid intrinsic function call`},
		"in a rule inside a rule": {`{"StartAt":"S","States":{"S":{"Type":"Choice","Choices":[{"Next":"E","And":[
{"Variable":"$.a","IsNull":true},
{"Not":{
"Variable":"$.a","NumericEquals":"5"}}]}]},"E":{"Type":"Succeed"}}}`,
			`4:34 States.S.Choices[0].And[1].Not.NumericEquals: must be a number, not "5"`},
		"in the Assign of a Catch": {`{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,
"Catch":[{"ErrorEquals":["A"],"Next":"S","Assign":{
"v.$":"$."}}]}}}`,
			`3:7 States.S.Catch[0].Assign["v.$"]: "$." is not a valid path: a name is missing, at "."`},
		"a byte order mark": {"\uFEFF{}", `1:1: the definition begins with a byte order mark (U+FEFF); save it as UTF-8 without one`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := asl.Load([]byte(c.definition), nil)
			require.EqualError(t, err, c.problem)
		})
	}
}

func TestPositionsAreThoseBeforeSubstitution(t *testing.T) {
	_, err := asl.Load([]byte(`{"Comment": "${Long} ${Short}", "StartAt": "${Long}",
"X": "${Long}", "Y": 1}`), map[string]string{"Long": "a\nvery \"long\" text", "Short": ""})
	require.ErrorContains(t, err, "1:1: These fields are required: [States]")
	require.ErrorContains(t, err, "2:1 X: is not a field")
	require.ErrorContains(t, err, "2:17 Y: is not a field")
}

func TestAMisspeltTargetIsTheOnlyProblem(t *testing.T) {
	require.Equal(t, []string{`States.S.Next: Missing 'Next' target: CookPiza; did you mean "CookPizza"?`},
		problemsOf(t, states(`"S": {"Type": "Pass", "Next": "CookPiza"}, "CookPizza": {"Type": "Pass", "Next": "End"}, "End": {"Type": "Succeed"}`)))
}

func TestSubstitutionsAreEscaped(t *testing.T) {
	machine, err := asl.Load([]byte(states(`"S": {"Type": "Pass", "Result": "a ${One} ${Two} $.x ${", "End": true}`)), map[string]string{"One": `"quoted" \ one`, "Two": "2"})
	require.NoError(t, err)
	require.Contains(t, machine.Definition(), `"a \"quoted\" \\ one 2 $.x ${"`)
}

func FuzzLoad(f *testing.F) {
	for _, definition := range []string{onePass, taskWith(catchAll), mapOf(`, "MaxConcurrency": 2`), beside(`{"Type": "Succeed"}`),
		states(`"S": {"Type": "Choice", "Choices": [{"Not": {"Variable": "$.a", "IsNull": true}, "Next": "S"}]}`),
		states(`"S": {"Type": "Wait", "TimestampPath": "$.t", "End": true}`), `{"a": [1, {"b": null}]}`, `{"StartAt": "${X}"}`} {
		f.Add([]byte(definition))
	}
	f.Fuzz(func(t *testing.T, definition []byte) {
		machine, err := asl.Load(definition, map[string]string{"X": "x"})
		if (machine == nil) != (err != nil) {
			t.Fatalf("%v and %v", machine, err)
		}
		if err != nil {
			require.NotEmpty(t, err.Error())
		}
	})
}
