package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pizzasaga/internal/order"
)

// BackOffice is what the local program offers beside the API, in place of AWS's
// console.
type BackOffice interface {
	// Orders returns all orders, the newest first.
	Orders() []order.Order
	// DeadLetters returns what waits in the dead letter queues, each in its order.
	// It hides no letter from who redrives.
	DeadLetters(ctx context.Context) []DeadLetter
	// Redrive redrives up to ten letters of a queue, or, if the queue is "", all letters
	// of all queues. It returns a report of each queue, as the function's action
	// redriveDeadLetters does. Its errors are those of the store.
	Redrive(ctx context.Context, q order.Queue) ([]json.RawMessage, error)
}

// DeadLetter is a task that could not be done, and waits for somebody to redrive it.
type DeadLetter struct {
	Queue  order.Queue    `json:"queue"`
	SentAt time.Time      `json:"sentAt"`
	Order  *order.Summary `json:"order,omitempty"` // as it stands now, if it can be found
	Error  string         `json:"error,omitempty"`
	Cause  string         `json:"cause,omitempty"`
}

// parameters returns the query parameters. It refuses one that has another name than
// those given, which would do nothing, and one that is given twice or empty.
func parameters(r *http.Request, names ...string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(invalidParameter, "The query ?%s cannot be read.", show(r.URL.RawQuery))
	}
	for name, values := range q {
		if !slices.Contains(names, name) {
			return nil, refuse(unknownParameter, "There is no query parameter %s here; there is %s.", show(name), strings.Join(names, " and "))
		}
		if len(values) > 1 || values[0] == "" {
			return nil, refuse(invalidParameter, "The query parameter %s must be given once, with a value.", name)
		}
	}
	return q, nil
}

// choice returns the value of a query parameter, which must be one of those given, or ""
// if it is left out.
func choice[T ~string](q url.Values, name string, of []T) (T, error) {
	value := T(q.Get(name))
	if value != "" && !slices.Contains(of, value) {
		return "", refuse(invalidParameter, "The query parameter %s must be one of %v, not %s.", name, of, show(string(value)))
	}
	return value, nil
}
