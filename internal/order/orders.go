package order

import (
	"context"
	"time"
)

// UnstartedLife is how long a store keeps an order that no change has moved, because its
// execution never started. It is longer than the life of an idempotency record, which may
// refer to the order.
const UnstartedLife = 25 * time.Hour

// Orders stores orders. Every method may return an error that wraps ErrUnavailable, which
// means that the same call may work later. A store may delete settled orders after a
// time.
type Orders interface {
	// Submit stores all orders of the submission or none, and returns them. An order that
	// no change moves within UnstartedLife may be deleted. If the idempotency key is
	// known, has the same fingerprint and has not expired, Submit stores nothing and
	// returns the current orders of the earlier submission, in the same sequence. If two
	// submissions with one key arrive at once, one is stored and both return its orders.
	// A known key with another fingerprint is ErrKeyReused. An order id that already
	// exists is an error.
	Submit(ctx context.Context, s Submission) ([]Order, error)
	// Get returns the order as of the latest completed write, or ErrNotFound.
	Get(ctx context.Context, id string) (Order, error)
	// Apply makes the change atomically if the order allows it. It returns the order as
	// it is afterwards and whether this call changed it. If no such order exists, it
	// returns ErrNotFound.
	Apply(ctx context.Context, id string, c Change) (Order, bool, error)
}

// Submission is the content of one request: the pending orders and, if the customer sent
// an idempotency key, the record that makes a retry harmless.
type Submission struct {
	Orders []Order
	Record *Record // nil without a key
}

// Record remembers an idempotency key. It has only hashes, because a key may contain
// something that the customer does not want stored.
type Record struct {
	Key         string    // SHA-256 of the key and its owner, in hex
	Fingerprint string    // SHA-256 of the request, in hex
	Expires     time.Time // from then on the key is treated as unknown
}

// Executions runs orders through the workflow.
type Executions interface {
	// Start starts the execution of the order, named by the order's id. If an execution
	// of that name exists, running or ended, Start succeeds if the input is the same and
	// returns an error otherwise. After an error the execution may still have started,
	// because the answer can get lost. An error that wraps ErrUnavailable means that the
	// same call may work later.
	Start(ctx context.Context, r Request) error
}
