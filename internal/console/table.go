package console

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// Table prints the outcomes, a row for each as it comes. Its methods may be
// called from many goroutines at once.
type Table struct {
	mu    sync.Mutex
	out   io.Writer
	paint paint
	began time.Time
	good  int
}

const columns = "%-24s %-10s %-18s %-14s %-15s %-21s %7s"

// NewTable prints the head of a table. Each row shows the time since this call.
func NewTable(out io.Writer) *Table {
	t := &Table{out: out, paint: paintFor(out), began: time.Now()}
	t.line(t.paint.bold(fmt.Sprintf(columns, "errorOnStep", "execution", "order", "payment", "loyalty", "dead letter", "took")))
	return t
}

// Row prints what came of an order. The error says what is not as it must be; a
// nil error means that the outcome is the expected one.
func (t *Table) Row(r outcomes.Run, err error) {
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

// End prints that all outcomes were as they must be, or returns an error that
// says how many were.
func (t *Table) End() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if all := len(outcomes.All()); t.good != all {
		return fmt.Errorf("%d of %d outcomes are as they must be", t.good, all)
	}
	t.line(t.paint.green(fmt.Sprintf("all %d outcomes are as they must be", t.good)))
	return nil
}

func (t *Table) line(s string) { _, _ = fmt.Fprintln(t.out, s) }
