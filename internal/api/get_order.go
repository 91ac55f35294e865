package api

import (
	"fmt"
	"net/http"

	"pizzasaga/internal/order"
)

// maxID is the length of the longest name that an execution can have; no
// order's id is longer.
const maxID = 80

// getOrder shows an order as it stands.
func (a *api) getOrder(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if len(id) > maxID {
		return fmt.Errorf("an id of %d bytes: %w", len(id), order.ErrNotFound)
	}
	o, err := a.Orders.Get(r.Context(), id)
	if err != nil {
		return fmt.Errorf("get order %s: %w", id, err)
	}
	return respond(w, "application/json", http.StatusOK, o)
}
