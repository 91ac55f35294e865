package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"pizzasaga/internal/order"
)

// getOrder answers with the current order.
func (a *api) getOrder(w http.ResponseWriter, r *http.Request) error {
	o, err := a.find(r)
	if err != nil {
		return err
	}
	if a.History != nil {
		if _, ok := a.History(o.ID); ok {
			w.Header().Set("Link", fmt.Sprintf(`<%s/execution>; rel="describedby"`, orderPath(r, o.ID)))
		}
	}
	setRetryAfter(w, o)
	return respondTagged(w, r, o)
}

// find returns the order whose id is in the path.
func (a *api) find(r *http.Request) (order.Order, error) {
	id, err := orderID(r)
	if err != nil {
		return order.Order{}, err
	}
	o, err := a.Orders.Get(r.Context(), id)
	if err != nil {
		return o, fmt.Errorf("get order %s: %w", id, err)
	}
	return o, nil
}

func setRetryAfter(w http.ResponseWriter, o order.Order) {
	if !o.Status.Ended() {
		w.Header().Set("Retry-After", strconv.Itoa(nextLook(o, time.Now())))
	}
}

// nextLook returns the number of seconds, at least one, after which an order that has not
// ended should be read again: when the outside system that it is waiting for will be
// done, according to the order's delay. Another change may follow within a second of the
// last one, so it returns 1 during that second.
func nextLook(o order.Order, now time.Time) int {
	waited := now.Sub(lastMoved(o))
	if waited < time.Second || o.Status == order.Pending || o.Status == order.Created {
		return 1
	}
	return max(1, int(math.Ceil((o.Delay() - waited).Seconds())))
}

// lastMoved returns when the workflow last changed the order.
func lastMoved(o order.Order) time.Time {
	for i := len(o.Timeline) - 1; i >= 0; i-- {
		if o.Timeline[i].Step != order.CancelOrder {
			return o.Timeline[i].At
		}
	}
	return o.CreatedAt
}
