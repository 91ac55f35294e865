package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"

	"pizzasaga/internal/console"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
)

// Outcomes orders all eight through the API of a shop of its own, prints a row
// for each as it ends, and returns an error unless all are as they must be. It
// takes as long as the retries of the failing compensations, about 15 s.
func Outcomes(ctx context.Context, out io.Writer) error {
	shop, err := Open(Config{})
	if err != nil {
		return err
	}
	defer func() { _ = shop.Close(ctx) }() // nothing runs once all have ended
	placed, err := shop.orderAll()
	if err != nil {
		return err
	}
	table := console.NewTable(out)
	var rows sync.WaitGroup
	for _, id := range placed {
		rows.Go(func() { table.Row(shop.outcome(ctx, id)) })
	}
	rows.Wait()
	return table.End()
}

// orderAll places all eight orders and returns their ids.
func (s *Shop) orderAll() ([]string, error) {
	body, err := json.Marshal(map[string]any{"flavour": "Pineapple", "errorOnStep": order.AllFaults})
	if err != nil {
		return nil, err
	}
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/orders", bytes.NewReader(body)))
	var accepted struct {
		Orders []order.Summary `json:"orders"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &accepted); err != nil || answer.Code != http.StatusAccepted {
		return nil, fmt.Errorf("POST /orders answered %d: %s", answer.Code, answer.Body)
	}
	var ids []string
	for _, o := range accepted.Orders {
		ids = append(ids, o.ID)
	}
	return ids, nil
}

// outcome waits until an order's execution has ended, and holds it against
// what it must be.
func (s *Shop) outcome(ctx context.Context, id string) (outcomes.Run, error) {
	_, ended := s.Wait(ctx, id)
	o, err := s.Orders.Get(context.WithoutCancel(ctx), id)
	if err != nil {
		return outcomes.Run{}, err
	}
	if ended != nil {
		return outcomes.Run{Execution: "RUNNING", Order: o}, fmt.Errorf("it has not ended: %w", ended)
	}
	run, err := s.Run(o)
	if err != nil {
		return run, err
	}
	return run, outcomes.All()[o.ErrorOnStep].Check(run)
}
