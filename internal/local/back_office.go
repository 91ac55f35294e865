package local

import (
	"context"
	"encoding/json"

	"pizzasaga/internal/api"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/workflow"
)

// office is the shop's back office, as the page and the API show it.
type office struct{ *Shop }

var _ api.BackOffice = office{}

// Orders implements [api.BackOffice].
func (s office) Orders() []order.Order { return s.Shop.Orders.List() }

// DeadLetters implements [api.BackOffice].
func (s office) DeadLetters(ctx context.Context) []api.DeadLetter {
	letters := []api.DeadLetter{}
	for _, q := range workflow.Queues() {
		for _, m := range s.Queues.Messages(q) {
			shown := api.DeadLetter{Queue: q, SentAt: order.Time(m.Sent)}
			var letter workflow.Letter
			if json.Unmarshal([]byte(m.Body), &letter) == nil {
				shown.Error, shown.Cause = letter.Failure.Error, workflow.CauseMessage(letter.Failure.Cause)
			}
			if o, err := s.Shop.Orders.Get(ctx, letter.Order.ID); err == nil {
				shown.Order = new(o.Summary())
			}
			letters = append(letters, shown)
		}
	}
	return letters
}

// Redrive implements [api.BackOffice]. It invokes the function as an operator does on AWS.
func (s office) Redrive(ctx context.Context, q order.Queue) ([]json.RawMessage, error) {
	event := map[string]any{"action": repair.RedriveAction}
	if q != "" {
		event["queue"] = q
	}
	in, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	answer, err := s.function.invoke(ctx, "", in)
	if err != nil {
		return nil, err
	}
	if q != "" {
		return []json.RawMessage{answer}, nil
	}
	var all struct{ Queues []json.RawMessage }
	err = json.Unmarshal(answer, &all)
	return all.Queues, err
}
