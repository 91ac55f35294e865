// Package steps holds the steps of the order workflow, one file each, named as
// the action that runs it.
//
// Every step is idempotent: taken twice, at once or much later, with the same
// order, it moves money and points once and answers alike. A step that comes
// too late for its order changes nothing and returns order.ErrClosed; a forward
// step that finds the order cancelled returns order.ErrCancelled. A forward step
// that its request wants to fail does so before it changes anything; a
// compensation, where it asks the system outside, as a real refusal would.
package steps

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"pizzasaga/internal/need"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// PaymentGateway moves the customer's money. The order's id is the idempotency
// key of both calls: repeated, they move it once.
type PaymentGateway interface {
	// Charge takes the money. A definite refusal wraps order.ErrDeclined.
	Charge(ctx context.Context, r order.Request) error
	// Refund gives back what was taken, if anything was. It also voids the key:
	// a charge that was on its way is refused when it arrives.
	Refund(ctx context.Context, r order.Request) error
}

// LoyaltyProgramme keeps the customer's points. The order's id is the
// idempotency key of both calls.
type LoyaltyProgramme interface {
	Add(ctx context.Context, r order.Request) error
	// Reclaim takes back what was added, if anything was, and voids the key.
	Reclaim(ctx context.Context, r order.Request) error
}

// Kitchen makes the pizza. The order's id is the idempotency key of its calls.
type Kitchen interface {
	Prepare(ctx context.Context, r order.Request) error
	// HandOver gives the cooked pizza to the courier. A definite refusal, of a
	// voided key for example, wraps order.ErrRefused.
	HandOver(ctx context.Context, r order.Request) error
	// Void makes sure that no pizza leaves the kitchen for this key any more, and
	// reports whether one has left before. It takes no time.
	Void(ctx context.Context, r order.Request) (handedOver bool, err error)
}

// Config is what the steps work with; all of it is needed.
type Config struct {
	Orders   order.Orders
	Payments PaymentGateway
	Loyalty  LoyaltyProgramme
	Kitchen  Kitchen
	Logger   *slog.Logger
}

// Steps runs the steps of the workflow. It is safe for concurrent use.
type Steps struct{ Config }

// New returns the steps, or an error that names each field that is missing.
func New(c Config) (*Steps, error) {
	if err := need.Fields("steps.Config", map[string]bool{
		"Orders": c.Orders != nil, "Payments": c.Payments != nil, "Loyalty": c.Loyalty != nil, "Kitchen": c.Kitchen != nil, "Logger": c.Logger != nil,
	}); err != nil {
		return nil, err
	}
	return &Steps{c}, nil
}

// Input is what the workflow hands to a step.
type Input struct {
	Order order.Request `json:"order"`
	// Failures are those that the workflow has caught so far; only the steps
	// that write them down are given them.
	Failures workflow.Failures `json:"failures"`
	// EnteredAt is when the workflow entered the state that runs the step, for
	// those that write failures down. A retry has the time of the first attempt.
	EnteredAt time.Time `json:"enteredAt"`
}

// Step takes one step for the input's order and returns the order as it stands
// afterwards. Its errors are those that package workflow has names for; any
// other is internal.
type Step func(ctx context.Context, in Input) (order.Order, error)

// ByName returns every step under its name.
func (s *Steps) ByName() map[order.StepName]Step {
	return map[order.StepName]Step{
		order.CreateOrder:          s.CreateOrder,
		order.ProcessPayment:       s.ProcessPayment,
		order.AddLoyaltyPoints:     s.AddLoyaltyPoints,
		order.RecordLoyaltyFailure: s.RecordLoyaltyFailure,
		order.PrepareOrder:         s.PrepareOrder,
		order.ProcessOrder:         s.ProcessOrder,
		order.CompleteOrder:        s.CompleteOrder,
		order.RefundPayment:        s.RefundPayment,
		order.ReclaimLoyaltyPoints: s.ReclaimLoyaltyPoints,
		order.NotifyCustomer:       s.NotifyCustomer,
	}
}

// simulateForward is simulate for a step that a cancellation stops: it finds that
// first, as the step's own conditional write would.
func (s *Steps) simulateForward(ctx context.Context, r order.Request, t order.Transition) error {
	failure := simulate(r, t.Step)
	if failure == nil {
		return nil
	}
	if o, err := s.find(ctx, r, t.Step); err == nil && !t.Allows(o) {
		if err := order.NewChange(t, time.Now()).Settle(o, false); errors.Is(err, order.ErrCancelled) {
			return err
		}
	}
	return failure
}

// simulate returns the failure that the request asks of the step, if it does.
func simulate(r order.Request, step order.StepName) error {
	if !workflow.Fails(step, r.ErrorOnStep) {
		return nil
	}
	why := workflow.ErrSimulated
	if step == order.ProcessPayment {
		why = order.ErrDeclined
	}
	return fmt.Errorf("%s: %w (errorOnStep %d)", step, why, r.ErrorOnStep)
}

// settleDeadLetters writes into the change which failures lie in a dead letter
// queue and which were lost on the way there, and logs these: nothing but the
// log and the order tells of them.
func (s *Steps) settleDeadLetters(c *order.Change, in Input) {
	sent, lost := in.Failures.DeadLetters()
	c.DeadLetters = append(c.DeadLetters, sent...)
	for _, l := range lost {
		s.Logger.Error("dead letter lost", "orderId", in.Order.ID, "queue", l.Queue, "error", l.Error, "cause", l.Cause)
		c.Milestones = append(c.Milestones, order.Milestone{Step: l.Step, Status: order.DeadLetterLost, At: c.At, Error: l.Error, Cause: l.Cause})
	}
}

// find returns the order that the step is taken for.
func (s *Steps) find(ctx context.Context, r order.Request, step order.StepName) (order.Order, error) {
	o, err := s.Orders.Get(ctx, r.ID)
	if err != nil {
		return o, fmt.Errorf("%s: %w", step, err)
	}
	return o, nil
}

// advance moves the order along the transition, or finds that it has gone
// that way before. The failures are written down beside it.
func (s *Steps) advance(ctx context.Context, r order.Request, t order.Transition, failures ...order.Failure) (order.Order, error) {
	c := order.NewChange(t, time.Now(), failures...)
	o, moved, err := s.Orders.Apply(ctx, r.ID, c)
	if err != nil {
		return o, fmt.Errorf("%s: %w", t.Step, err)
	}
	return o, c.Settle(o, moved)
}

// perform has an outside system act and writes down that it did. It looks
// first whether the order still waits for that, so that a repeated or late
// step leaves the outside alone; the write decides.
func (s *Steps) perform(ctx context.Context, r order.Request, t order.Transition, act func(context.Context, order.Request) error) (order.Order, error) {
	o, err := s.find(ctx, r, t.Step)
	if err != nil {
		return o, err
	}
	if !t.Allows(o) {
		return o, order.NewChange(t, time.Now()).Settle(o, false)
	}
	if err := act(ctx, r); err != nil {
		return o, fmt.Errorf("%s: %w", t.Step, err)
	}
	return s.advance(ctx, r, t)
}
