package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const definition = `{
  "StartAt": "Pay",
  "States": {
    "Pay": {"Type": "Task", "Resource": "${Pay}", "Retry": [{"ErrorEquals": ["Busy"]}],
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Refused"}], "Next": "Rest"},
    "Rest": {"Type": "Wait", "Seconds": 3600, "End": true},
    "Refused": {"Type": "Fail", "Error": "Refused", "Cause": "no money"}
  }
}`

const mocks = `{
  "StateMachines": {"Payments": {"TestCases": {"Paid": {"Pay": "Paid"}, "Refused": {"Pay": "NoMoney"}}}},
  "MockedResponses": {
    "Paid": {"0": {"Throw": {"Error": "Busy"}}, "1": {"Return": {"id": 7}}},
    "NoMoney": {"0": {"Throw": {"Error": "NoMoney"}}}
  },
  "Executions": {"Payments": {"Paid": {"Status": "SUCCEEDED"}, "Refused": {"Status": "FAILED"}}}
}`

// folder has the files of a test.
type folder struct {
	*testing.T
	path string
}

func newFolder(t *testing.T) folder {
	f := folder{t, t.TempDir()}
	f.write("pay.asl.json", definition)
	f.write("pay.asl.yaml", "StartAt: Pay\nStates:\n  Pay:\n    Type: Pass\n    Next: Nowhere\n")
	f.write("mocks.json", mocks)
	return f
}

func (f folder) write(name, text string) {
	f.Helper()
	require.NoError(f, os.WriteFile(filepath.Join(f.path, name), []byte(text), 0o600))
}

// asl runs a command in which @ stands for the folder.
func (f folder) asl(command string) (status int, out, err string) {
	f.Helper()
	var stdout, stderr strings.Builder
	status = start(strings.Fields(strings.ReplaceAll(command, "@", f.path+"/")), &stdout, &stderr)
	return status, strings.ReplaceAll(stdout.String(), f.path+"/", "@"), strings.ReplaceAll(stderr.String(), f.path+"/", "@")
}

const set = " -set Pay=arn:aws:lambda:us-east-1:123456789012:function:pay "

func TestCommands(t *testing.T) {
	f := newFolder(t)
	for _, test := range []struct {
		name, command string
		status        int
		out           []string
	}{
		{"help", "help", 0, []string{"asl replay DEFINITION HISTORY..."}},
		{"the flags of a command", "run -help", 0, []string{"Usage of asl run:", "-real-time"}},
		{"a good definition", "check" + set + "@pay.asl.json", 0, nil},
		{"a definition without its substitution", "check @pay.asl.json", 1, []string{"@pay.asl.json:4:41 States.Pay.Resource: ${Pay} has no value in the substitutions\n"}},
		{"problems of YAML", "check @pay.asl.yaml", 1, []string{"@pay.asl.yaml:5:11 States.Pay.Next: Missing 'Next' target: Nowhere\n"}},
		{"an execution that succeeds", "run" + set + "-mocks @mocks.json -case Paid @pay.asl.json", 0, []string{
			"   1         0s  ExecutionStarted                                    {}\n",
			"   5         0s  LambdaFunctionFailed                                Busy\n",
			"   6         1s  LambdaFunctionScheduled   pay                       {}\n",
			"  11     1h0m1s  WaitStateExited           Rest                      {\"id\":7}\n",
			"\nSUCCEEDED after 1h0m1s\n{\"id\":7}\n"}},
		{"an execution that fails", "run" + set + "-mocks @mocks.json -case Refused @pay.asl.json", 1, []string{"\nFAILED after 0s\nRefused: no money\n"}},
		{"a history as JSON", "run -json" + set + "-mocks @mocks.json -case Paid @pay.asl.json", 0, []string{"{\n    \"events\": [\n        {\n            \"id\": 1,"}},
		{"all test cases", "test" + set + "-mocks @mocks.json @pay.asl.json", 0, []string{
			"ok    Paid: SUCCEEDED after 1h0m1s: Pay → Rest\nok    Refused: FAILED after 0s: Pay → Refused\n        Refused: no money\n", "retriers       1 of 1"}},
		{"test cases that cover everything", "test -covered" + set + "-mocks @mocks.json @pay.asl.json", 0, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, out, err := f.asl(test.command)
			require.Equal(t, test.status, status, err)
			for _, text := range test.out {
				require.Contains(t, out, text)
			}
			if test.out == nil && test.name == "a good definition" {
				require.Empty(t, out)
			}
		})
	}
}

