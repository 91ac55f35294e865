package local

import (
	"strings"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// Run returns an order with what its execution did, for comparison with the expected
// outcome.
func (s *Shop) Run(o order.Order) (outcomes.Run, error) {
	execution, err := s.execution(o.ID)
	if err != nil {
		return outcomes.Run{}, err
	}
	events, err := s.history(o.ID)
	if err != nil {
		return outcomes.Run{}, err
	}
	run := outcomes.Run{Execution: string(execution.Status), Order: o, DeadLetters: s.deadLetters(o.ID)}
	for _, e := range events {
		run.Observe(e)
	}
	return run, nil
}

// deadLetters lists the queues that hold a message about the order.
func (s *Shop) deadLetters(orderID string) []order.Queue {
	var queues []order.Queue
	for _, q := range workflow.Queues() {
		for _, m := range s.Queues.Messages(q) {
			if strings.Contains(m.Body, `"`+orderID+`"`) {
				queues = append(queues, q)
			}
		}
	}
	return queues
}
