package local

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"pizzasaga/asl"
	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// Record: the order's fields and timeline, the queues and the execution's cause agree.
func (x *audit) record() {
	o := x.Order
	if !o.Status.Ended() {
		return // word reports it, unless the order was never accepted
	}
	type payments = []order.Payment
	type loyalties = []order.Loyalty
	ends := map[order.Status]struct {
		payments
		loyalties
	}{
		delivered:           {payments{order.PaymentPaid}, loyalties{order.LoyaltyAdded, order.LoyaltyAddFailed}},
		order.Failed:        {payments{order.PaymentNone}, loyalties{order.LoyaltyNone}},
		order.FailedPayment: {payments{order.PaymentDeclined, order.PaymentRefunded}, loyalties{order.LoyaltyNone}},
		order.Cancelled:     {payments{order.PaymentNone, order.PaymentRefunded}, loyalties{order.LoyaltyNone, order.LoyaltyAddFailed, order.LoyaltyReclaimed}},
		order.RollbackFailed: {payments{order.PaymentRefundFailed, order.PaymentRefunding, order.PaymentRefunded},
			loyalties{order.LoyaltyNone, order.LoyaltyAdded, order.LoyaltyAddFailed, order.LoyaltyReclaimed, order.LoyaltyReclaimFailed}},
	}[o.Status]
	x.promise(slices.Contains(ends.payments, o.Payment), "payment %s is wrong for an order that ended as %s", o.Payment, o.Status)
	x.promise(slices.Contains(ends.loyalties, o.Loyalty), "loyalty %s is wrong for an order that ended as %s", o.Loyalty, o.Status)
	x.promise(o.Status != order.Cancelled || o.Payment != order.PaymentNone || o.CancelRequestedAt != nil, "an order that was never charged ended as CANCELLED, but no customer cancelled it")
	x.promise(!x.redrive || o.Status != order.RollbackFailed || x.lost(order.RefundPayment) || x.lost(order.ReclaimLoyaltyPoints), "the rollback is still failed after all letters were redriven")
	if !x.delivered() {
		x.promise(o.Failure != nil, "an order that was not delivered has no failure")
		x.promise(o.Failure == nil || o.Failure.Step == order.Submit || x.milestone(o.Failure.Step, order.StepFailed), "the failure %+v is missing from the timeline", o.Failure)
	}
	x.timeline()
	x.times()
	x.letters()
	x.why()
	x.settled()
	x.execution()
}

// settled checks that nothing is owed, according to the books, for an order that is
// settled, and that an order is settled once all its letters are redriven.
func (x *audit) settled() {
	s := x.Order.Settled()
	x.promise(!s || x.paid == x.delivered() && x.points == x.delivered(), "the order is settled, but something is owed")
	for _, q := range x.DeadLetters {
		x.promise(!s || x.cutOff(q) || !x.owes(q), "the order is settled, but queue %s has its letter", q)
	}
	lost := slices.ContainsFunc(x.Order.Timeline, func(m order.Milestone) bool { return m.Status == order.DeadLetterLost })
	x.promise(s || !x.redrive || lost, "all letters were redriven, but the order is not settled")
}

func (x *audit) milestone(step order.StepName, status string) bool {
	return slices.ContainsFunc(x.Order.Timeline, func(m order.Milestone) bool { return m.Step == step && m.Status == status })
}

