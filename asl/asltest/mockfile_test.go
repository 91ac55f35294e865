package asltest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/asltest"
)

const claimMocks = `{
  "StateMachines": {
    "Claims": {
      "TestCases": {
        "Small": {"Pay": "Paid", "Tell": "Told"},
        "PaidAtLast": {"Pay": "BusyTwice", "Tell": "Told"},
        "NotAnswered": {"AskManager": "Late"}
      }
    },
    "Others": {"TestCases": {}}
  },
  "MockedResponses": {
    "Paid": {"0": {"Return": {"StatusCode": 200, "Payload": {"id": 7}}}},
    "BusyTwice": {
      "0-1": {"Throw": {"Error": "Busy", "Cause": "try again"}},
      "2": {"Return": {"Payload": {"id": 8}}, "After": 1.5}
    },
    "Told": {"0-9": {"Return": null}},
    "Late": {"0": {"Return": "yes", "After": 7200}}
  },
  "Executions": {
    "Claims": {
      "Small": {"Input": {"amount": 3, "people": ["Ada", "Bob"]}, "Status": "SUCCEEDED"},
      "PaidAtLast": {"Input": {"amount": 3, "people": []}, "Output": {"amount": 3, "people": [], "payment": {"id": 8}}},
      "NotAnswered": {"Input": {"amount": 3000}, "Status": "FAILED", "Error": "Refused"}
    }
  }
}`

func TestTestCasesOfAMockFileRun(t *testing.T) {
	mocks, err := asltest.ParseMockFile([]byte(claimMocks))
	require.NoError(t, err)
	cases, err := mocks.Cases("Claims")
	require.NoError(t, err)
	for i, expected := range []struct {
		name    string
		visited []string
		took    time.Duration
	}{
		{"Small", []string{"IsLarge", "Pay", "TellAll", "Tell", "Tell"}, 0},
		{"PaidAtLast", []string{"IsLarge", "Pay", "TellAll"}, 2*time.Second + 4*time.Second + 1500*time.Millisecond},
		{"NotAnswered", []string{"IsLarge", "AskManager", "Refuse"}, time.Hour},
	} {
		t.Run(expected.name, func(t *testing.T) {
			require.Equal(t, expected.name, cases[i].Name)
			run := load(t).Test(t, cases[i])
			run.Visited(t, expected.visited...)
			run.Took(t, expected.took)
		})
	}
}

func TestACallWithoutAResponseOfTheMockFileEndsTheTest(t *testing.T) {
	one := strings.Replace(claimMocks, `"0-9": {"Return": null}`, `"0": {"Return": null}`, 1)
	mocks, err := asltest.ParseMockFile([]byte(one))
	require.NoError(t, err)
	cases, err := mocks.Cases("Claims")
	require.NoError(t, err)
	s := &spy{}
	load(t).Test(s, cases[0])
	require.True(t, s.fatal)
	require.Contains(t, s.texts, `the mock of the state Tell is the mocked response Told, which has no entry "1"; it is called with "Bob"`)
}

func TestAnEndThatTheMockFileDoesNotExpectFailsTheTest(t *testing.T) {
	for _, test := range []struct{ name, from, to, told string }{
		{"the status", `"Status": "SUCCEEDED"`, `"Status": "FAILED"`, "expected the Status FAILED, got SUCCEEDED"},
		{"an output of an execution that fails", `{"amount": 3, "people": ["Ada", "Bob"]}, "Status": "SUCCEEDED"`, `{"amount": 3}, "Output": null`, "there is no output, because the execution is FAILED: States.Runtime"},
		{"the error", `"Status": "SUCCEEDED"`, `"Error": "Refused"`, "expected the Error Refused, got nothing"},
		{"the output", `"Status": "SUCCEEDED"`, `"Output": {"amount": 4}`, "at $.amount\nwant 4\ngot  3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			mocks, err := asltest.ParseMockFile([]byte(strings.Replace(claimMocks, test.from, test.to, 1)))
			require.NoError(t, err)
			cases, err := mocks.Cases("Claims")
			require.NoError(t, err)
			s := &spy{}
			load(t).Test(s, cases[0])
			require.Contains(t, s.texts, test.told)
		})
	}
}

