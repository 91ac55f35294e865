package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"pizzasaga/internal/order"
)

// kind is a class of errors as customers see it: the last part of a problem's type, its
// title and its status.
type kind struct {
	name   string
	title  string
	status int
}

var (
	malformed         = kind{"malformed-request", "The request cannot be read", http.StatusBadRequest}
	invalidField      = kind{"invalid-field", "A field is not valid", http.StatusBadRequest}
	faultInjectionOff = kind{"fault-injection-off", "Fault injection is switched off", http.StatusBadRequest}
	unknownParameter  = kind{"unknown-parameter", "There is no such query parameter", http.StatusBadRequest}
	invalidParameter  = kind{"invalid-parameter", "A query parameter is not valid", http.StatusBadRequest}
	unauthorized      = kind{"token-required", "A token is required", http.StatusUnauthorized}
	crossOrigin       = kind{"cross-origin", "Another website sent the request", http.StatusForbidden}
	orderNotFound     = kind{"order-not-found", "There is no such order", http.StatusNotFound}
	executionNotFound = kind{"execution-not-found", "There is no such execution", http.StatusNotFound}
	routeNotFound     = kind{"route-not-found", "There is nothing here", http.StatusNotFound}
	methodNotAllowed  = kind{"method-not-allowed", "The method is not allowed", http.StatusMethodNotAllowed}
	bodyTooLarge      = kind{"body-too-large", "The body is too large", http.StatusRequestEntityTooLarge}
	notJSON           = kind{"unsupported-media-type", "The body must be JSON", http.StatusUnsupportedMediaType}
	notCancellable    = kind{"order-not-cancellable", "The order can no longer be cancelled", http.StatusConflict}
	keyReused         = kind{"idempotency-key-reused", "The idempotency key was used for another request", http.StatusUnprocessableEntity}
	internal          = kind{"internal", "Something went wrong on our side", http.StatusInternalServerError}
	notAllStarted     = kind{"not-all-started", "Not all orders could be started", http.StatusServiceUnavailable}
	unavailable       = kind{"unavailable", "The shop cannot answer right now", http.StatusServiceUnavailable}
)

// problem is an error as RFC 9457 defines it, with the request's id.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	RequestID string `json:"requestId"`
	members
}

// members are additional fields of some problems, for programs.
type members struct {
	Errors []fieldError `json:"errors,omitempty"`
	// OrderStatus is the status that caused the problem.
	OrderStatus order.Status `json:"orderStatus,omitempty"`
	// Started and NotStarted are set if only some of several orders could be started.
	Started    []receipt `json:"started,omitempty"`
	NotStarted []receipt `json:"notStarted,omitempty"`
}

// problemType is the prefix of every problem's type. It is a URN because there is nothing
// to fetch.
const problemType = "urn:problem-type:pizzasaga:"

// retryAfter is how many seconds a customer should wait for a shop that is unavailable:
// longer than the stores' own retries take.
const retryAfter = "5"

// refusal is an error whose detail is meant for the customer.
type refusal struct {
	kind
	detail string
	members
}

func (r refusal) Error() string { return r.name + ": " + r.detail }

func refuse(k kind, format string, args ...any) error {
	return refusal{kind: k, detail: fmt.Sprintf(format, args...)}
}

// maxErrors is the most wrong fields that one response lists.
const maxErrors = 10

// refuseFields refuses the fields that are wrong, if any are.
func refuseFields(k kind, wrong []fieldError) error {
	if len(wrong) == 0 {
		return nil
	}
	wrong = wrong[:min(len(wrong), maxErrors)]
	var details []string
	for _, e := range wrong {
		details = append(details, e.Detail)
	}
	return refusal{k, strings.Join(details, " "), members{Errors: wrong}}
}

// panicked is the value of a handler's panic, and its stack.
type panicked struct {
	value any
	stack []byte
}

func (p panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// fail answers and logs an error. It is the only place that does either. Only a refusal's
// text reaches the customer.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	shown := classify(err)
	level := slog.LevelInfo
	if shown.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	if shown.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	id := w.Header().Get(requestIDHeader)
	a.Logger.Log(r.Context(), level, "request failed", "requestId", id,
		"method", r.Method, "path", r.URL.Path, "status", shown.status, "error", err.Error())
	_ = respond(w, "application/problem+json", shown.status, // strings and a number always encode
		problem{problemType + shown.name, shown.title, shown.status, shown.detail, id, shown.members})
}

// classify returns what a customer sees of an error.
func classify(err error) refusal {
	if r, ok := errors.AsType[refusal](err); ok {
		return r
	}
	switch {
	case errors.Is(err, order.ErrNotFound):
		return refusal{kind: orderNotFound, detail: "No order has this id. Check the id."}
	case errors.Is(err, order.ErrKeyReused):
		return refusal{kind: keyReused, detail: "This Idempotency-Key was used before with a different body. Use a new key for a new order."}
	case errors.Is(err, order.ErrUnavailable):
		return refusal{kind: unavailable, detail: "Try again in a few seconds. With an Idempotency-Key, a retry cannot place the order twice."}
	default:
		return refusal{kind: internal, detail: "Try again. With an Idempotency-Key, a retry cannot place the order twice. " +
			"If it keeps failing, report this requestId: the error is in the log under it."}
	}
}
