package asl_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"pizzasaga/asl"
)

// A Lambda function returns a greeting.
func Example() {
	machine, err := asl.Load([]byte(`{
	  "StartAt": "Greet",
	  "States": {
	    "Greet": {
	      "Type": "Task",
	      "Resource": "arn:aws:states:::lambda:invoke",
	      "Parameters": {"FunctionName": "${Greeter}", "Payload": {"name.$": "$.name"}},
	      "ResultSelector": {"greeting.$": "$.Payload"},
	      "End": true
	    }
	  }
	}`), map[string]string{"Greeter": "greeter"})
	if err != nil {
		fmt.Println(err)
		return
	}
	greet := func(_ context.Context, function string, payload []byte) ([]byte, error) {
		var person struct{ Name string }
		if err := json.Unmarshal(payload, &person); err != nil {
			return nil, err
		}
		return json.Marshal("Hello " + person.Name)
	}
	engine, err := asl.New(asl.Config{
		Machine:   machine,
		Resources: map[string]asl.Resource{"lambda:invoke": asl.LambdaInvoke(greet)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer engine.Close(context.Background())

	execution, err := engine.Start("first", []byte(`{"name": "Ada"}`))
	if err == nil {
		execution, err = engine.Wait(context.Background(), execution.ARN)
	}
	fmt.Println(execution.Status, execution.Output, err)
	// Output: SUCCEEDED {"greeting":"Hello Ada"} <nil>
}

// All problems are reported at once.
func ExampleLoad_problems() {
	_, err := asl.Load([]byte(`{
	  "StartAt": "Rest",
	  "States": {
	    "Rest": {"Type": "Wait", "Secnods": 5, "Next": "Work"},
	    "Wrok": {"Type": "Succeed"}
	  }
	}`), nil)
	fmt.Println(err)
	// Output:
	// 4:31 States.Rest.Secnods: is not a field of a Wait state; did you mean "Seconds"?
	// 4:53 States.Rest.Next: Missing 'Next' target: Work; did you mean "Wrok"?
}

// A task whose resource ends in .waitForTaskToken waits until its token is sent back.
func ExampleEngine_SendTaskSuccess() {
	machine, err := asl.Load([]byte(`{"StartAt": "Ask", "States": {"Ask": {
	  "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
	  "Parameters": {"QueueUrl": "questions", "MessageBody": {"token.$": "$$.Task.Token"}}, "End": true}}}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	tokens := make(chan string, 1)
	engine, err := asl.New(asl.Config{Machine: machine, Resources: map[string]asl.Resource{
		"sqs:sendMessage": func(_ context.Context, t asl.Task) (any, error) {
			tokens <- t.Token
			return map[string]string{"MessageId": "1"}, nil
		},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer engine.Close(context.Background())
	execution, err := engine.Start("question", []byte(`{}`))
	if err == nil {
		err = engine.SendTaskSuccess(<-tokens, []byte(`{"answer": 42}`))
	}
	if err == nil {
		execution, err = engine.Wait(context.Background(), execution.ARN)
	}
	fmt.Println(execution.Output, err)
	// Output: {"answer":42} <nil>
}

// The task takes five minutes and the Wait a year, in virtual time.
func ExampleSimulation() {
	machine, err := asl.Load([]byte(`{"StartAt": "Work", "States": {
	  "Work": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "Next": "Rest"},
	  "Rest": {"Type": "Wait", "Seconds": 31536000, "End": true}}}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	execution, history, err := asl.Simulation{
		Config: asl.Config{Machine: machine},
		Input:  []byte(`{}`),
		Reply: func(time.Time, asl.Task) ([]asl.Reply, error) {
			return []asl.Reply{{After: 5 * time.Minute, Output: "worked"}}, nil
		},
	}.Run()
	fmt.Println(execution.Status, execution.Output, execution.Stopped.Sub(execution.Started), len(history), err)
	// Output: SUCCEEDED "worked" 8760h5m0s 9 <nil>
}

// Tests can check that they cover every part of a definition.
func ExampleMachine_Parts() {
	machine, err := asl.LoadYAML([]byte(`
StartAt: IsLarge
States:
  IsLarge:
    Type: Choice
    Choices:
      - {Variable: $.n, NumericGreaterThan: 9, Next: Done}
    Default: Done
  Done: {Type: Succeed}
`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range machine.Parts() {
		fmt.Println(p.Line, p.Kind, p.Place)
	}
	// Output:
	// 5 state States.IsLarge
	// 7 choice rule States.IsLarge.Choices[0]
	// 8 transition States.IsLarge.Default
	// 9 state States.Done
}