func TestAllProblemsOfAMockFileAreReported(t *testing.T) {
	for _, test := range []struct{ name, from, to, told string }{
		{"no JSON", `"Told": {`, `"Told": `, "mocks.json:18:18: not valid JSON"},
		{"a response that is not there", `"Pay": "Paid"`, `"Pay": "Pad"`, `mocks.json:5:26: there is no mocked response "Pad"; did you mean "Paid"?`},
		{"a status that is none", `"Status": "SUCCEEDED"`, `"Status": "SUCCESS"`, `23:77: Status must be one of SUCCEEDED, FAILED, TIMED_OUT`},
		{"the output of a failure", `"Status": "SUCCEEDED"`, `"Status": "FAILED", "Output": 1`, `23:16: an execution that succeeds has an Output, and any other has an Error and a Cause`},
		{"the error of a success", `"Status": "SUCCEEDED"`, `"Status": "SUCCEEDED", "Error": "E"`, `23:16: an execution that succeeds has an Output`},
		{"the output and the cause", `"Status": "SUCCEEDED"`, `"Cause": "E", "Output": 1`, `23:16: an execution that succeeds has an Output`},
		{"a status that is no text", `"Status": "SUCCEEDED"`, `"Status": 1`, `23:77: Status must be a string`},
		{"another field", `"Others": {"TestCases"`, `"Others": {"Cases"`, `10:16: a state machine has no field "Cases"; it has TestCases`},
		{"a name that is no number", `"0-9"`, `"all"`, `18:14: "all" must be the number of a call`},
		{"a range that is none", `"0-9"`, `"9-0"`, `"9-0" ends before it begins`},
		{"numbers that come twice", `"2": {"Return"`, `"1-2": {"Return"`, `16:7: "1-2" has numbers that an earlier entry has`},
		{"neither Return nor Throw", `{"Return": null}`, `{}`, "a response needs a Return or a Throw"},
		{"both Return and Throw", `{"Return": null}`, `{"Return": null, "Throw": {"Error": "E"}}`, "a response cannot have both a Return and a Throw"},
		{"a Throw without Error", `"Error": "Busy", `, ``, "a Throw needs an Error"},
		{"a time that is none", `"After": 7200`, `"After": "2 hours"`, "19:46: After must be a number of seconds, of at most 86400000"},
		{"the end of no test case", `"NotAnswered": {"Input"`, `"NotAsked": {"Input"`, `there is no test case "NotAsked"`},
		{"a duplicate name", `"Late": {`, `"Told": {`, `19:5: "Told" is a duplicate name`},
		{"a duplicate name in an input", `{"amount": 3000}`, `{"amount": 3000, "amount": 1}`, `25:49: "amount" is a duplicate name`},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "mocks.json")
			require.NoError(t, os.WriteFile(file, []byte(strings.Replace(claimMocks, test.from, test.to, 1)), 0o600))
			_, err := asltest.ReadMockFile(file)
			require.ErrorContains(t, err, test.told)
			require.ErrorContains(t, err, file)
		})
	}
}

func TestUnusedResponsesAreReported(t *testing.T) {
	mocks, err := asltest.ParseMockFile([]byte(claimMocks))
	require.NoError(t, err)
	require.Empty(t, mocks.Unused())
	mocks, err = asltest.ParseMockFile([]byte(strings.Replace(claimMocks, `"Pay": "Paid", `, ``, 1)))
	require.NoError(t, err)
	require.Equal(t, []string{`13:5: no test case uses the mocked response "Paid"`}, mocks.Unused())
}

