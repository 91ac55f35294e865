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

// Record: status, payment, loyalty, timeline, queues and the execution's cause agree.
func (x *witness) record() {
	o := x.Order
	if !o.Status.Ended() {
		return // which is broken anyway, or it was promised to nobody
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
	x.promise(slices.Contains(ends.payments, o.Payment), "payment %s is none of an order that ended %s", o.Payment, o.Status)
	x.promise(slices.Contains(ends.loyalties, o.Loyalty), "loyalty %s is none of an order that ended %s", o.Loyalty, o.Status)
	x.promise(o.Status != order.Cancelled || o.Payment != order.PaymentNone || o.CancelRequestedAt != nil, "only a customer cancels an order that was never charged")
	x.promise(!x.redrive || o.Status != order.RollbackFailed || x.lost(order.RefundPayment) || x.lost(order.ReclaimLoyaltyPoints), "an order whose letters were redriven has no failed rollback")
	if !x.delivered() {
		x.promise(o.Failure != nil, "an order that did not go well tells why")
		x.promise(o.Failure == nil || o.Failure.Step == order.Submit || x.milestone(o.Failure.Step, order.StepFailed), "the timeline has the failure of %+v", o.Failure)
	}
	x.timeline()
	x.times()
	x.letters()
	x.why()
	x.settled()
	x.execution()
}

// settled checks that an order which the record takes for settled is so by the
// books, and that one whose letters were all redriven is settled.
func (x *witness) settled() {
	s := x.Order.Settled()
	x.promise(!s || x.paid == x.delivered() && x.points == x.delivered(), "nothing is owed to an order that is settled")
	for _, q := range x.DeadLetters {
		x.promise(!s || x.cutOff(q) || !x.owes(q), "an order with a letter in queue %s is not settled", q)
	}
	lost := slices.ContainsFunc(x.Order.Timeline, func(m order.Milestone) bool { return m.Status == order.DeadLetterLost })
	x.promise(s || !x.redrive || lost, "an order whose letters were redriven is settled")
}

func (x *witness) milestone(step order.StepName, status string) bool {
	return slices.ContainsFunc(x.Order.Timeline, func(m order.Milestone) bool { return m.Step == step && m.Status == status })
}

// timeline checks that the timeline tells the way on which the order came to where
// it stands, and each thing once.
func (x *witness) timeline() {
	o := x.Order
	seen := map[string]bool{}
	var status order.Status
	payment := o.Payment
	furthest := order.Pending
	for _, m := range o.Timeline {
		event := string(m.Step) + " " + m.Status
		again := m.Status == string(order.PaymentRefunding) || m.Status == string(order.PaymentRefundFailed) // by a redrive
		x.promise(!seen[event] || again, "the timeline tells twice of %s", event)
		seen[event] = true
		s := order.Status(m.Status)
		switch {
		case m.Failed(): // which is no status
		case slices.Contains(order.Statuses(), s):
			status = s
			if m.Step == order.NotifyCustomer {
				x.promise(o.NotifiedAt != nil && !o.NotifiedAt.Before(m.At), "the customer was told of %s", s)
			}
			if s.Reached(furthest) {
				furthest = s
			}
		case m.Step == order.RefundPayment && m.Status != order.HandedOver && m.Status != order.DeadLetterLost:
			payment = order.Payment(m.Status)
		}
	}
	x.promise(status == o.Status, "the timeline ends with %s", status)
	x.promise(payment == o.Payment, "the timeline's last word on the payment is %s", payment)
	for _, s := range order.Statuses() {
		told := slices.ContainsFunc(o.Timeline, func(m order.Milestone) bool { return m.Status == string(s) })
		x.promise(told || !furthest.Reached(s), "the timeline tells of %s, but not of %s", furthest, s)
	}
	x.promise(o.Payment != order.PaymentRefunded || seen["refundPayment REFUNDED"] && (seen["refundPayment ROLLING_BACK"] || seen["refundPayment REFUNDING"]), "the timeline tells of the refund")
	x.promise((o.Loyalty == order.LoyaltyReclaimed) == seen["reclaimLoyaltyPoints RECLAIMED"], "the timeline tells that the points were reclaimed")
	x.promise(o.Loyalty != order.LoyaltyAdded || seen["addLoyaltyPoints ADDED"], "the timeline tells of the points")
	x.promise(o.Loyalty != order.LoyaltyAddFailed || seen["addLoyaltyPoints FAILED"], "the timeline tells why the points failed")
	x.promise((o.CancelRequestedAt != nil) == seen["cancelOrder CANCEL_REQUESTED"], "the timeline tells of the customer's wish to cancel")
	x.promise(o.HandedOver == seen["refundPayment HANDED_OVER"], "the timeline tells of a hand-over that was in vain")
}

// times checks that a failure of the workflow has the time at which the state was
// entered that handles it.
func (x *witness) times() {
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
		x.promise(known, "%s failed when %v was entered, not at %v", m.Step, handlers, m.At)
	}
}

