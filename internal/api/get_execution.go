package api

import (
	"net/http"
	"time"

	"pizzasaga/internal/order"
)

// Event is an event of an order's execution.
type Event struct {
	Type  string    `json:"type"`            // as Step Functions names it
	State string    `json:"state,omitempty"` // the state that it belongs to, if any
	At    time.Time `json:"at"`
	Error string    `json:"error,omitempty"` // the error's name, if something failed
}

// getExecution answers with an order and the events of its execution, so that drawing its
// progress takes one request at a time.
func (a *api) getExecution(w http.ResponseWriter, r *http.Request) error {
	o, err := a.find(r)
	if err != nil {
		return err
	}
	events, ok := a.History(o.ID)
	if !ok {
		return refuse(executionNotFound, "The order %s has no execution here.", o.ID)
	}
	setRetryAfter(w, o)
	return respondTagged(w, r, struct {
		Order  order.Order `json:"order"`
		Events []Event     `json:"events"`
	}{o, events})
}