// timeline checks that the timeline has everything that happened to the order, each
// event once.
func (x *audit) timeline() {
	o := x.Order
	seen := map[string]bool{}
	var status order.Status
	payment := o.Payment
	furthest := order.Pending
	for _, m := range o.Timeline {
		event := string(m.Step) + " " + m.Status
		again := m.Status == string(order.PaymentRefunding) || m.Status == string(order.PaymentRefundFailed) // by a redrive
		x.promise(!seen[event] || again, "the timeline has %s twice", event)
		seen[event] = true
		s := order.Status(m.Status)
		switch {
		case m.Failed(): // not a status
		case slices.Contains(order.Statuses(), s):
			status = s
			if m.Step == order.NotifyCustomer {
				x.promise(o.NotifiedAt != nil && !o.NotifiedAt.Before(m.At), "the customer was not notified of %s", s)
			}
			if s.Reached(furthest) {
				furthest = s
			}
		case m.Step == order.RefundPayment && m.Status != order.HandedOver && m.Status != order.DeadLetterLost:
			payment = order.Payment(m.Status)
		}
	}
	x.promise(status == o.Status, "the last status in the timeline is %s", status)
	x.promise(payment == o.Payment, "the last payment in the timeline is %s", payment)
	for _, s := range order.Statuses() {
		found := slices.ContainsFunc(o.Timeline, func(m order.Milestone) bool { return m.Status == string(s) })
		x.promise(found || !furthest.Reached(s), "the timeline has %s, but not %s", furthest, s)
	}
	x.promise(o.Payment != order.PaymentRefunded || seen["refundPayment REFUNDED"] && (seen["refundPayment ROLLING_BACK"] || seen["refundPayment REFUNDING"]), "the timeline lacks the refund")
	x.promise((o.Loyalty == order.LoyaltyReclaimed) == seen["reclaimLoyaltyPoints RECLAIMED"], "the timeline and the loyalty disagree on whether the points were reclaimed")
	x.promise(o.Loyalty != order.LoyaltyAdded || seen["addLoyaltyPoints ADDED"], "the timeline lacks the points")
	x.promise(o.Loyalty != order.LoyaltyAddFailed || seen["addLoyaltyPoints FAILED"], "the timeline lacks the loyalty failure")
	x.promise((o.CancelRequestedAt != nil) == seen["cancelOrder CANCEL_REQUESTED"], "the timeline and the record disagree on whether the customer cancelled")
	x.promise(o.HandedOver == seen["refundPayment HANDED_OVER"], "the timeline and the record disagree on whether a refunded pizza was handed over")
}

// times checks that a failure of the workflow has the time at which the state that
// handles it was entered.
func (x *audit) times() {
	if x.reconciled() {
		return
	}
	entered := map[string][]time.Time{}
	for _, e := range x.events {
		if e.Entered() {
			entered[e.State] = append(entered[e.State], order.Time(e.Time))
		}
	}
	for _, m := range x.Order.Timeline {
		if m.Status != order.StepFailed || m.Step == order.NotifyCustomer || m.Step == order.Submit {
			continue
		}
		handlers := []string{"RefundPayment", "NotifyCustomer"}
		if q, ok := workflow.QueueOf(m.Step); ok && !x.lost(m.Step) {
			handlers = []string{string(q) + "DLQ"}
		} else if ok {
			handlers = append(handlers, "RecordLoyaltyFailure", "CompleteOrder")
		}
		known := slices.ContainsFunc(handlers, func(state string) bool {
			return slices.ContainsFunc(entered[state], m.At.Equal)
		})
		x.promise(known, "the failure of %s has the time %v, at which none of %v was entered", m.Step, m.At, handlers)
	}
}

// letters checks that the order lists the queues that hold its letters. It may lack a
// letter that the workflow recorded as lost, one that the workflow could not record
// because the kitchen's failure ended the branch, and one whose work a reconciliation
// or a redrive has done.
func (x *audit) letters() {
	for _, q := range x.Order.DeadLetters {
		x.promise(slices.Contains(x.DeadLetters, q), "the order lists a letter that is not in queue %s", q)
	}
	for _, q := range x.DeadLetters {
		step := order.StepName(strings.ToLower(string(q[:1])) + string(q[1:]))
		optional := x.cutOff(q) || (x.reconciled() || x.cloud.redrive > 0) && !x.owes(q)
		listed := slices.Contains(x.Order.DeadLetters, q)
		x.promise(listed || optional || x.lost(step), "the order does not list its letter in queue %s", q)
	}
	for _, q := range workflow.Queues() {
		for _, m := range x.cloud.queues.Messages(q) {
			var l workflow.Letter
			err := json.Unmarshal([]byte(m.Body), &l)
			whole := err == nil && l.MessageType == string(q)+"Failed" && l.Failure.Error != "" && strings.HasSuffix(l.Execution, l.Order.ID) && !l.Time.IsZero()
			x.promise(whole && (l.Order.ID != x.Order.ID || l.Order == x.Order.Request), "a letter lacks something that a repair needs: %s", m.Body)
			x.promise(l.Failure.Error != "ExecutionEnded" || l.Order.ID != x.Order.ID || !x.recorded(), "a second letter was sent for a loyalty failure that is recorded")
		}
	}
	x.promise(!x.redrive || len(x.DeadLetters) == 0, "all letters were redriven, but some are still in %v", x.DeadLetters)
}

// cutOff reports whether the queue is that of the points, and the order was rolled back
// before the workflow recorded the loyalty failure.
func (x *audit) cutOff(q order.Queue) bool {
	return q == workflow.AddLoyaltyPointsQueue && !x.delivered() && !x.recorded()
}

