package ordertest

import (
	"slices"
	"time"

	"pizzasaga/internal/order"
)

// Way is a shortest way to one of the standings that an order can reach: a
// status, a payment, a loyalty, whether it is to be cancelled and whether its
// pizza was handed over.
type Way struct {
	// Order stands at the end of the way; its timeline tells the way.
	Order order.Order
	// Next are the transitions that lead on from there.
	Next []order.Transition
}

// Ways returns the order's way to each standing that any sequence of
// transitions can lead to, the shortest first.
func Ways(r order.Request) []Way {
	now := time.Now()
	first := order.New(r, now)
	seen := map[standingOf]bool{of(first): true}
	ways := []Way{{Order: first}}
	for i := 0; i < len(ways); i++ {
		for _, t := range order.Transitions() {
			o := ways[i].Order
			o.Timeline = slices.Clone(o.Timeline)
			if !order.NewChange(t, now).Apply(&o) {
				continue
			}
			ways[i].Next = append(ways[i].Next, t)
			if !seen[of(o)] {
				seen[of(o)] = true
				ways = append(ways, Way{Order: o})
			}
		}
	}
	return ways
}

// standingOf is all that the table of transitions knows of an order.
type standingOf struct {
	order.Summary
	cancelled, out bool
}

func of(o order.Order) standingOf {
	return standingOf{o.Summary(), o.CancelRequestedAt != nil, o.HandedOver}
}
