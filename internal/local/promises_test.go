package local

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/internal/history"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// audit checks the promises for one order. It compares the order, its execution, its
// dead letters and the books of the outside systems.
type audit struct {
	outcomes.Run
	cloud   *cloud
	events  []history.Event // none if the execution never started
	paid    bool
	points  bool
	out     bool // the pizza was handed over
	redrive bool // all dead letters were redriven
	broken  []error
}

// promises returns an error that has every broken promise.
func (w *cloud) promises(redriven bool) error {
	broken := slices.Clone(w.unrecorded)
	for _, id := range w.stored() {
		o, err := w.orders.Get(context.Background(), id)
		if err != nil {
			return err
		}
		x := &audit{Run: outcomes.Run{Order: o, DeadLetters: w.shop.deadLetters(id)}, cloud: w, redrive: redriven,
			paid: w.money.holds(id), points: w.points.holds(id), out: w.pizzas.holds(id)}
		if events, err := w.shop.history(id); err == nil {
			x.events = events
			if x.Run, err = w.shop.Run(o); err != nil {
				return err
			}
		}
		x.word()
		x.money()
		x.pizza()
		x.loyalty()
		x.record()
		if len(x.broken) > 0 {
			when := map[bool]string{false: "before", true: "after"}[redriven]
			broken = append(broken, fmt.Errorf("%s the redrive: %w\n%s", when, errors.Join(x.broken...), x))
		}
	}
	return errors.Join(broken...)
}

// requireRecorded is called when the workflow has recorded a loyalty failure. From then
// on, an order that is not rolled back must have the failure and its dead letter.
func (w *cloud) requireRecorded() {
	for _, id := range w.stored() {
		o, err := w.orders.Get(context.Background(), id)
		x := audit{Run: outcomes.Run{Order: o}}
		if err != nil || o.Status.Ended() || o.Status == order.RollingBack || x.lost(order.AddLoyaltyPoints) {
			continue
		}
		for _, q := range w.shop.deadLetters(id) {
			if o.Loyalty == order.LoyaltyNone || !slices.Contains(o.DeadLetters, q) {
				w.mu.Lock()
				w.unrecorded = append(w.unrecorded, fmt.Errorf("an order with status %s and loyalty %s does not list its dead letter in queue %s", o.Status, o.Loyalty, q))
				w.mu.Unlock()
			}
		}
	}
}

func (x *audit) promise(kept bool, violation string, args ...any) {
	if !kept {
		x.broken = append(x.broken, fmt.Errorf(violation, args...))
	}
}

func (x *audit) String() string {
	o := x.Order
	var text strings.Builder
	fmt.Fprintf(&text, "order %s, payment %s, loyalty %s, dead letters %v, handed over %v, failure %+v\n", o.Status, o.Payment, o.Loyalty, o.DeadLetters, o.HandedOver, o.Failure)
	fmt.Fprintf(&text, "books: paid %v, points %v, pizza out %v; queues %v; execution %s\n", x.paid, x.points, x.out, x.DeadLetters, x.Execution)
	for _, m := range o.Timeline {
		fmt.Fprintf(&text, "  %s %s %s %s\n", m.At.Format("15:04:05.000"), m.Step, m.Status, m.Error)
	}
	return text.String() + "states: " + x.Path()
}

func (x *audit) delivered() bool { return x.Order.Status == delivered }

// lost reports whether the order records that a dead letter of the step could not be
// sent.
func (x *audit) lost(step order.StepName) bool {
	return slices.ContainsFunc(x.Order.Timeline, func(m order.Milestone) bool { return m.Status == order.DeadLetterLost && m.Step == step })
}

// reported reports whether an operator can see that the step's work is owed: from a
// letter in its queue, until all are redriven, or from the record of a lost letter.
func (x *audit) reported(step order.StepName) bool {
	q, _ := workflow.QueueOf(step)
	return x.lost(step) || !x.redrive && slices.Contains(x.DeadLetters, q)
}

