package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
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
	table := &table{out: out, paint: paintFor(out), began: time.Now()}
	table.header()
	var rows sync.WaitGroup
	for _, id := range placed {
		rows.Go(func() { table.row(shop.outcome(ctx, id)) })
	}
	rows.Wait()
	return table.footer()
}

// orderAll places all eight orders and returns their ids.
func (s *Shop) orderAll() ([]string, error) {
	body, err := json.Marshal(map[string]any{"flavour": "Pineapple", "errorOnStep": workflow.AllFaults})
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

// table prints outcomes as they come.
type table struct {
	mu    sync.Mutex
	out   io.Writer
	paint paint
	began time.Time
	good  int
}

const columns = "%-24s %-10s %-18s %-14s %-15s %-21s %7s"

func (t *table) header() {
	t.line(t.paint.bold(fmt.Sprintf(columns, "errorOnStep", "execution", "order", "payment", "loyalty", "dead letter", "took")))
}

func (t *table) row(r outcomes.Run, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	dead := "–"
	for _, q := range r.DeadLetters {
		dead = strings.TrimPrefix(dead+" "+string(q), "– ")
	}
	took := time.Since(t.began).Seconds()
	text := fmt.Sprintf(columns, fmt.Sprintf("%d %s", r.Order.ErrorOnStep, workflow.FaultStep(r.Order.ErrorOnStep)), r.Execution,
		r.Order.Status, r.Order.Payment, r.Order.Loyalty, dead, fmt.Sprintf("%.2f s", took))
	if err != nil {
		t.line(t.paint.red(text))
		t.line(t.paint.red("  not as it must be: " + strings.ReplaceAll(err.Error(), "\n", "; ")))
	} else {
		t.good++
		t.line(text)
	}
	t.line(t.paint.dim("  " + r.Path()))
}

func (t *table) footer() error {
	if t.good != len(outcomes.All()) {
		return fmt.Errorf("%d of %d outcomes are as they must be", t.good, len(outcomes.All()))
	}
	t.line(t.paint.green(fmt.Sprintf("all %d outcomes are as they must be", t.good)))
	return nil
}

func (t *table) line(s string) { _, _ = fmt.Fprintln(t.out, s) }
