package ordertest

import (
	"slices"
	"time"

	"pizzasaga/internal/order"
)

// Way is a shortest way to one of the combinations that an order can reach: of status,
// payment, loyalty, requested cancellation and hand-over.
type Way struct {
	// Order is the order at the end of the way. Its timeline is the way.
	Order order.Order
	// Next are the transitions that are possible from there.
	Next []order.Transition
}

// Ways returns a way to each combination that any sequence of transitions can reach, the
// shortest first.
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

// standingOf returns the parts of an order that the table of transitions uses.
type standingOf struct {
	order.Summary
	cancelled, out bool
}

func of(o order.Order) standingOf {
	return standingOf{o.Summary(), o.CancelRequestedAt != nil, o.HandedOver}
}
