// Package asl runs state machines written in the Amazon States Language, in
// its JSONPath form, inside a Go program.
//
// Most programs need five things: [Load] reads and checks a definition, and [LoadYAML] one
// that is written in YAML; a [Config] names the definition and the resources; a [Resource]
// does the work of Task states; [New] returns an [Engine]; [Engine.Start] and [Engine.Wait]
// run executions. An execution has the same history as on AWS Step Functions, event by event.
//
//	machine, err := asl.Load(definition, map[string]string{"Function": "greeter"})
//	if err != nil {
//		return err // a list of everything that is wrong, with lines and columns
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
// The package supports all states and fields of the JSONPath form, with intrinsic
// functions, variables, the context object, callbacks by task token and the limits
// on payloads (256 KiB) and histories (25,000 events). Load and New refuse JSONata,
// a distributed Map, activities, Credentials, and service integrations that are not
// registered. Their errors name the place. An integration may have any name;
// [Machine.CheckServices] finds those that AWS does not have. The resource of an action
// does not stand for the action's .sync form, which starts a job and ends when the job
// does.
//
// Where AWS's documentation and histories recorded on AWS differ, the package
// follows the histories: a path that finds nothing is States.Runtime and cannot be
// caught, a missing heartbeat is States.Timeout, and a result over the size limit
// is caught like any other error of its task. Paths behave as in version 2.0.0 of
// Jayway's JsonPath, because those on AWS do: in a filter, text and numbers are
// compared loosely and parentheses have no effect.
//
// As on AWS, an object keeps the order of its properties and a number its fraction
// (1.0 is not 1). There is one known difference: States.MathRandom with a seed
// returns the same number each time, but not the number that AWS returns.
//
// # Tests
//
// Package asltest tests state machines inside go test, with mocks and coverage. It uses
// two things that are useful elsewhere, too: a [Simulation] runs one execution in its own
// time, and [Config.Cover] is called with each of the [Machine.Parts] that an execution
// takes.
//
// # What an execution is
//
// An execution is data: the state and the input of each branch, the number of
// retries, the time at which a wait ends. It moves on when a task returns, a time
// comes or somebody stops it. Only a running task needs a goroutine; an execution
// that waits needs none. What happens to an execution is handled in turns, and
// [Config.Save] stores what a turn has changed before anything follows from it. So an
// execution outlives its process: [Engine.Resume] continues it in another one.
//
// When a branch fails or an execution is stopped, running tasks are not
// interrupted. As on AWS, they run until they return or time out, and their
// results are dropped.
package asl
