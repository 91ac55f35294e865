package order

import "errors"

// What can go wrong with an order. Everything that returns an error about an
// order wraps one of these; an error that wraps none is internal.
var (
	// ErrNotFound: no order has this id.
	ErrNotFound = errors.New("no such order")
	// ErrClosed: the step came too late, the order was rolled back or has ended.
	ErrClosed = errors.New("the order is closed to this step")
	// ErrCancelled: the step found that the customer has asked to cancel.
	ErrCancelled = errors.New("the customer cancelled the order")
	// ErrDeclined: the payment gateway refused, and no money moved.
	ErrDeclined = errors.New("the payment was declined")
	// ErrRefused: the kitchen will never hand the pizza over.
	ErrRefused = errors.New("the kitchen refused")
	// ErrInvalid: the step was asked for in a way that can never work.
	ErrInvalid = errors.New("invalid")
	// ErrUnavailable: the store or the workflow did not answer; the same call may work later.
	ErrUnavailable = errors.New("temporarily unavailable")
	// ErrKeyReused: the idempotency key was used before, for something else.
	ErrKeyReused = errors.New("the idempotency key was used for another request")
)
