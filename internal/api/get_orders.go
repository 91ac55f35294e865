package api

import (
	"net/http"
	"slices"
	"strings"

	"pizzasaga/internal/order"
)

// maxListed is the most orders that one list has.
const maxListed = 100

// getOrders lists the newest orders, optionally filtered by status and by the beginning
// of their id.
func (a *api) getOrders(w http.ResponseWriter, r *http.Request) error {
	q, err := parameters(r, "status", "id")
	if err != nil {
		return err
	}
	status, err := choice(q, "status", order.Statuses())
	if err != nil {
		return err
	}
	orders := slices.DeleteFunc(a.BackOffice.Orders(), func(o order.Order) bool {
		return status != "" && o.Status != status || !strings.HasPrefix(o.ID, strings.ToUpper(q.Get("id")))
	})
	return respondTagged(w, r, struct {
		Orders []order.Order `json:"orders"`
		Total  int           `json:"total"` // including those that are not in the list
	}{orders[:min(len(orders), maxListed)], len(orders)})
}
