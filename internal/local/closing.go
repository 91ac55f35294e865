package local

import (
	"context"
	"fmt"
	"io"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
)

// sayClosing prints how many orders are under way.
func (s *Shop) sayClosing(out io.Writer) {
	orders, paid := s.underWay()
	switch {
	case orders == 0:
	case s.data != nil:
		_, _ = fmt.Fprintf(out, "closing: %d orders under way; they continue when the data file is opened again\n", orders)
	default:
		_, _ = fmt.Fprintf(out, "closing: %d orders under way, %d of them paid; press Ctrl-C again to stop now\n", orders, paid)
	}
}

// sayClosed prints how many orders are lost, once the shop is closed.
func (s *Shop) sayClosed(out io.Writer) {
	if s.data != nil {
		return
	}
	if orders, paid := s.underWay(); orders > 0 {
		_, _ = fmt.Fprintf(out, "closed: %d unfinished orders are lost, %d of them paid; use -data FILE to keep orders\n", orders, paid)
	}
}

// underWay counts the orders whose execution is running, and how many of them are paid.
func (s *Shop) underWay() (orders, paid int) {
	for _, x := range s.engine.List() {
		if x.Status != asl.Running {
			continue
		}
		orders++
		if o, err := s.Orders.Get(context.Background(), x.Name); err == nil && o.Payment == order.PaymentPaid {
			paid++
		}
	}
	return orders, paid
}
