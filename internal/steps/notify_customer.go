package steps

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// NotifyCustomer ends an order that did not go well: it writes the final
// status, from which step failed and why, and tells the customer (simulated: a
// log line). Without failures it ends an order whose dead letters have been
// redriven.
func (s *Steps) NotifyCustomer(ctx context.Context, in Input) (order.Order, error) {
	o, err := s.find(ctx, in.Order, order.NotifyCustomer)
	if err != nil {
		return o, err
	}
	failures, ends := verdict(o, in.Failures)
	for _, t := range ends {
		c := order.NewChange(t, time.Now(), untold(o, failures)...)
		c.Notified = true
		c.DeadLetters = []order.Queue{}
		if len(failures) > 0 {
			c.Failure = &failures[len(failures)-1]
		}
		s.settleDeadLetters(&c, in)
		var moved bool
		if o, moved, err = s.Orders.Apply(ctx, in.Order.ID, c); err != nil {
			return o, fmt.Errorf("%s: %w", order.NotifyCustomer, err)
		}
		if moved {
			s.Logger.Info("customer notified", "orderId", o.ID, "status", o.Status)
			return o, nil
		}
	}
	if o.Status.Ended() {
		return o, nil
	}
	return o, fmt.Errorf("%s cannot end order %s with status %s, payment %s: %w", order.NotifyCustomer, o.ID, o.Status, o.Payment, order.ErrClosed)
}

// verdict is what the failures make of the order: the steps that failed, in the
// order in which they did, and the ends that may apply, the likeliest first.
func verdict(o order.Order, f workflow.Failures) ([]order.Failure, []order.Transition) {
	var failures []order.Failure
	failed := func(failure order.Failure, ok bool) bool {
		if ok {
			failures = append(failures, failure)
		}
		return ok
	}
	ends := []order.Transition{order.Cancel}
	if failed(f.Of(order.CreateOrder)) {
		ends = []order.Transition{order.Fail}
	}
	if failed(f.Of(order.ProcessPayment)) {
		ends = []order.Transition{order.GiveUpPayment}
		if f[string(order.ProcessPayment)].Error == workflow.ErrorName(order.ErrDeclined) {
			ends = []order.Transition{order.Decline}
		}
	}
	failed(f.OfKitchen(kitchenStep(o)))
	if failed(f.Of(order.RefundPayment)) {
		ends = []order.Transition{order.GiveUpRefund, order.GiveUpRollback}
	}
	if failed(f.Of(order.ReclaimLoyaltyPoints)) {
		ends = []order.Transition{order.GiveUpReclaim, order.GiveUpRollback}
	}
	return failures, ends
}

// untold returns those of the failures that the order's timeline does not tell
// of yet.
func untold(o order.Order, failures []order.Failure) []order.Failure {
	return slices.DeleteFunc(slices.Clone(failures), func(f order.Failure) bool {
		return slices.ContainsFunc(o.Timeline, func(m order.Milestone) bool { return m.Step == f.Step && m.Status == order.StepFailed })
	})
}

// kitchenStep is the step at which the kitchen branch failed. Its Catch does
// not say, but the order stands where the branch's last step left it.
func kitchenStep(o order.Order) order.StepName {
	if o.Status == order.Paid {
		return order.PrepareOrder
	}
	return order.ProcessOrder
}
