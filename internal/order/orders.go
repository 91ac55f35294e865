package order

import (
	"context"
	"time"
)

// UnstartedLife is how long an order is kept that no change has moved: its
// execution never started, so nothing was promised. It is longer than the life of
// an idempotency record, which may name the order.
const UnstartedLife = 25 * time.Hour

// Orders is where orders are kept. Every method may return an error that wraps
// ErrUnavailable: the same call may work later. A store may forget an order that is
// settled, after a time.
type Orders interface {
	// Submit stores all orders of the submission or none, and returns them. One
	// that no change moves within UnstartedLife may disappear. If
	// its idempotency key is known, with the same fingerprint and not expired,
	// it stores nothing and returns the orders of that earlier submission as
	// they now stand, in their order. Of two submissions with one key that arrive
	// at once, one is stored and both return its orders. A known key with another
	// fingerprint is ErrKeyReused. An id that is taken is an error, too.
	Submit(ctx context.Context, s Submission) ([]Order, error)
	// Get returns the order as the latest finished write left it, or ErrNotFound.
	Get(ctx context.Context, id string) (Order, error)
	// Apply makes the change in one atomic step if the order stands where the
	// change's transition starts. It returns the order as it then stands and
	// whether this call moved it. Without such an order: ErrNotFound.
	Apply(ctx context.Context, id string, c Change) (Order, bool, error)
}

// Submission is what one request orders: the pending orders and, if the
// customer sent an idempotency key, the record that makes its repetition
// harmless.
type Submission struct {
	Orders []Order
	Record *Record // nil without a key
}

// Record remembers an idempotency key. Only hashes are kept: a key may hold
// what its customer would not want stored.
type Record struct {
	Key         string    // the SHA-256 of the key and of whose it is, in hex
	Fingerprint string    // the SHA-256 of what was asked for, in hex
	Expires     time.Time // from then on the key counts as unknown
}

// Executions runs orders through the workflow.
type Executions interface {
	// Start starts the execution of the order, named by the order's id. An
	// execution of that name that has the same input is a success, whether it
	// runs or has ended; with another input it is an error. After an error the
	// execution may run all the same: an answer can get lost. An error that wraps
	// ErrUnavailable means that the same call may work later.
	Start(ctx context.Context, r Request) error
}
