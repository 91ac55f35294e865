package local

import (
	"context"
	"fmt"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
)

// closing says how many orders are under way.
func (s *Shop) closing() string {
	orders, paid := s.underWay()
	switch {
	case orders == 0:
		return ""
	case s.data != nil:
		return fmt.Sprintf("closing: %s under way; they continue when the data file is opened again\n", count(orders))
	default:
		return fmt.Sprintf("closing: %s under way, %d of them paid; waiting for their current steps; press Ctrl-C again to stop now\n", count(orders), paid)
	}
}

// closed says how many orders are lost, once the shop is closed.
func (s *Shop) closed() string {
	orders, paid := s.underWay()
	if s.data != nil || orders == 0 {
		return ""
	}
	return fmt.Sprintf("closed: %s unfinished and lost, %d of them paid; use -data FILE to keep orders\n", count(orders), paid)
}

func count(orders int) string {
	if orders == 1 {
		return "1 order"
	}
	return fmt.Sprintf("%d orders", orders)
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