// Word: an accepted order gets a final status, and its customer is notified unless it is
// delivered. An order whose cancellation was accepted is not delivered.
func (x *audit) word() {
	o := x.Order
	started := len(x.events) > 0
	x.promise(!x.cloud.accepted[o.ID] || started, "an accepted order has no execution")
	if !started {
		x.promise(o.Status == order.Pending || o.Status == order.Failed, "an order without an execution has status %s", o.Status)
		return
	}
	x.promise(x.Execution != "RUNNING", "the execution has not ended")
	x.promise(o.Status.Ended(), "the execution has ended, but %s is not a final status", o.Status)
	x.promise(x.delivered() || !x.cloud.accepted[o.ID] || o.NotifiedAt != nil, "the customer was not notified that the order was not delivered")
	x.promise(!x.delivered() || o.NotifiedAt == nil, "the customer was notified of a failure, but the order was delivered")
	for i, m := range o.Timeline {
		forward := slices.Contains([]order.StepName{order.CreateOrder, order.PrepareOrder, order.ProcessOrder}, m.Step) || m.Status == string(order.TakingPayment)
		asked := slices.ContainsFunc(o.Timeline[:i], func(m order.Milestone) bool { return m.Status == order.CancelRequested })
		x.promise(!forward || !asked || m.Status == order.StepFailed, "%s moved the order forward after the customer had cancelled it", m.Step)
	}
	x.promise(!x.delivered() || !x.cloud.cancelled[o.ID], "the order was delivered although its cancellation was accepted")
	x.promise(x.Execution != "SUCCEEDED" || x.delivered(), "the execution succeeded without a delivery")
}

// Money: the customer is charged at most once. An order that is paid and not delivered
// is refunded, or a letter or the record says that the refund is owed.
func (x *audit) money() {
	o := x.Order
	x.promise(x.cloud.money.gives[o.ID] <= 1, "the customer was charged more than once")
	if !x.delivered() && x.paid {
		x.promise(x.reported(order.RefundPayment), "the order is paid and not delivered, and neither a letter nor the record says so")
	}
	switch o.Payment {
	case order.PaymentPaid:
		x.promise(x.paid, "the payment is recorded as complete, but the money was not taken")
	case order.PaymentNone, order.PaymentDeclined, order.PaymentRefunded:
		x.promise(!x.paid, "the payment is %s, but the money was taken", o.Payment)
	case order.PaymentRefundFailed:
		x.promise(x.reported(order.RefundPayment), "the refund failed, and neither a letter nor the record says so")
	case order.PaymentRefunding: // by a redrive that died
		x.promise(!x.redrive && slices.Contains(x.DeadLetters, workflow.RefundPaymentQueue), "a redrive began the refund and did not finish it, but the letter is gone")
	default:
		x.promise(false, "the execution has ended, but the payment is still %s", o.Payment)
	}
}

// Pizza: a delivered order is paid and handed over. An order is handed over and refunded
// only if all retries failed or its execution was stopped, and then the record says so.
func (x *audit) pizza() {
	x.promise(x.cloud.pizzas.gives[x.Order.ID] <= 1, "the pizza was handed over more than once")
	x.promise(!x.out || x.cloud.ovens.holds(x.Order.ID), "the pizza was handed over without being prepared")
	if x.delivered() {
		x.promise(x.paid, "the order was delivered but is not paid")
		x.promise(x.out, "the order was delivered but not handed over")
		return
	}
	x.promise(!x.Order.HandedOver || x.out, "a hand-over is recorded that was not made")
	if x.out && x.Order.Payment == order.PaymentRefunded {
		x.promise(x.Order.HandedOver, "a refunded order does not record that its pizza was handed over")
		x.promise(x.attempts("ProcessOrder") >= 5 || x.Execution != "FAILED", "a pizza that was handed over was refunded before all retries had failed")
	}
}

// attempts counts the failed attempts at a state's task.
func (x *audit) attempts(state string) (n int) {
	for _, e := range x.events {
		if e.State == state && (e.Type == asl.TaskFailed || e.Type == asl.TaskTimedOut) {
			n++
		}
	}
	return n
}

// Points: they are added at most once. A delivered order has them and one that was
// rolled back has none, or a letter or the record says what is owed.
func (x *audit) loyalty() {
	o := x.Order
	x.promise(x.cloud.points.gives[o.ID] <= 1, "points were added more than once")
	if x.delivered() {
		x.promise(x.points || x.reported(order.AddLoyaltyPoints), "a delivered order lacks its points, and neither a letter nor the record says so")
		x.promise(o.Loyalty != order.LoyaltyAdded || x.points, "points are recorded that were not added")
		return
	}
	// If the refund failed, the points are not reclaimed.
	x.promise(!x.points || x.reported(order.ReclaimLoyaltyPoints) || x.reported(order.RefundPayment),
		"an order that was not delivered has points, and neither a letter nor the record says so")
	x.promise(o.Loyalty != order.LoyaltyReclaimed || !x.points, "the points are recorded as reclaimed, but were not taken back")
	x.promise(o.Loyalty != order.LoyaltyReclaimFailed || x.reported(order.ReclaimLoyaltyPoints), "the reclaim failed, and neither a letter nor the record says so")
	if o.Payment == order.PaymentRefundFailed {
		x.promise(x.cloud.points.takes[o.ID] == 0 || x.attempts("AddLoyaltyPoints") > 0 || o.Loyalty != order.LoyaltyAdded, "the points were taken back although the refund had failed")
	}
}
