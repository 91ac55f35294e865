// Package asltest tests state machines in the Amazon States Language with go test, in virtual
// time and without AWS.
//
// [Load] reads a definition. [Machine.Run] runs an execution of it, in which [Mocks] do the
// work of the Task states. A [Run] has the history, and methods that check it. At the end of
// the test, [Machine.Covered] fails for each state, transition, choice rule, retrier and
// catcher that no run has taken.
//
//	func TestOrders(t *testing.T) {
//		orders := asltest.Load(t, "orders.asl.json", map[string]string{"PayFunction": "pay"})
//		t.Run("a payment is tried again", func(t *testing.T) {
//			run := orders.Run(t, `{"amount": 3}`, asltest.Mocks{
//				"Pay": asltest.InOrder(asltest.Throw("Busy", ""), asltest.Payload(`{"paid": true}`)),
//			})
//			run.Succeeded(t, `{"paid": true}`)
//			run.Retried(t, "Pay", 1)
//		})
//		orders.Covered(t, nil)
//	}
//
// # Assertions
//
// [Run.Succeeded], [Run.Failed], [Run.TimedOut] and [Run.Took] check how the execution
// ended. [Run.Visited] checks which states were entered. [Run.Entered] and [Run.Exited]
// check the inputs and outputs of a state. [Run.Called] and [Run.Retried] check the calls
// of a task. The values that a test expects are JSON, in which "*" equals any value. A
// name that the definition does not have fails the test.
//
// # Mocks
//
// [Return], [Payload], [Throw] and [Never] answer every call in the same way. [InOrder],
// [Func] and [Resource] answer each call in its own way.
//
// # Files
//
// A [MockFile] has test cases in the format of Step Functions Local, which [Machine.Test]
// runs. A [History] is what AWS has recorded of an execution. [Machine.Replayed] runs that
// execution again, and fails if a changed definition makes a difference.
//
// # Time and random values
//
// An execution starts in the year 2000, and its time advances from one event to the next: a
// Wait of a year takes no time. [Response.After] says how long a task takes. An execution
// runs in one goroutine, and its random values come from a fixed seed. A test always sees the
// same history, even with parallel branches, JitterStrategy, States.UUID and task tokens.
//
// # Programs
//
// A program that is not a test uses [ReadDefinition], [ReadInput], [New], [Machine.Execute]
// with a [Scenario], [TestCase.Check], [Machine.Replay], [Line] and [InFile]. The command
// asl is one.
package asltest
