// Package order is the domain: a pizza order, its statuses and the one table of
// transitions between them. It depends on neither AWS nor HTTP.
package order

import (
	"cmp"
	"crypto/rand"
	"slices"
	"time"
)

// Request is what a customer ordered. It is the input of the order's execution
// and of every step, so it stays small.
type Request struct {
	ID                  string `json:"orderId"`
	Flavour             string `json:"flavour"`
	PerStepDelaySeconds int    `json:"perStepDelaySeconds"`
	ErrorOnStep         Fault  `json:"errorOnStep"`
}

// Fault is the number of the step that is made to fail on purpose, or 0 for none. The
// numbers are the constants Fault... of package workflow.
type Fault int

// Delay returns how long each outside system takes to handle the order.
func (r Request) Delay() time.Duration {
	return time.Duration(r.PerStepDelaySeconds) * time.Second
}

// The default flavour, and the limits of a request. The longest delay is well below the
// function's time-out.
const (
	DefaultFlavour         = "plain"
	MaxFlavourLength       = 64 // characters
	MaxPerStepDelaySeconds = 20
)

// Order is a request and its current state.
type Order struct {
	Request
	Status      Status      `json:"status"`
	Payment     Payment     `json:"payment"`
	Loyalty     Loyalty     `json:"loyalty"`
	CreatedAt   time.Time   `json:"createdAt"`
	UpdatedAt   time.Time   `json:"updatedAt"`
	NotifiedAt  *time.Time  `json:"notifiedAt,omitempty"`
	Failure     *Failure    `json:"failure,omitempty"`
	DeadLetters []Queue     `json:"deadLetters,omitempty"`
	Timeline    []Milestone `json:"timeline"`

	// CancelRequestedAt is when the customer asked to cancel, if they have.
	CancelRequestedAt *time.Time `json:"cancelRequestedAt,omitempty"`
	// HandedOver says that the kitchen had handed the pizza over when the order
	// was rolled back.
	HandedOver bool `json:"handedOver,omitempty"`
}

// Failure is why an order failed: the first step that failed for good, the name of its
// error, the error's message, and when the workflow noticed.
type Failure struct {
	Step  StepName  `json:"step"`
	Error string    `json:"error"`
	Cause string    `json:"cause,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

// CancelAccepted reports whether the order is being or was cancelled because the customer
// asked for it, even if a compensation failed. It is false for an order that ended
// otherwise: its payment was declined, or it never started. An order that the customer
// asked to cancel is never delivered.
func (o Order) CancelAccepted() bool {
	return o.CancelRequestedAt != nil && o.Status != FailedPayment && o.Status != Failed
}

// Settled reports whether the order has ended and nothing is owed by or to the customer:
// no money, no points, no dead letter.
func (o Order) Settled() bool {
	switch {
	case !o.Status.Ended() || o.Status == RollbackFailed || len(o.DeadLetters) > 0:
		return false
	case o.Status.Reached(DeliveryConfirmed):
		return o.Payment == PaymentPaid && o.Loyalty == LoyaltyAdded
	default:
		return slices.Contains([]Payment{PaymentNone, PaymentDeclined, PaymentRefunded}, o.Payment) &&
			slices.Contains([]Loyalty{LoyaltyNone, LoyaltyAddFailed, LoyaltyReclaimed}, o.Loyalty)
	}
}

// Expired reports whether the order is at least UnstartedLife old and has never changed.
func (o Order) Expired(now time.Time) bool {
	return len(o.Timeline) == 1 && now.Sub(o.CreatedAt) >= UnstartedLife
}

// NewestFirst orders by creation, the newest first, then by errorOnStep and id.
func NewestFirst(a, b Order) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ErrorOnStep, b.ErrorOnStep), cmp.Compare(a.ID, b.ID))
}

// Queue names a dead letter queue, which is named after the state whose failures it keeps.
type Queue string

// Milestone is one entry of an order's timeline: a step with the status that it set (the
// order's, or else the payment's or the loyalty's), or with StepFailed and the reason. At
// is when it happened; for a failed step, it is when the workflow noticed.
type Milestone struct {
	Step   StepName  `json:"step"`
	Status string    `json:"status"`
	At     time.Time `json:"at"`
	Error  string    `json:"error,omitempty"`
	Cause  string    `json:"cause,omitempty"`
}

// The values of Milestone.Status that are not statuses: the step failed, its dead letter
// could not be sent, the customer asked to cancel, the pizza had been handed over before
// the rollback.
const (
	StepFailed      = "FAILED"
	DeadLetterLost  = "DEAD_LETTER_LOST"
	CancelRequested = "CANCEL_REQUESTED"
	HandedOver      = "HANDED_OVER"
)

// Failed reports whether the step failed for good. The status alone is not enough,
// because an order's own status can be FAILED, too.
func (m Milestone) Failed() bool { return m.Status == StepFailed && m.Error != "" }

// MaxMilestones is the maximum length of a timeline. A change whose entries would exceed
// it is made without them.
const MaxMilestones = 50

// NewID returns an id of 26 letters and digits that cannot be guessed (130 random bits).
// It is also the name of the order's execution.
func NewID() string { return rand.Text() }

// New returns the pending order for a request.
func New(r Request, now time.Time) Order {
	now = Time(now)
	return Order{
		Request: r, Status: Pending, Payment: PaymentNone, Loyalty: LoyaltyNone,
		CreatedAt: now, UpdatedAt: now,
		Timeline: []Milestone{{Step: Submit, Status: string(Pending), At: now}},
	}
}

// Time returns t as orders store it: in UTC, truncated to the millisecond.
func Time(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Summary is what a step returns: enough to follow an order, and small enough to pass
// through a workflow.
type Summary struct {
	ID      string  `json:"orderId"`
	Status  Status  `json:"status"`
	Payment Payment `json:"payment"`
	Loyalty Loyalty `json:"loyalty"`
}

// Summary returns the order's summary.
func (o Order) Summary() Summary {
	return Summary{ID: o.ID, Status: o.Status, Payment: o.Payment, Loyalty: o.Loyalty}
}
