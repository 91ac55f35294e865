package order

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// Change is a transition of one order with what is written down beside it.
type Change struct {
	Transition
	At          time.Time
	Failure     *Failure    // why the order ends as it does; the first one stays
	DeadLetters []Queue     // nil leaves them as they are, empty clears them
	Notified    bool        // the customer was told, now
	Milestones  []Milestone // what the timeline gains
}

// NewChange returns the change for a transition at a time. The failures are
// those of earlier steps that nobody could write down when they happened; they
// precede the transition in the timeline.
func NewChange(t Transition, now time.Time, failures ...Failure) Change {
	c := Change{Transition: t, At: Time(now)}
	if t.ToLoyalty == LoyaltyAdded {
		c.DeadLetters = []Queue{} // of an order that gets points, no other letter is left
	}
	for _, f := range failures {
		c.Milestones = append(c.Milestones, Milestone{Step: f.Step, Status: StepFailed, At: c.At, Error: f.Error, Cause: f.Cause})
	}
	c.Milestones = append(c.Milestones, Milestone{Step: t.Step, Status: t.outcome(), At: c.At})
	return c
}

// Apply makes the change and reports true if the order stands where the
// transition starts; else it changes nothing.
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
	if o.Failure == nil {
		o.Failure = c.Failure
	}
	if c.DeadLetters != nil {
		o.DeadLetters = slices.Clone(c.DeadLetters)
	}
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

// Settle turns what a store answered to the change into the step's result: nil
// if the order moved now or had moved before, an error that wraps ErrClosed if
// it can no longer move this way.
func (c Change) Settle(o Order, moved bool) error {
	if moved || c.Taken(o) {
		return nil
	}
	return fmt.Errorf("%s finds order %s with status %s, payment %s, loyalty %s: %w",
		c.Step, o.ID, o.Status, o.Payment, o.Loyalty, ErrClosed)
}

// maxCause bounds what an order remembers of a cause, in bytes. AWS allows a
// cause 32,768 characters, and an item 400 KB.
const maxCause = 500

// NewFailure returns a failure with its cause cut to what an order remembers.
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