func TestTestCasesFail(t *testing.T) {
	f := newFolder(t)
	f.write("wrong.json", strings.Replace(mocks, `"Paid": {"Status": "SUCCEEDED"}`, `"Paid": {"Status": "FAILED"}`, 1))
	status, out, _ := f.asl("test" + set + "-mocks @wrong.json @pay.asl.json")
	require.Equal(t, 1, status)
	require.Contains(t, out, "FAIL  Paid\n        expected the Status FAILED, got SUCCEEDED\n")
	require.Contains(t, out, "ok    Refused")

	f.write("one.json", strings.Replace(strings.Replace(mocks, `"Paid": {"Pay": "Paid"}, `, ``, 1), `"Paid": {"Status": "SUCCEEDED"}, `, ``, 1))
	status, out, _ = f.asl("test" + set + "-mocks @one.json @pay.asl.json")
	require.Equal(t, 0, status)
	require.Contains(t, out, "@one.json:4:5: no test case uses the mocked response \"Paid\"\n")
	status, out, _ = f.asl("test -covered" + set + "-mocks @one.json @pay.asl.json")
	require.Equal(t, 1, status, "some parts are not covered")
	require.Contains(t, out, "retrier     States.Pay.Retry[0]")
}

func TestATestCaseWithoutExpectationsIsReported(t *testing.T) {
	f := newFolder(t)
	f.write("nothing.json", strings.Replace(mocks, `"Refused": {"Status": "FAILED"}`, `"Refused": {}`, 1))
	status, out, _ := f.asl("test" + set + "-mocks @nothing.json @pay.asl.json")
	require.Equal(t, 0, status)
	require.Contains(t, out, "ok    Paid: SUCCEEDED after 1h0m1s: Pay → Rest\nok    Refused: FAILED after 0s: Pay → Refused\n"+
		"        Refused: no money\n        the test case checks nothing: Executions does not say how it must end\n")
}

func TestAllReadableDefinitionsAreChecked(t *testing.T) {
	f := newFolder(t)
	status, out, err := f.asl("check @pay.asl.json @none.asl.json @pay.asl.yaml")
	require.Equal(t, 2, status)
	require.Equal(t, "@pay.asl.json:4:41 States.Pay.Resource: ${Pay} has no value in the substitutions\n@pay.asl.yaml:3:3: Workflow has no terminal state; add End to a state, or add a Succeed or Fail state\n@pay.asl.yaml:5:11 States.Pay.Next: Missing 'Next' target: Nowhere\n", out)
	require.Equal(t, "open @none.asl.json: no such file or directory\n", err)
}

func TestAnExpressStateMachineCannotWait(t *testing.T) {
	f := newFolder(t)
	f.write("ask.asl.json", `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
  "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}}}}`)
	status, out, _ := f.asl("check @ask.asl.json")
	require.Equal(t, 0, status, out)
	status, out, _ = f.asl("check -express @ask.asl.json")
	require.Equal(t, 1, status)
	require.Equal(t, "@ask.asl.json:2:15 States.Ask.Resource: an EXPRESS state machine does not support sendMessage.waitForTaskToken\n", out)
}

func TestAnExecutionThatTimesOutHasNoReason(t *testing.T) {
	f := newFolder(t)
	f.write("wait.asl.json", `{"StartAt": "Wait", "TimeoutSeconds": 1, "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": true}}}`)
	status, out, _ := f.asl("run @wait.asl.json")
	require.Equal(t, 1, status)
	require.True(t, strings.HasSuffix(out, "\nTIMED_OUT after 1s\n"), out)
}

func TestAHistoryThatDoesNotEndIsReplayedSoFar(t *testing.T) {
	f := newFolder(t)
	f.write("first.json", `{"nextToken": "x", "events": [{"id": 1, "type": "ExecutionStarted", "timestamp": 1, "executionStartedEventDetails": {"input": "{}"}}]}`)
	status, out, err := f.asl("replay" + set + "@pay.asl.json @first.json")
	require.Equal(t, 0, status, err)
	require.Equal(t, "same so far  @first.json: 1 event, the history does not end: it has a nextToken, so fetch it again without --max-items and --no-paginate\n", out)
}

func TestAHistoryIsReplayed(t *testing.T) {
	f := newFolder(t)
	_, out, _ := f.asl("run -json" + set + "-mocks @mocks.json -case Paid @pay.asl.json")
	f.write("history.json", out)
	status, all, err := f.asl("replay" + set + "@pay.asl.json @none.json @history.json")
	require.Equal(t, 2, status)
	require.Equal(t, "same    @history.json: 12 events\n", all)
	require.Contains(t, err, "open @none.json: no such file")
	f.write("changed.asl.json", strings.Replace(definition, `"Seconds": 3600`, `"Seconds": 3600, "Comment": "changed", "OutputPath": "$.id"`, 1))

	status, out, err = f.asl("replay" + set + "@pay.asl.json @history.json")
	require.Equal(t, 0, status, err)
	require.Equal(t, "same    @history.json: 12 events\n", out)
	status, out, _ = f.asl("replay" + set + "@changed.asl.json @history.json")
	require.Equal(t, 1, status)
	require.Equal(t, `DIFFER  @history.json
        different value at output: recorded {"id":7}, replayed 7
        recorded  event 11 WaitStateExited {"name":"Rest","output":{"id":7}}
        replayed  event 11 WaitStateExited {"name":"Rest","output":7}
`, out)
}

