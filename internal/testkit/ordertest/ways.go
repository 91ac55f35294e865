package ordertest

import (
	"slices"
	"time"

	"pizzasaga/internal/order"
)

// Way is a shortest sequence of transitions to one of the standings (a status, a
// payment, a loyalty) that an order can reach.
type Way struct {
	// Order is the order after those transitions; its timeline lists them.
	Order order.Order
	// Next are the transitions that lead on from there.
	Next []order.Transition
}

// Ways returns the order's way to each standing that any sequence of
// transitions can lead to, the shortest first.
func Ways(r order.Request) []Way {
	now := time.Now()
	first := order.New(r, now)
	seen := map[order.Summary]bool{first.Summary(): true}
	ways := []Way{{Order: first}}
	for i := 0; i < len(ways); i++ {
		for _, t := range order.Transitions() {
			o := ways[i].Order
			o.Timeline = slices.Clone(o.Timeline)
			if !order.NewChange(t, now).Apply(&o) {
				continue
			}
			ways[i].Next = append(ways[i].Next, t)
			if !seen[o.Summary()] {
				seen[o.Summary()] = true
				ways = append(ways, Way{Order: o})
			}
		}
	}
	return ways
}