func TestAStarEqualsAnyErrorAndCause(t *testing.T) {
	mocks, err := asltest.ParseMockFile([]byte(strings.Replace(claimMocks, `"Error": "Refused"`, `"Error": "*", "Cause": "*"`, 1)))
	require.NoError(t, err)
	cases, err := mocks.Cases("Claims")
	require.NoError(t, err)
	load(t).Test(t, cases[2])
}

func TestAnUnknownFieldIsReportedOnce(t *testing.T) {
	_, err := asltest.ParseMockFile([]byte(strings.Replace(claimMocks, `"Status": "SUCCEEDED"`, `"Ouput": 1`, 1)))
	require.EqualError(t, err, `23:67: an execution has no field "Ouput"; it has Input, Status, Output, Error, Cause`)
}

func TestAMockWithoutATaskIsReportedWithItsPlace(t *testing.T) {
	for _, test := range []struct{ name, state, told string }{
		{"no state", "Pya", `mocks.json:5:19: the definition has no state "Pya"; did you mean "Pay"?`},
		{"no Task state", "Refuse", `mocks.json:5:19: Refuse is a Fail state`},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "mocks.json")
			require.NoError(t, os.WriteFile(file, []byte(strings.Replace(claimMocks, `{"Pay": "Paid"`, `{"`+test.state+`": "Paid"`, 1)), 0o600))
			mocks, err := asltest.ReadMockFile(file)
			require.NoError(t, err)
			cases, err := mocks.Cases("Claims")
			require.NoError(t, err)
			s := &spy{}
			load(t).Test(s, cases[0])
			require.Contains(t, s.texts, test.told)
		})
	}
}

func TestExpectsNothingReportsATestCaseWithoutExpectations(t *testing.T) {
	for _, test := range []struct {
		name, execution string
		expectsNothing  bool
	}{
		{"no entry", `{}`, true},
		{"an input alone", `{"A": {"Input": 1}}`, true},
		{"a status", `{"A": {"Status": "FAILED"}}`, false},
		{"any output", `{"A": {"Output": "*"}}`, false},
		{"any cause", `{"A": {"Cause": "*"}}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			mocks, err := asltest.ParseMockFile([]byte(`{"StateMachines": {"One": {"TestCases": {"A": {}}}}, "Executions": {"One": ` + test.execution + `}}`))
			require.NoError(t, err)
			cases, err := mocks.Cases("")
			require.NoError(t, err)
			require.Equal(t, test.expectsNothing, cases[0].ExpectsNothing())
			s := &spy{}
			loaded(t, `{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}`).Test(s, cases[0])
			require.Equal(t, test.expectsNothing, s.logs == "A checks nothing: Executions does not say how it must end; it is FAILED: E\n", s.logs)
		})
	}
}

func TestCasesReturnsTheTestCasesOfAStateMachine(t *testing.T) {
	mocks, err := asltest.ParseMockFile([]byte(claimMocks))
	require.NoError(t, err)
	_, err = mocks.Cases("Unknown")
	require.ErrorContains(t, err, `no state machine "Unknown"; it has Claims, Others`)
	_, err = mocks.Cases("")
	require.ErrorContains(t, err, "several state machines; name one of Claims, Others")
	_, err = mocks.Cases("Others")
	require.EqualError(t, err, "the state machine Others of the mock file has no test cases")
	mocks, err = asltest.ParseMockFile([]byte(`{}`))
	require.NoError(t, err)
	_, err = mocks.Cases("")
	require.EqualError(t, err, "the mock file has no state machines")
	mocks, err = asltest.ParseMockFile([]byte(`{"StateMachines": {"One": {"TestCases": {"A": {}}}}}`))
	require.NoError(t, err)
	cases, err := mocks.Cases("")
	require.NoError(t, err)
	require.Len(t, cases, 1)
	require.Equal(t, "{}", cases[0].Input)
}
