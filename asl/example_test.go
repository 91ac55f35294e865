package asl_test

import (
	"context"
	"encoding/json"
	"fmt"

	"pizzasaga/asl"
)

// A function of the application makes a greeting.
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
