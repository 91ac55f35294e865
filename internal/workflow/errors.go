package workflow

import (
	"errors"

	"pizzasaga/internal/order"
)

// errorNames are the names of the errors that the function reports. The definition's
// Retry and Catch match them.
var errorNames = []struct {
	err  error
	name string
}{
	{order.ErrDeclined, "PaymentDeclined"},
	{ErrSimulated, "SimulatedFailure"},
	{order.ErrUnavailable, "StoreUnavailable"},
	{order.ErrNotFound, "OrderNotFound"},
	{order.ErrClosed, "OrderClosed"},
	{order.ErrCancelled, "OrderCancelled"},
	{order.ErrRefused, "KitchenRefused"},
	{order.ErrInvalid, "InvalidEvent"},
}

// internal is the name of every other error.
const internal = "Internal"

// ErrorName returns the name of an error that Retry and Catch match.
func ErrorName(err error) string {
	for _, n := range errorNames {
		if errors.Is(err, n.err) {
			return n.name
		}
	}
	return internal
}

// ErrorNames lists every name that ErrorName can return.
func ErrorNames() []string {
	names := []string{internal}
	for _, n := range errorNames {
		names = append(names, n.name)
	}
	return names
}

// DefiniteErrors lists the names of the errors that a retry cannot cure.
func DefiniteErrors() []string {
	var names []string
	for _, err := range []error{order.ErrDeclined, ErrSimulated, order.ErrClosed, order.ErrCancelled, order.ErrInvalid, order.ErrNotFound} {
		names = append(names, ErrorName(err))
	}
	return names
}
