package order

import (
	"cmp"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// Change is a transition of one order and what is recorded with it.
type Change struct {
	Transition
	At          time.Time
	Failure     *Failure    // why the order failed; the first one is kept
	DeadLetters []Queue     // added to the order's dead letters
	Notified    bool        // the customer has just been told
	Milestones  []Milestone // added to the timeline

	// OnlyIf, if not nil, lists the dead letters that the order must have, no more and no
	// less.
	OnlyIf []Queue
	// Rest, if not nil, replaces the order's dead letters.
	Rest []Queue
}

// NewChange returns the change for a transition at a time. The failures belong to earlier
// steps and could not be recorded when they happened; they precede the transition in the
// timeline.
func NewChange(t Transition, now time.Time, failures ...Failure) Change {
	c := Change{Transition: t, At: Time(now)}
	for _, f := range failures {
		c.Milestones = append(c.Milestones, f.milestone(c.At))
	}
	c.Milestones = append(c.Milestones, Milestone{Step: t.Step, Status: t.outcome(), At: c.At})
	return c
}

// milestone returns the failure's entry in a timeline. If the failure has no time, it
// uses the given one.
func (f Failure) milestone(at time.Time) Milestone {
	return Milestone{Step: f.Step, Status: StepFailed, At: cmp.Or(f.At, at), Error: f.Error, Cause: f.Cause}
}

// WithPointsFailure returns the change that records in the timeline that adding the
// points failed, for an order that has its points anyway. It can be made while the order
// is in progress and has no dead letter.
func WithPointsFailure(f Failure, now time.Time) Change {
	at := Time(now)
	underWay := Transition{Step: RecordLoyaltyFailure, Status: FailPoints.Status}
	return Change{Transition: underWay, At: at, OnlyIf: []Queue{}, Milestones: []Milestone{f.milestone(at)}}
}

// WithoutLetter returns the change that removes a queue from the order's dead letters, if
// they have not changed since o was read.
func WithoutLetter(o Order, q Queue, now time.Time) Change {
	rest := slices.DeleteFunc(slices.Clone(o.DeadLetters), func(other Queue) bool { return other == q })
	return Change{At: Time(now), OnlyIf: append([]Queue{}, o.DeadLetters...), Rest: append([]Queue{}, rest...)}
}

// Allows reports whether the change can be made to the order.
func (c Change) Allows(o Order) bool {
	return c.Transition.Allows(o) && (c.OnlyIf == nil || slices.Equal(c.OnlyIf, o.DeadLetters))
}

// Apply makes the change and returns true if the order allows it; otherwise it changes
// nothing.
func (c Change) Apply(o *Order) bool {
	if !c.Allows(*o) {
		return false
	}
	set(&o.Status, c.ToStatus)
	set(&o.Payment, c.ToPayment)
	set(&o.Loyalty, c.ToLoyalty)
	o.UpdatedAt = c.At
	if c.Notified {
		o.NotifiedAt = &c.At
	}
	if c.ToCancelRequested {
		o.CancelRequestedAt = &c.At
	}
	o.HandedOver = o.HandedOver || c.ToHandedOver
	if o.Failure == nil {
		o.Failure = c.Failure
	}
	if c.Rest != nil {
		o.DeadLetters = slices.Clone(c.Rest)
	}
	o.DeadLetters = append(slices.Clip(o.DeadLetters), c.DeadLetters...)
	if len(o.Timeline)+len(c.Milestones) <= MaxMilestones {
		o.Timeline = append(slices.Clip(o.Timeline), c.Milestones...)
	}
	return true
}

func set[T ~string](field *T, to T) {
	if to != "" {
		*field = to
	}
}

// Settle turns a store's answer to the change into the step's result: nil if the order
// moved now or earlier, an error that wraps ErrCancelled if only the customer's request
// to cancel prevents the change, and one that wraps ErrClosed if the order can no longer
// make this transition.
func (c Change) Settle(o Order, moved bool) error {
	if moved || c.Taken(o) {
		return nil
	}
	if c.UnlessCancelRequested && o.CancelRequestedAt != nil && c.allowsStatuses(o) {
		return fmt.Errorf("%s: %w", c.Step, ErrCancelled)
	}
	return fmt.Errorf("%s finds order %s with status %s, payment %s, loyalty %s: %w",
		c.Step, o.ID, o.Status, o.Payment, o.Loyalty, ErrClosed)
}

// maxCause is how many bytes of a cause an order stores. AWS allows 32,768 characters for
// a cause, and 400 KB for an item.
const maxCause = 500

// NewFailure returns a failure with its cause cut to the length that an order stores.
func NewFailure(step StepName, name, cause string) Failure {
	if len(cause) > maxCause {
		cut := maxCause
		for !utf8.RuneStart(cause[cut]) {
			cut--
		}
		cause = cause[:cut] + "…"
	}
	return Failure{Step: step, Error: name, Cause: cause}
}
