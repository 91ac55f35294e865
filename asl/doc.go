// Package asl runs state machines written in the Amazon States Language, in
// its JSONPath form, inside a Go program.
//
// [Load] reads and checks a definition. [New] gives an [Engine] that runs it;
// the work of its Task states is done by the functions that the application
// registers as [Config.Resources]. An execution keeps the history that AWS
// Step Functions would have kept, event by event.
//
//	machine, err := asl.Load(definition, map[string]string{"FunctionArn": arn})
//	engine, err := asl.New(asl.Config{
//		Machine:   machine,
//		Resources: map[string]asl.Resource{"lambda:invoke": asl.LambdaInvoke(call)},
//	})
//	execution, err := engine.Start("order-1", []byte(`{"orderId":"order-1"}`))
//	execution, err = engine.Wait(ctx, execution.ARN)
//
// # What is supported
//
// All states and fields of the JSONPath form, with intrinsic functions,
// variables, the context object, callbacks by task token and the limits on
// payloads (256 KiB) and histories (25,000 events). Refused by Load or New,
// with the place: JSONata, distributed Map, activities, Credentials, and
// service integrations that are not registered, which goes for the .sync forms
// too.
//
// Where AWS's documentation and the histories that AWS itself recorded differ,
// the histories were followed: a path that finds nothing is States.Runtime and
// cannot be caught, a missing heartbeat is States.Timeout, and a result over
// the size limit is caught like any other error of its task.
//
// Values keep their form as on AWS: an object the order of its properties, a
// number its fraction (1.0 is not 1). Known to differ: a States.MathRandom with a
// seed gives the same number each time, but not AWS's; the context object has no
// Execution.RedriveCount, as in the recordings, where the documentation says 0.
//
// # What an execution is
//
// An execution is data: where each of its branches stands, what it was given,
// how often it was retried, when it wakes. Events advance it: a task has
// answered, a time has come, somebody has stopped it. While it waits it holds
// no goroutine; only a task that runs has one. So it can be saved with
// [Engine.Snapshot] at any moment and carried on with [Engine.Restore].
//
// When a branch fails or an execution is stopped, the tasks that are running
// are not interrupted, as they are not on AWS: they run to their end or to
// their time-out, and what they answer is dropped.
package asl
