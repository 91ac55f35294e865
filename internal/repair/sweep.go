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

// Sweep tells what a search for unfinished orders found.
type Sweep struct {
	Checked    int             `json:"checked"`    // executions that ended badly
	Reconciled []order.Summary `json:"reconciled"` // orders that had no final status, and now have one
	Failed     []Failed        `json:"failed"`     // orders that still have none
	Complete   bool            `json:"complete"`   // false: its time was over before it had seen all
}

// sweepStatuses are the statuses of executions that ended badly, the rarer first.
var sweepStatuses = []string{"TIMED_OUT", "ABORTED", "FAILED"}

// sweepPeriod is for how long an execution's end is looked for. A sweep an hour
// sees each end many times over.
const sweepPeriod = 24 * time.Hour

// atOnce is how many orders a sweep checks at once. The next sweep starts with the
// newest again, so this one must reach the oldest.
const atOnce = 10

func (r *Repairer) sweep(ctx context.Context) ([]byte, error) {
	s := Sweep{Reconciled: []order.Summary{}, Failed: []Failed{}, Complete: true}
	var unlisted error
	var checks sync.WaitGroup
	var mu sync.Mutex // of s, while checks run
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
		return nil, errors.Join(fmt.Errorf("%w; until then: %s", unlisted, found), unfinished)
	}
	return found, unfinished
}

// endedBadly yields the executions that ended badly and started since a time, those
// of each status newest first. An error is the last thing that it yields.
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

// answer returns the sweep as JSON, as an error if an order still has no final
// status. It logs how far the sweep came, for nobody waits for the answer.
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
