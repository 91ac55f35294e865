package local

import (
	"context"
	"fmt"
	"io"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
)

// sayClosing says what closing waits for. With a data file that is nothing.
func (s *Shop) sayClosing(out io.Writer) {
	orders, paid := s.underWay()
	switch {
	case orders == 0:
	case s.data != nil:
		_, _ = fmt.Fprintf(out, "closing: %d orders under way, which go on when the data file is opened again\n", orders)
	default:
		_, _ = fmt.Fprintf(out, "closing: %d orders under way, %d of them paid; Ctrl-C again stops now\n", orders, paid)
	}
}

// sayClosed says which orders end with the shop.
func (s *Shop) sayClosed(out io.Writer) {
	if s.data != nil {
		return
	}
	if orders, paid := s.underWay(); orders > 0 {
		_, _ = fmt.Fprintf(out, "closed: %d orders have not ended, %d of them paid; -data FILE would have kept them\n", orders, paid)
	}
}

// underWay counts the orders whose execution runs, and those of them that were charged.
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
