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

// witness is what is known of an order when the promises are checked: its record,
// its execution, the content of the queues and the books outside.
type witness struct {
	outcomes.Run
	cloud   *cloud
	events  []history.Event // none if the execution never started
	paid    bool
	points  bool
	out     bool // the pizza was handed over
	redrive bool // all letters were redriven
	broken  []error
}

// promises returns what the saga has promised and not kept.
func (w *cloud) promises(redriven bool) error {
	broken := slices.Clone(w.unrecorded)
	for _, id := range w.stored() {
		o, err := w.orders.Get(context.Background(), id)
		if err != nil {
			return err
		}
		x := &witness{Run: outcomes.Run{Order: o, DeadLetters: w.shop.deadLetters(id)}, cloud: w, redrive: redriven,
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

// requireRecorded is called when the workflow has had a failure of the points written
// down: from then on the record of an order that goes on tells of it.
func (w *cloud) requireRecorded() {
	for _, id := range w.stored() {
		o, err := w.orders.Get(context.Background(), id)
		x := witness{Run: outcomes.Run{Order: o}}
		if err != nil || o.Status.Ended() || o.Status == order.RollingBack || x.lost(order.AddLoyaltyPoints) {
			continue
		}
		for _, q := range w.shop.deadLetters(id) {
			if o.Loyalty == order.LoyaltyNone || !slices.Contains(o.DeadLetters, q) {
				w.mu.Lock()
				w.unrecorded = append(w.unrecorded, fmt.Errorf("an order with status %s, loyalty %s does not tell of its letter in queue %s", o.Status, o.Loyalty, q))
				w.mu.Unlock()
			}
		}
	}
}

func (x *witness) promise(kept bool, what string, args ...any) {
	if !kept {
		x.broken = append(x.broken, fmt.Errorf(what, args...))
	}
}

func (x *witness) String() string {
	o := x.Order
	var text strings.Builder
	fmt.Fprintf(&text, "order %s, payment %s, loyalty %s, dead letters %v, handed over %v, failure %+v\n", o.Status, o.Payment, o.Loyalty, o.DeadLetters, o.HandedOver, o.Failure)
	fmt.Fprintf(&text, "books: paid %v, points %v, pizza out %v; queues %v; execution %s\n", x.paid, x.points, x.out, x.DeadLetters, x.Execution)
	for _, m := range o.Timeline {
		fmt.Fprintf(&text, "  %s %s %s %s\n", m.At.Format("15:04:05.000"), m.Step, m.Status, m.Error)
	}
	return text.String() + "states: " + x.Path()
}

func (x *witness) delivered() bool { return x.Order.Status == delivered }

// lost reports whether the order tells of a dead letter of the step that could not
// be sent.
func (x *witness) lost(step order.StepName) bool {
	return slices.ContainsFunc(x.Order.Timeline, func(m order.Milestone) bool { return m.Status == order.DeadLetterLost && m.Step == step })
}

// told reports whether somebody learns that the step's work is still owed: a
// letter in its queue does until all letters are redriven, a lost letter for ever.
func (x *witness) told(step order.StepName) bool {
	q, _ := workflow.QueueOf(step)
	return x.lost(step) || !x.redrive && slices.Contains(x.DeadLetters, q)
}

// Word: an accepted order has a final status, and its customer was told; one that
// was cancelled is not delivered.
func (x *witness) word() {
	o := x.Order
	started := len(x.events) > 0
	x.promise(!x.cloud.accepted[o.ID] || started, "an order that is accepted has an execution")
	if !started {
		x.promise(o.Status == order.Pending || o.Status == order.Failed, "an order without an execution has not moved")
		return
	}
	x.promise(x.Execution != "RUNNING", "its execution has ended")
	x.promise(o.Status.Ended(), "an order whose execution has ended has a final status")
	x.promise(x.delivered() || !x.cloud.accepted[o.ID] || o.NotifiedAt != nil, "the customer of an order that did not go well was told")
	x.promise(!x.delivered() || o.NotifiedAt == nil, "nobody was told that an order failed which was delivered")
	for i, m := range o.Timeline {
		forward := slices.Contains([]order.StepName{order.CreateOrder, order.PrepareOrder, order.ProcessOrder}, m.Step) || m.Status == string(order.TakingPayment)
		asked := slices.ContainsFunc(o.Timeline[:i], func(m order.Milestone) bool { return m.Status == order.CancelRequested })
		x.promise(!forward || !asked || m.Status == order.StepFailed, "no step goes forward once the customer has cancelled, as %s did", m.Step)
	}
	x.promise(!x.delivered() || !x.cloud.cancelled[o.ID], "an order whose cancellation was accepted is not delivered")
	x.promise(x.Execution != "SUCCEEDED" || x.delivered(), "an execution succeeds with a delivery")
}

// Money: charged once at most; paid and not delivered is refunded, or a letter or
// the record says so.
func (x *witness) money() {
	o := x.Order
	x.promise(x.cloud.money.gives[o.ID] <= 1, "money is taken once at most")
	if !x.delivered() && x.paid {
		x.promise(x.told(order.RefundPayment), "money of an order that was not delivered is refunded, or a letter or the record tells")
	}
	switch o.Payment {
	case order.PaymentPaid:
		x.promise(x.paid, "what is paid on record is paid")
	case order.PaymentNone, order.PaymentDeclined, order.PaymentRefunded:
		x.promise(!x.paid, "with payment %s the customer has the money", o.Payment)
	case order.PaymentRefundFailed:
		x.promise(x.told(order.RefundPayment), "a refund that failed left a letter, or the record tells")
	case order.PaymentRefunding: // by a redrive that died
		x.promise(!x.redrive && slices.Contains(x.DeadLetters, workflow.RefundPaymentQueue), "a refund that was begun again and not finished has its letter")
	default:
		x.promise(false, "the payment of an order that has ended is settled, not %s", o.Payment)
	}
}

// Pizza: delivered means paid and handed over; handed over and refunded only after
// all retries failed or somebody stopped the execution, and then the record says so.
func (x *witness) pizza() {
	x.promise(x.cloud.pizzas.gives[x.Order.ID] <= 1, "a pizza is handed over once at most")
	x.promise(!x.out || x.cloud.ovens.holds(x.Order.ID), "a pizza that is handed over was prepared")
	if x.delivered() {
		x.promise(x.paid, "what was delivered is paid")
		x.promise(x.out, "what was delivered was handed over")
		return
	}
	x.promise(!x.Order.HandedOver || x.out, "a hand-over on record was made")
	if x.out && x.Order.Payment == order.PaymentRefunded {
		x.promise(x.Order.HandedOver, "the record tells that the pizza of a refunded order was handed over")
		x.promise(x.attempts("ProcessOrder") >= 5 || x.Execution != "FAILED", "a handed over pizza is refunded only after all retries of the hand-over")
	}
}

// attempts counts the failed attempts at a state's task.
func (x *witness) attempts(state string) (n int) {
	for _, e := range x.events {
		if e.State == state && (e.Type == asl.TaskFailed || e.Type == asl.TaskTimedOut) {
			n++
		}
	}
	return n
}

// Points: added once at most; a delivered order has them, one that was rolled back
// has none, or a letter or the record says so.
func (x *witness) loyalty() {
	o := x.Order
	x.promise(x.cloud.points.gives[o.ID] <= 1, "points are added once at most")
	if x.delivered() {
		x.promise(x.points || x.told(order.AddLoyaltyPoints), "a delivered order has its points, or a letter or the record tells")
		x.promise(o.Loyalty != order.LoyaltyAdded || x.points, "points on record were added")
		return
	}
	// Points outlive a refund that failed.
	x.promise(!x.points || x.told(order.ReclaimLoyaltyPoints) || x.told(order.RefundPayment),
		"points of an order that was not delivered are reclaimed, or a letter or the record tells")
	x.promise(o.Loyalty != order.LoyaltyReclaimed || !x.points, "points that are reclaimed on record are gone")
	x.promise(o.Loyalty != order.LoyaltyReclaimFailed || x.told(order.ReclaimLoyaltyPoints), "a reclaim that failed left a letter, or the record tells")
	if o.Payment == order.PaymentRefundFailed {
		x.promise(x.cloud.points.takes[o.ID] == 0 || x.attempts("AddLoyaltyPoints") > 0 || o.Loyalty != order.LoyaltyAdded, "points on record outlive a refund that failed")
	}
}
