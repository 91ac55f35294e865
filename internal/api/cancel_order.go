package api

import (
	"fmt"
	"net/http"
	"time"

	"pizzasaga/internal/order"
)

// cancelOrder requests the cancellation of an order and answers 202 with the order, also
// when repeated. The order's next forward step sees the request, and the workflow rolls
// the order back. Anyone who knows the id may cancel. A body is ignored.
func (a *api) cancelOrder(w http.ResponseWriter, r *http.Request) error {
	if err := a.authorize(w, r); err != nil {
		return err
	}
	id, err := orderID(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	o, _, err := a.Orders.Apply(ctx, id, order.NewChange(order.AskToCancel, time.Now()))
	if err != nil {
		return fmt.Errorf("cancel order %s: %w", id, err)
	}
	if !o.CancelAccepted() {
		return refusal{notCancellable, fmt.Sprintf("It is too late to cancel this order: "+
			"the hand-over of its pizza has begun, or the order has ended or is being rolled back. Its status is %s.", o.Status), members{OrderStatus: o.Status}}
	}
	a.Logger.InfoContext(ctx, "cancellation requested", "requestId", w.Header().Get(requestIDHeader), "orderId", o.ID)
	return respond(w, "application/json", http.StatusAccepted, o)
}
