package api

import (
	"fmt"
	"net/http"
)

// getOrder shows an order as it stands.
func (a *api) getOrder(w http.ResponseWriter, r *http.Request) error {
	id, err := orderID(r)
	if err != nil {
		return err
	}
	o, err := a.Orders.Get(r.Context(), id)
	if err != nil {
		return fmt.Errorf("get order %s: %w", id, err)
	}
	return respond(w, "application/json", http.StatusOK, o)
}
