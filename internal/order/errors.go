package order

import "errors"

// What can go wrong with an order. Everything that returns an error about an
// order wraps one of these; an error that wraps none is internal.
var (
	// ErrNotFound: no order has this id.
	ErrNotFound = errors.New("no such order")
	// ErrClosed: the step came too late, the order was rolled back or has ended.
	ErrClosed = errors.New("the order is closed to this step")
	// ErrDeclined: the payment gateway refused, and no money moved.
	ErrDeclined = errors.New("the payment was declined")
	// ErrSimulated: the step fails because the request's errorOnStep says so.
	ErrSimulated = errors.New("simulated failure")
	// ErrInvalid: the step was asked for in a way that can never work.
	ErrInvalid = errors.New("invalid")
	// ErrUnavailable: the store or the workflow did not answer; the same call may work later.
	ErrUnavailable = errors.New("temporarily unavailable")
	// ErrKeyReused: the idempotency key was used before, for something else.
	ErrKeyReused = errors.New("the idempotency key was used for another request")
)

// Names under which the errors leave the function: what the workflow's Retry
// and Catch match. They are a contract with the definition.
var errorNames = []struct {
	err  error
	name string
}{
	{ErrDeclined, "PaymentDeclined"},
	{ErrSimulated, "SimulatedFailure"},
	{ErrUnavailable, "StoreUnavailable"},
	{ErrNotFound, "OrderNotFound"},
	{ErrClosed, "OrderClosed"},
	{ErrInvalid, "InvalidEvent"},
}

// Internal is the name of an error that wraps none of this package's.
const Internal = "Internal"

// ErrorName returns the stable name of an error.
func ErrorName(err error) string {
	for _, n := range errorNames {
		if errors.Is(err, n.err) {
			return n.name
		}
	}
	return Internal
}

// ErrorNames lists every name that ErrorName can return.
func ErrorNames() []string {
	names := []string{Internal}
	for _, n := range errorNames {
		names = append(names, n.name)
	}
	return names
}
