// Package asl runs state machines written in the JSONPath form of the Amazon States Language
// inside a Go program.
//
// Most programs load a definition ([Load] for JSON, [LoadYAML] for YAML), write a
// [Resource] for its Task states, put both into a [Config] for [New], and call
// [Engine.Start] and [Engine.Wait]. An execution has the same history as on AWS Step
// Functions, event by event.
//
//	machine, err := asl.Load(definition, map[string]string{"Function": "greeter"})
//	if err != nil {
//		return err // lists all problems, with lines and columns
//	}
//	call := func(ctx context.Context, function string, payload []byte) ([]byte, error) {
//		return []byte(`{"greeting": "Hello"}`), nil
//	}
//	engine, err := asl.New(asl.Config{
//		Machine:   machine,
//		Resources: map[string]asl.Resource{"lambda:invoke": asl.LambdaInvoke(call)},
//	})
//	if err != nil {
//		return err
//	}
//	defer engine.Close(ctx)
//	execution, err := engine.Start("order-1", []byte(`{"orderId": "order-1"}`))
//	if err != nil {
//		return err
//	}
//	execution, err = engine.Wait(ctx, execution.ARN)
//
// # What is supported
//
// The package supports all states and fields of the JSONPath form, intrinsic functions,
// variables, the context object, callbacks with task tokens, and the limits on payloads
// (256 KiB) and histories (25,000 events). Load and New return an error for JSONata, a
// distributed Map, activities, Credentials, and service integrations without a registered
// resource. The error has the place in the definition. An integration can have any name;
// [Machine.CheckServices] reports those that AWS does not have. A resource registered for an
// action is not used for its .sync form, which starts a job and waits until the job ends.
//
// Where histories recorded on AWS differ from AWS's documentation, the package follows the
// histories: a path that finds nothing is a States.Runtime error, which cannot be caught; a
// missed heartbeat is a States.Timeout error; and a result over the size limit can be caught
// like any other error of its task. As on AWS, paths behave as in version 2.0.0 of Jayway's
// JsonPath: in a filter, strings and numbers are compared loosely, and parentheses have no
// effect.
//
// As on AWS, objects keep the order of their properties, and 1.0 does not become 1. There is
// one known difference: States.MathRandom with a seed returns the same number each time, but
// not the number that AWS returns.
//
// # Tests
//
// Package asltest tests state machines with go test, mocks and coverage. It is built on two
// features that are useful elsewhere, too: a [Simulation] runs one execution in virtual time,
// and [Config.Cover] is called with each of the [Machine.Parts] that an execution takes.
//
// # How an execution runs
//
// An execution is data: the state and the input of each branch, the number of retries,
// the time at which a wait ends. It takes a turn when something happens: a task answers
// or times out, a wait ends, or the execution is stopped. Only a running task needs a
// goroutine; a waiting execution needs none. In each turn, [Config.Save] stores the
// changes before they take effect. An execution therefore survives the end of its
// process: [Engine.Resume] continues it in another one.
//
// When a branch fails or an execution is stopped, running tasks are not
// interrupted. As on AWS, they run until they return or time out, and their
// results are dropped.
package asl
