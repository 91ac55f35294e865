package order

import (
	"context"
	"errors"
	"fmt"
)

// The errors of an order. An error about an order that wraps none of these is internal.
var (
	// ErrNotFound: no order has this id.
	ErrNotFound = errors.New("no such order")
	// ErrClosed: the step is too late; the order was rolled back or has ended.
	ErrClosed = errors.New("the order is closed to this step")
	// ErrCancelled: the step found that the customer has asked to cancel.
	ErrCancelled = errors.New("the customer cancelled the order")
	// ErrDeclined: the payment gateway refused, and no money moved.
	ErrDeclined = errors.New("the payment was declined")
	// ErrRefused: the kitchen refused for good to hand the pizza over.
	ErrRefused = errors.New("the kitchen refused")
	// ErrInvalid: the request to the step is malformed and can never work.
	ErrInvalid = errors.New("invalid")
	// ErrUnavailable: the store or the workflow did not answer; retrying may work.
	ErrUnavailable = errors.New("temporarily unavailable")
	// ErrKeyReused: the idempotency key was used before for a different request.
	ErrKeyReused = errors.New("the idempotency key was used for another request")
)

// CheckContext returns an error that wraps ErrUnavailable if ctx has ended. With it, a
// store on this machine fails as a call to AWS would.
func CheckContext(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return nil
}
