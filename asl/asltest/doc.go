// Package asltest tests state machines in the Amazon States Language inside go test, on
// virtual time and without AWS.
//
// [Load] reads a definition. [Machine.Run] runs an execution of it, in which [Mocks] do the
// work of the Task states. A [Run] has the history, and methods that check it. When all
// tests have run, [Machine.Covered] fails for each state, transition, choice rule, retrier
// and catcher that none of them has taken.
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
// # Files
//
// A [MockFile] has test cases in the format of Step Functions Local, which [Machine.Test]
// runs. A [History] is what AWS has recorded of an execution. [Machine.Replayed] runs it
// again, and fails if a changed definition makes a difference.
//
// # Time
//
// An execution starts in the year 2000, and its time moves from one event to the next: a
// Wait of a year takes no time. A mock says with [Response.After] how long its task takes.
// An execution runs in one goroutine, so a test always sees the same history, also of
// branches that run at once.
package asltest