// recorded reports whether the workflow recorded the loyalty failure right after it sent
// the letter.
func (x *audit) recorded() bool {
	return slices.ContainsFunc(x.events, func(e history.Event) bool { return e.State == "RecordLoyaltyFailure" && e.Type == asl.TaskSucceeded })
}

// reconciled reports whether a reconciliation changed an order.
func (x *audit) reconciled() bool {
	return x.cloud.count["reconcileOrders.apply"]+x.cloud.count["sweep.apply"] > 0
}

// owes reports whether a queue's work is still owed for the order.
func (x *audit) owes(q order.Queue) bool {
	o := x.Order
	switch q {
	case workflow.RefundPaymentQueue:
		return !x.delivered() && (x.paid || o.Payment != order.PaymentRefunded && o.Payment != order.PaymentNone)
	case workflow.ReclaimLoyaltyPointsQueue:
		return x.points || o.Loyalty == order.LoyaltyReclaimFailed
	}
	return x.delivered() && (!x.points || o.Loyalty != order.LoyaltyAdded)
}

// loyaltyBranch are the tasks whose failures never roll back an order.
var loyaltyBranch = []string{"AddLoyaltyPoints", "AddLoyaltyPointsDLQ", "RecordLoyaltyFailure"}

// why checks that the failure of an order that the workflow rolled back is the first
// failure of a step.
func (x *audit) why() {
	failed := slices.DeleteFunc(x.failed(), func(e history.Event) bool { return slices.Contains(loyaltyBranch, e.State) })
	why := x.Order.Failure
	if len(failed) > 0 && why != nil && why.Step != order.Submit && !x.reconciled() {
		first := failed[0]
		x.promise(workflow.State(why.Step) == first.State && why.Error == first.Failure().Error,
			"the order's failure is %s with %s, but %s failed first with %s", why.Step, why.Error, first.State, first.Failure().Error)
	}
}

// execution checks that an execution fails only on purpose, that the output of one that
// succeeds says how the order ended, and that the cause of one that fails names every
// step whose last attempt failed.
func (x *audit) execution() {
	if len(x.events) == 0 {
		return
	}
	var result map[string]any
	switch end := x.events[len(x.events)-1].Details.(type) {
	case *asl.OutputDetails:
		err := json.Unmarshal(end.Output.Bytes(), &result)
		x.promise(err == nil && result["orderId"] == x.Order.ID && result["status"] == string(x.Order.Status) && result["payment"] == string(x.Order.Payment) && result["loyalty"] != nil,
			"the execution's output does not say how the order ended: %s", end.Output)
	case *asl.FailureDetails:
		x.promise(x.Execution != "FAILED" || end.Error == "OrderFailed" || slices.Contains(x.Entered, "CompleteOrder"), "the execution failed with an unexpected error, %s: %s", end.Error, end.Cause)
		if end.Error == "OrderFailed" {
			err := json.Unmarshal([]byte(end.Cause), &result)
			x.promise(err == nil, "the execution's cause is not JSON: %v", err)
			x.cause(result)
			x.promise(result["notifyCustomer"] != nil || !x.reconciled() || len(x.cloud.stored()) > 1, "a reconciliation changed an order that the workflow had ended")
		}
	}
}

// failed returns the failures of the states whose last attempt failed, in the order in
// which they failed.
func (x *audit) failed() []history.Event {
	var failures []history.Event
	for _, e := range x.events {
		switch e.Type {
		case asl.TaskScheduled, asl.TaskSucceeded:
			failures = slices.DeleteFunc(failures, func(f history.Event) bool { return f.State == e.State })
		case asl.TaskFailed, asl.TaskTimedOut:
			failures = append(failures, e)
		}
	}
	return failures
}

// cause checks that the cause of a failed execution names each step that failed.
func (x *audit) cause(named map[string]any) {
	want := map[string]bool{}
	for _, f := range x.failed() {
		switch state := f.State; {
		case state == "PrepareOrder" || state == "ProcessOrder":
			want["fulfilOrder"] = true
		case slices.Contains(loyaltyBranch, state): // the kitchen's failure ended this branch
		default:
			want[strings.ToLower(state[:1])+state[1:]] = true
		}
	}
	x.promise(slices.Equal(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(named))), "the execution's cause names %v, but %v failed",
		slices.Sorted(maps.Keys(named)), slices.Sorted(maps.Keys(want)))
}
