package repair

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"pizzasaga/internal/order"
)

// Sweep is the result of a search for unfinished orders.
type Sweep struct {
	Checked    int             `json:"checked"`    // failed executions
	Reconciled []order.Summary `json:"reconciled"` // orders that were given a final status
	Failed     []Failed        `json:"failed"`     // orders that still have no final status
	Complete   bool            `json:"complete"`   // false: time ran out before all were checked
}

// sweepStatuses are the statuses of failed executions, the rarest first.
var sweepStatuses = []string{"TIMED_OUT", "ABORTED", "FAILED"}

// sweepPeriod is how far back a sweep looks. A sweep runs every hour, so it sees each
// failed execution many times.
const sweepPeriod = 24 * time.Hour

// atOnce is how many orders a sweep checks concurrently. It must reach the oldest order,
// because the next sweep starts again with the newest.
const atOnce = 10

func (r *Repairer) sweep(ctx context.Context) ([]byte, error) {
	s := Sweep{Reconciled: []order.Summary{}, Failed: []Failed{}, Complete: true}
	var unlisted error
	var checks sync.WaitGroup
	var mu sync.Mutex // guards s while checks run
	slots := make(chan struct{}, atOnce)
	for x, err := range r.endedBadly(ctx, time.Now().Add(-sweepPeriod)) {
		slots <- struct{}{}
		if err != nil || late(ctx) {
			s.Complete, unlisted = false, err
			break
		}
		s.Checked++
		checks.Go(func() {
			defer func() { <-slots }()
			r.check(ctx, x, &s, &mu)
		})
	}
	checks.Wait()
	found, unfinished := r.answer(ctx, s)
	if unlisted != nil {
		return nil, errors.Join(fmt.Errorf("%w; before that: %s", unlisted, found), unfinished)
	}
	return found, unfinished
}

// endedBadly yields the failed executions that started since a time, those of each status
// newest first. An error ends the sequence.
func (r *Repairer) endedBadly(ctx context.Context, since time.Time) iter.Seq2[Execution, error] {
	return func(yield func(Execution, error) bool) {
		for _, status := range sweepStatuses {
			for token, more := "", true; more; {
				page, next, err := r.config.Executions.List(ctx, status, token)
				if err != nil {
					yield(Execution{}, fmt.Errorf("list executions that are %s: %w", status, err))
					return
				}
				for _, x := range page {
					if x.Started.Before(since) {
						next = ""
						break
					}
					if !yield(x, nil) {
						return
					}
				}
				token, more = next, next != ""
			}
		}
	}
}

// check reconciles one order of a sweep.
func (r *Repairer) check(ctx context.Context, x Execution, s *Sweep, mu *sync.Mutex) {
	ctx, cancel := context.WithTimeout(ctx, enough)
	defer cancel()
	o, nothing, err := r.reconcile(ctx, x.OrderID, x.ARN)
	mu.Lock()
	defer mu.Unlock()
	switch {
	case err != nil:
		s.Failed = append(s.Failed, Failed{x.OrderID, err.Error()})
	case nothing == "":
		r.config.Ended(o)
		s.Reconciled = append(s.Reconciled, o.Summary())
	}
}

// answer returns the sweep as JSON, or as an error if an order still has no final status.
// It also logs the sweep, because nobody reads the answer of an hourly call.
func (r *Repairer) answer(ctx context.Context, s Sweep) ([]byte, error) {
	level := slog.LevelInfo
	if !s.Complete {
		level = slog.LevelWarn
	}
	r.config.Steps.Logger.Log(ctx, level, "sweep", "checked", s.Checked, "reconciled", len(s.Reconciled), "failed", len(s.Failed), "complete", s.Complete)
	text, err := json.Marshal(s)
	if err == nil && len(s.Failed) > 0 {
		return nil, fmt.Errorf("orders without a final status: %s", text)
	}
	return text, err
}