func TestACommandThatCannotRunSaysWhy(t *testing.T) {
	f := newFolder(t)
	f.write("input.json", `{"amount":`)
	f.write("two.json", `{"StateMachines": {"A": {"TestCases": {}}, "B": {"TestCases": {}}}}`)
	for _, test := range []struct {
		name, command string
		status        int
		told          string
	}{
		{"no such command", "walk", 2, `there is no command "walk"; asl help lists the commands`},
		{"no such flag", "run -walk", 2, "flag provided but not defined: -walk; asl run -help lists the flags"},
		{"no definition", "run", 2, "usage: asl run [flags] DEFINITION\n"},
		{"more than a definition", "run @pay.asl.json @pay.asl.json", 2, "usage: asl run [flags] DEFINITION\n"},
		{"flags that come last", "run @pay.asl.json -json", 2, "-json must come before DEFINITION"},
		{"flags between files", "check @pay.asl.json -set Pay=pay @pay.asl.yaml", 2, "-set must come before DEFINITION..."},
		{"a substitution that the definition does not have", "run -set Pya=pay @pay.asl.json", 2, "-set Pya: @pay.asl.json has no ${Pya}\n"},
		{"a substitution that no definition has", "check" + set + "-set Pya=pay @pay.asl.json @pay.asl.yaml", 2, "-set Pya: @pay.asl.json @pay.asl.yaml has no ${Pya}\n"},
		{"a substitution without a name", "check -set =x @pay.asl.json", 2, "it must be Name=value"},
		{"a substitution twice", "check" + set + "-set Pay=x @pay.asl.json", 2, "Pay is set twice"},
		{"a test case without mocks", "run" + set + "-case Paid @pay.asl.json", 2, "-mocks FILE is missing"},
		{"a state machine without mocks", "run" + set + "-machine Payments @pay.asl.json", 2, "-mocks FILE is missing"},
		{"several state machines", "test" + set + "-mocks @two.json @pay.asl.json", 2, "@two.json: the mock file has several state machines; name one of A, B (-machine names the state machine)"},
		{"no test cases", "test" + set + "-mocks @two.json -machine A @pay.asl.json", 2, "@two.json: the state machine A of the mock file has no test cases"},
		{"wrong mocks", "test" + set + "-mocks @input.json @pay.asl.json", 2, "@input.json:1:11: not valid JSON"},
		{"an ARN that is none", "replay -arn foo" + set + "@pay.asl.json @input.json", 2, "-arn foo: the ARN of an execution has the form"},
		{"an ARN for two histories", "replay -arn arn:aws:states:us-east-1:123456789012:execution:M:x" + set + "@pay.asl.json @input.json @input.json", 2, "give only one HISTORY"},
		{"no such file", "check @none.asl.json", 2, "no such file"},
		{"a definition with problems", "run @pay.asl.json", 1, "@pay.asl.json:4:41 States.Pay.Resource"},
		{"a substitution without a value", "check -set Pay @pay.asl.json", 2, "it must be Name=value"},
		{"no mock", "run" + set + "@pay.asl.json", 2, "the state Pay has no mock"},
		{"no test case", "run" + set + "-mocks @mocks.json @pay.asl.json", 2, "-case must be one of Paid, Refused"},
		{"no mocks", "test" + set + "@pay.asl.json", 2, "-mocks FILE is missing"},
		{"no history", "replay" + set + "@pay.asl.json @pay.asl.json", 2, "the history has no events"},
		{"input that is no JSON", "run" + set + "-input @input.json @pay.asl.json", 2, "@input.json:1:11: not valid JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, _, err := f.asl(test.command)
			require.Equal(t, test.status, status)
			require.Contains(t, err, test.told)
			require.NotContains(t, err, "asl: ")
		})
	}
}

func TestAnExecutionInRealTimeTakesItsTime(t *testing.T) {
	f := newFolder(t)
	f.write("wait.asl.json", `{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": true}}}`)
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		status, _, err := f.asl("run -real-time @wait.asl.json")
		require.Equal(t, 0, status, err)
		require.Equal(t, time.Second, time.Since(begun))
	})
}
