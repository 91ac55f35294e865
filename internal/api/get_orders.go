package api

import (
	"net/http"
	"slices"
	"strings"

	"pizzasaga/internal/order"
)

// maxListed is how many orders a list has at most.
const maxListed = 100

// getOrders lists the orders, the newest first: all, or those with a status and those
// whose id begins with a text.
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
		Total  int           `json:"total"` // also those that are not in the list
	}{orders[:min(len(orders), maxListed)], len(orders)})
}
