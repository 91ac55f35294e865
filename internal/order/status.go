package order

import "slices"

// Status is where an order stands.
type Status string

// An order that goes well passes through the first eight, in this order.
const (
	Pending           Status = "PENDING"
	Created           Status = "CREATED"
	PaymentProcessing Status = "PAYMENT_PROCESSING"
	PaymentComplete   Status = "PAYMENT_COMPLETE"
	CookingStarted    Status = "COOKING_STARTED"
	CookingCompleted  Status = "COOKING_COMPLETED"
	DeliveryStarted   Status = "DELIVERY_STARTED"
	DeliveryConfirmed Status = "DELIVERY_CONFIRMED"
)

// An order that does not go well ends in one of these.
const (
	PaymentFailed  Status = "PAYMENT_FAILED"  // the payment was refused, or taken back because its fate was unknown
	Cancelled      Status = "CANCELLED"       // rolled back: refunded, points reclaimed
	RollbackFailed Status = "ROLLBACK_FAILED" // a compensation failed: a dead letter holds what is left to do
	Failed         Status = "FAILED"          // failed before any money moved
)

var happyPath = []Status{Pending, Created, PaymentProcessing, PaymentComplete,
	CookingStarted, CookingCompleted, DeliveryStarted, DeliveryConfirmed}

// Ended reports whether the workflow is done with an order of this status.
func (s Status) Ended() bool {
	switch s {
	case DeliveryConfirmed, PaymentFailed, Cancelled, RollbackFailed, Failed:
		return true
	}
	return false
}

// reached reports whether s is t or lies behind it on the happy path.
func (s Status) reached(t Status) bool {
	if s == t {
		return true
	}
	i, j := slices.Index(happyPath, s), slices.Index(happyPath, t)
	return j >= 0 && i >= j
}

// Payment is where an order's money stands.
type Payment string

// The payment's statuses. PaymentRefunded means that the customer has the
// money, whether it was given back or never taken; no charge can follow it.
const (
	PaymentNone         Payment = "NONE"
	PaymentPending      Payment = "PROCESSING"
	PaymentPaid         Payment = "COMPLETE"
	PaymentDeclined     Payment = "DECLINED"
	PaymentRefunding    Payment = "REFUNDING"
	PaymentRefunded     Payment = "REFUNDED"
	PaymentRefundFailed Payment = "REFUND_FAILED"
)

// Loyalty is where an order's loyalty points stand.
type Loyalty string

// The loyalty statuses.
const (
	LoyaltyNone          Loyalty = "NONE"
	LoyaltyAdded         Loyalty = "ADDED"
	LoyaltyAddFailed     Loyalty = "ADD_FAILED"
	LoyaltyReclaimed     Loyalty = "RECLAIMED"
	LoyaltyReclaimFailed Loyalty = "RECLAIM_FAILED"
)
