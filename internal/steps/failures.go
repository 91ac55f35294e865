package steps

import (
	"cmp"
	"slices"
	"time"

	"pizzasaga/internal/order"
)

// failures returns the steps that failed for good, in the sequence in which they failed.
func (in Input) failures(o order.Order) []order.Failure {
	var all []order.Failure
	add := func(f order.Failure, failed bool) {
		if failed {
			f.At = in.noticed(f)
			all = append(all, f)
		}
	}
	add(in.Failures.Of(order.CreateOrder))
	add(in.Failures.Of(order.ProcessPayment))
	add(in.Failures.OfKitchen(kitchenStep(o)))
	add(in.Failures.Of(order.RefundPayment))
	add(in.Failures.Of(order.ReclaimLoyaltyPoints))
	return all
}

// noticed returns when the workflow noticed the failure: when it entered the state that
// sent the dead letter or, without one, the state that now records the failure.
// Executions of earlier definitions have neither time.
func (in Input) noticed(f order.Failure) time.Time {
	return order.Time(cmp.Or(f.At, in.EnteredAt, time.Now()))
}

// unrecorded returns the failures that are not yet in the order's timeline.
func unrecorded(o order.Order, failures []order.Failure) []order.Failure {
	return slices.DeleteFunc(slices.Clone(failures), func(f order.Failure) bool {
		return slices.ContainsFunc(o.Timeline, func(m order.Milestone) bool { return m.Step == f.Step && m.Failed() })
	})
}

// kitchenStep returns the step at which the kitchen branch must have failed if the input
// does not say. Until the rollback begins, the status is that of the branch's last write:
// if it is DeliveryStarted, the hand-over failed; if it is an earlier one, the step after
// it failed.
func kitchenStep(o order.Order) order.StepName {
	switch {
	case o.Failure != nil:
		return o.Failure.Step
	case o.Status.Reached(order.Paid) && !o.Status.Reached(order.DeliveryStarted):
		return order.NextStep(o.Status)
	}
	return order.StartDelivery.Step
}
