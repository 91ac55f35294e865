// Package steps holds the steps of the order workflow, one file each, named after the
// action that runs it.
//
// Every step is idempotent: repeated for the same order, concurrently or much later, it
// moves money and points once and returns the same answer. A step that is too late for
// its order changes nothing and returns order.ErrClosed; a forward step of a cancelled
// order returns order.ErrCancelled. An injected fault fails a forward step before it
// changes anything, and a compensation at its call to the outside system, as a real
// refusal would.
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

// PaymentGateway moves the customer's money. The order's id is the idempotency key of
// both calls: a repeated call moves the money once.
type PaymentGateway interface {
	// Charge takes the money. A definite refusal wraps order.ErrDeclined. After any other
	// error the same call may be repeated.
	Charge(ctx context.Context, r order.Request) error
	// Refund returns what was charged, if anything was. It also voids the key: a charge
	// that arrives later is refused. After an error the same call may be repeated.
	Refund(ctx context.Context, r order.Request) error
}

// LoyaltyProgramme keeps the customer's points. The order's id is the
// idempotency key of both calls.
type LoyaltyProgramme interface {
	// Add adds the points. Any error but a refusal (order.ErrRefused) may be retried.
	Add(ctx context.Context, r order.Request) error
	// Reclaim takes back the points, if any were added, and voids the key.
	Reclaim(ctx context.Context, r order.Request) error
}

// Kitchen makes the pizza. The order's id is the idempotency key of its calls.
type Kitchen interface {
	// Prepare makes the pizza. Any error but a refusal (order.ErrRefused) may be retried.
	Prepare(ctx context.Context, r order.Request) error
	// HandOver gives the cooked pizza to the courier. A definite refusal, for example
	// because the key is void, wraps order.ErrRefused.
	HandOver(ctx context.Context, r order.Request) error
	// Void makes sure that no pizza is handed over for this key from now on, and reports
	// whether one has been already. It returns without the order's delay.
	Void(ctx context.Context, r order.Request) (handedOver bool, err error)
}

// Config has the dependencies of the steps. All are required.
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

// Input is what the workflow passes to a step.
type Input struct {
	Order order.Request `json:"order"`
	// Failures are the failures that the workflow has caught so far. Only the steps that
	// record them receive them.
	Failures workflow.Failures `json:"failures"`
	// EnteredAt is when the workflow entered the state that runs the step, for steps that
	// record failures. A retry has the time of the first attempt.
	EnteredAt time.Time `json:"enteredAt"`
}

// Step takes one step for the input's order and returns the order as it is afterwards.
// Package workflow has names for the step's errors; any other error is internal.
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

// simulateForward is simulate for a step that a cancellation stops. Like the step's own
// conditional write, it checks for a cancellation first.
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

// simulate returns the step's injected failure, if the request asks for it.
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

// settleDeadLetters adds to the change the queues that received a letter and a milestone
// for each lost one, and logs the lost ones. A lost letter is recorded only in the log
// and in the order.
func (s *Steps) settleDeadLetters(c *order.Change, in Input) {
	sent, lost := in.Failures.DeadLetters()
	c.DeadLetters = append(c.DeadLetters, sent...)
	for _, l := range lost {
		s.Logger.Error("dead letter lost", "orderId", in.Order.ID, "queue", l.Queue, "error", l.Error, "cause", l.Cause)
		c.Milestones = append(c.Milestones, order.Milestone{Step: l.Step, Status: order.DeadLetterLost, At: c.At, Error: l.Error, Cause: l.Cause})
	}
}

// find returns the order for a step.
func (s *Steps) find(ctx context.Context, r order.Request, step order.StepName) (order.Order, error) {
	o, err := s.Orders.Get(ctx, r.ID)
	if err != nil {
		return o, fmt.Errorf("%s: %w", step, err)
	}
	return o, nil
}

// advance moves the order along the transition, or finds that this has already been done.
func (s *Steps) advance(ctx context.Context, r order.Request, t order.Transition) (order.Order, error) {
	c := order.NewChange(t, time.Now())
	o, moved, err := s.Orders.Apply(ctx, r.ID, c)
	if err != nil {
		return o, fmt.Errorf("%s: %w", t.Step, err)
	}
	return o, c.Settle(o, moved)
}

// perform calls an outside system and records the result. It first checks whether the
// order still needs the call, so that a repeated or late step does not make it. Only the
// write at the end decides whether the step was in time.
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
