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

// BackOffice is what the local program offers in place of the AWS console.
type BackOffice interface {
	// Orders returns all orders, the newest first.
	Orders() []order.Order
	// DeadLetters returns the messages in the dead letter queues, each queue in its
	// order. It does not hide them from a redrive.
	DeadLetters(ctx context.Context) []DeadLetter
	// Redrive redrives up to ten letters of a queue or, if the queue is "", all letters
	// of all queues. It returns a report for each queue, as the function's action
	// redriveDeadLetters does. Its errors are those of [order.Orders].
	Redrive(ctx context.Context, q order.Queue) ([]json.RawMessage, error)
}

// DeadLetter is a task that failed and can be redriven.
type DeadLetter struct {
	Queue  order.Queue    `json:"queue"`
	SentAt time.Time      `json:"sentAt"`
	Order  *order.Summary `json:"order,omitempty"` // current; left out if it is not found
	Error  string         `json:"error,omitempty"`
	Cause  string         `json:"cause,omitempty"`
}

// parameters returns the query parameters. It refuses a parameter that is not in names,
// because it would be ignored, and one that is repeated or empty.
func parameters(r *http.Request, names ...string) (url.Values, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(invalidParameter, "The query ?%s cannot be read.", show(r.URL.RawQuery))
	}
	for name, values := range q {
		if !slices.Contains(names, name) {
			return nil, refuse(unknownParameter, "There is no query parameter %s here, only %s.", show(name), strings.Join(names, " and "))
		}
		if len(values) > 1 || values[0] == "" {
			return nil, refuse(invalidParameter, "The query parameter %s must be given once, with a value.", name)
		}
	}
	return q, nil
}

// choice returns the value of a query parameter, or "" if it is missing. It refuses a
// value that is not in of.
func choice[T ~string](q url.Values, name string, of []T) (T, error) {
	value := T(q.Get(name))
	if value != "" && !slices.Contains(of, value) {
		var names []string
		for _, v := range of {
			names = append(names, string(v))
		}
		return "", refuse(invalidParameter, "The query parameter %s must be one of %s; it is %s.", name, strings.Join(names, ", "), show(string(value)))
	}
	return value, nil
}
