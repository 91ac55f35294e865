package asltest_test

import (
	"fmt"
	"strings"
	"time"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// greeter waits for an hour and calls a function.
const greeter = `{
  "StartAt": "Rest",
  "States": {
    "Rest": {"Type": "Wait", "Seconds": 3600, "Next": "Greet"},
    "Greet": {
      "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:greet",
      "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2}],
      "Catch": [{"ErrorEquals": ["Lost"], "Next": "Nobody"}],
      "End": true
    },
    "Nobody": {"Type": "Fail", "Error": "Nobody"}
  }
}`

// Tests use Load and Machine.Run, which take the test. A program that is not a test does the
// same in this way.
func Example() {
	definition, err := asl.Load([]byte(greeter), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	machine := asltest.New(definition)
	run, err := machine.Execute(asltest.Scenario{
		Input: `{"name": "Ada"}`,
		Mocks: asltest.Mocks{"Greet": asltest.InOrder(
			asltest.Throw("Busy", "try again"),
			asltest.Return(`"Hello Ada"`).After(time.Minute),
		)},
	})
	fmt.Println(run.Status, run.Output, run.Duration(), err)
	fmt.Println(strings.Join(run.States(), " → "))
	fmt.Print(machine.Coverage())
	// Output:
	// SUCCEEDED "Hello Ada" 1h1m2s <nil>
	// Rest → Greet
	// states         2 of 3
	// transitions    2 of 2
	// retriers       1 of 1
	// catchers       0 of 1
	// not taken:
	//   8:17   catcher  States.Greet.Catch[0] → Nobody
	//   11:15  state    States.Nobody
}

// A mock can read the parameters of a call.
func ExampleFunc() {
	definition, err := asl.Load([]byte(greeter), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := asltest.New(definition).Execute(asltest.Scenario{
		Input: `{"name": "Ada"}`,
		Mocks: asltest.Mocks{"Greet": asltest.Func(func(c asltest.Call) asltest.Response {
			if c.Number < 2 {
				return asltest.Throw("Busy", "")
			}
			return asltest.Return(c.Parameters.String())
		})},
	})
	fmt.Println(run.Output, len(run.Calls), err)
	// Output: {"name":"Ada"} 3 <nil>
}

// The format is that of Step Functions Local. Executions says how the test cases must end. A
// test calls Machine.Test instead of Execute and Check.
func ExampleMockFile_Cases() {
	mocks, err := asltest.ParseMockFile([]byte(`{
	  "StateMachines": {"Greeter": {"TestCases": {"Busy": {"Greet": "BusyTwice"}, "Lost": {"Greet": "Lost"}}}},
	  "MockedResponses": {
	    "BusyTwice": {"0-1": {"Throw": {"Error": "Busy"}}, "2": {"Return": "Hello"}},
	    "Lost": {"0": {"Throw": {"Error": "Lost", "Cause": "no address"}}}
	  },
	  "Executions": {"Greeter": {"Busy": {"Output": "Hello"}, "Lost": {"Error": "Nowhere"}}}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	definition, err := asl.Load([]byte(greeter), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	machine := asltest.New(definition)
	cases, err := mocks.Cases("Greeter")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range cases {
		run, err := machine.Execute(asltest.Scenario{Input: c.Input, Mocks: c.Mocks})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(c.Name, run.Status, c.Check(run))
	}
	fmt.Println("not taken:", len(machine.Coverage().Missing()))
	// Output:
	// Busy SUCCEEDED <nil>
	// Lost FAILED expected the Error Nowhere, got Nobody
	// not taken: 0
}

// The function of the state was renamed since the execution ran.
func ExampleMachine_Replay() {
	h, err := asltest.ParseHistory([]byte(`{"events": [
	  {"id": 1, "previousEventId": 0, "timestamp": "2026-01-02T03:04:05.000000+00:00", "type": "ExecutionStarted",
	    "executionStartedEventDetails": {"input": "{}", "roleArn": "arn:aws:iam::123456789012:role/r"}},
	  {"id": 2, "previousEventId": 0, "timestamp": "2026-01-02T03:04:05.010000+00:00", "type": "TaskStateEntered",
	    "stateEnteredEventDetails": {"name": "Greet", "input": "{}"}},
	  {"id": 3, "previousEventId": 2, "timestamp": "2026-01-02T03:04:05.020000+00:00", "type": "LambdaFunctionScheduled",
	    "lambdaFunctionScheduledEventDetails": {"resource": "arn:aws:lambda:us-east-1:123456789012:function:greet", "input": "{}"}}
	]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	definition, err := asl.Load([]byte(`{"StartAt": "Greet", "States": {
	  "Greet": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:welcome", "End": true}}}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, difference, err := asltest.New(definition).Replay(h)
	fmt.Println(difference.Reason, err)
	// Output:
	// different value at resource: recorded "arn:aws:lambda:us-east-1:123456789012:function:greet", replayed "arn:aws:lambda:us-east-1:123456789012:function:welcome" <nil>
}