// letters checks that the record names the queues that hold a letter. It need not
// name one that the workflow took for lost, one that the kitchen's failure kept the
// workflow from writing down, and one for what a reconciliation or a redrive has
// done.
func (x *witness) letters() {
	for _, q := range x.Order.DeadLetters {
		x.promise(slices.Contains(x.DeadLetters, q), "the record names a letter in queue %s", q)
	}
	for _, q := range x.DeadLetters {
		step := order.StepName(strings.ToLower(string(q[:1])) + string(q[1:]))
		void := x.cutOff(q) || (x.reconciled() || x.cloud.redrive > 0) && !x.owes(q)
		named := slices.Contains(x.Order.DeadLetters, q)
		x.promise(named || void || x.lost(step), "the record does not name the letter in queue %s", q)
	}
	for _, q := range workflow.Queues() {
		for _, m := range x.cloud.queues.Messages(q) {
			var l workflow.Letter
			err := json.Unmarshal([]byte(m.Body), &l)
			whole := err == nil && l.MessageType == string(q)+"Failed" && l.Failure.Error != "" && strings.HasSuffix(l.Execution, l.Order.ID) && !l.Time.IsZero()
			x.promise(whole && (l.Order.ID != x.Order.ID || l.Order == x.Order.Request), "a letter holds all that repairing it needs, not %s", m.Body)
			x.promise(l.Failure.Error != "ExecutionEnded" || l.Order.ID != x.Order.ID || !x.recorded(), "no second letter of other cause is sent for points whose failure is on record")
		}
	}
	x.promise(!x.redrive || len(x.DeadLetters) == 0, "letters that were redriven are gone, not in %v", x.DeadLetters)
}

// cutOff reports whether the queue is that of the points of an order which was undone
// before the workflow had their failure written down.
func (x *witness) cutOff(q order.Queue) bool {
	return q == workflow.AddLoyaltyPointsQueue && !x.delivered() && !x.recorded()
}

// recorded reports whether the workflow had the failure of the points written down as
// soon as their letter was sent.
func (x *witness) recorded() bool {
	return slices.ContainsFunc(x.events, func(e history.Event) bool { return e.State == "RecordLoyaltyFailure" && e.Type == asl.TaskSucceeded })
}

// reconciled reports whether a reconciliation had to end the order.
func (x *witness) reconciled() bool {
	return x.cloud.count["reconcileOrders.apply"]+x.cloud.count["sweep.apply"] > 0
}

// owes reports whether the work of a queue is still to be done for the order.
func (x *witness) owes(q order.Queue) bool {
	o := x.Order
	switch q {
	case workflow.RefundPaymentQueue:
		return !x.delivered() && (x.paid || o.Payment != order.PaymentRefunded && o.Payment != order.PaymentNone)
	case workflow.ReclaimLoyaltyPointsQueue:
		return x.points || o.Loyalty == order.LoyaltyReclaimFailed
	}
	return x.delivered() && (!x.points || o.Loyalty != order.LoyaltyAdded)
}

// loyaltyBranch are the tasks whose failures never undo an order.
var loyaltyBranch = []string{"AddLoyaltyPoints", "AddLoyaltyPointsDLQ", "RecordLoyaltyFailure"}

// why checks that an order which the workflow has undone tells which step failed
// first, and why.
func (x *witness) why() {
	failed := slices.DeleteFunc(x.failed(), func(e history.Event) bool { return slices.Contains(loyaltyBranch, e.State) })
	why := x.Order.Failure
	if len(failed) > 0 && why != nil && why.Step != order.Submit && !x.reconciled() {
		first := failed[0]
		x.promise(workflow.State(why.Step) == first.State && why.Error == first.Failure().Error,
			"the order tells that %s failed with %s, and %s did first with %s", why.Step, why.Error, first.State, first.Failure().Error)
	}
}

// execution checks that the definition itself never fails, that an execution which
// succeeds tells how the order ended, and that the cause of one which fails names
// every step that failed for good.
func (x *witness) execution() {
	if len(x.events) == 0 {
		return
	}
	var told map[string]any
	switch end := x.events[len(x.events)-1].Details.(type) {
	case *asl.OutputDetails:
		err := json.Unmarshal(end.Output.Bytes(), &told)
		x.promise(err == nil && told["orderId"] == x.Order.ID && told["status"] == string(x.Order.Status) && told["payment"] == string(x.Order.Payment) && told["loyalty"] != nil,
			"the execution's output tells how the order ended, not %s", end.Output)
	case *asl.FailureDetails:
		x.promise(x.Execution != "FAILED" || end.Error == "OrderFailed" || slices.Contains(x.Entered, "CompleteOrder"), "the definition fails on purpose alone, not with %s: %s", end.Error, end.Cause)
		if end.Error == "OrderFailed" {
			err := json.Unmarshal([]byte(end.Cause), &told)
			x.promise(err == nil, "the execution's cause is JSON: %v", err)
			x.cause(told)
			x.promise(told["notifyCustomer"] != nil || !x.reconciled() || len(x.cloud.stored()) > 1, "only an order that the workflow could not end is reconciled")
		}
	}
}

// failed returns the failures of the states whose last attempt failed, in the order
// in which they did.
func (x *witness) failed() []history.Event {
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

// cause checks that the cause of an execution that failed names each step that did.
func (x *witness) cause(told map[string]any) {
	want := map[string]bool{}
	for _, f := range x.failed() {
		switch state := f.State; {
		case state == "PrepareOrder" || state == "ProcessOrder":
			want["fulfilOrder"] = true
		case slices.Contains(loyaltyBranch, state): // which its sibling's failure has cut off
		default:
			want[strings.ToLower(state[:1])+state[1:]] = true
		}
	}
	x.promise(slices.Equal(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(told))), "the execution's cause tells of %v, failed are %v",
		slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(want)))
}
