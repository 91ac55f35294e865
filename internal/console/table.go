package console

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// Table prints the outcomes, one row each. It is safe for concurrent use.
type Table struct {
	mu    sync.Mutex
	out   io.Writer
	paint paint

	rows, good int
	waiting    bool  // the terminal's last line was printed by Waiting
	failed     error // the first write error
}

const columns = "%-24s %-18s %-14s %-15s %-21s %8s"

// NewTable returns a table that prints its header with the first row.
func NewTable(out io.Writer) *Table { return &Table{out: out, paint: paintFor(out)} }

// Row prints the outcome of an order, and how long after its placement it last changed.
// The error says what is wrong with the outcome; nil means that it is correct.
func (t *Table) Row(r outcomes.Run, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows++; t.rows == 1 {
		t.line(t.paint.bold(fmt.Sprintf(columns, "errorOnStep", "order", "payment", "loyalty", "dead letter", "took")))
	}
	dead := "–"
	for _, q := range r.DeadLetters {
		dead = strings.TrimPrefix(dead+" "+string(q), "– ")
	}
	o := r.Order
	wish := fmt.Sprintf("%d %s", o.ErrorOnStep, workflow.FaultStep(o.ErrorOnStep))
	if o.CancelRequestedAt != nil {
		wish += ", cancelled"
	}
	text := fmt.Sprintf(columns, wish, o.Status, o.Payment, o.Loyalty, dead, fmt.Sprintf("%.2f s", o.UpdatedAt.Sub(o.CreatedAt).Seconds()))
	if err != nil {
		t.line(t.paint.red(text))
		t.line(t.paint.red("  wrong outcome: " + strings.ReplaceAll(err.Error(), "\n", "; ")))
	} else {
		t.good++
		t.line(text)
	}
	t.line(t.paint.dim("  " + cmp.Or(r.Path(), steps(o))))
}

// steps returns an order's timeline in one line, with failed steps marked.
func steps(o order.Order) string {
	var names []string
	for _, m := range o.Timeline {
		name := string(m.Step)
		if m.Failed() {
			name += "✗"
		}
		names = append(names, name)
	}
	return strings.Join(slices.Compact(names), " → ")
}

// Note prints a line of text.
func (t *Table) Note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line(text)
}

// Waiting shows on a terminal what is being waited for, until the next line is printed.
func (t *Table) Waiting(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.paint {
		t.clear()
		_, _ = fmt.Fprint(t.out, t.paint.dim(text))
		t.waiting = true
	}
}

// End prints that all outcomes are correct, or returns an error that says how many are
// wrong or missing out of rows. A failed write is an error, too.
func (t *Table) End(rows int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
	if t.good == rows {
		t.line(t.paint.green(fmt.Sprintf("%d of %d outcomes are correct", rows, rows)))
		return t.failed
	}
	return fmt.Errorf("%d of %d outcomes are wrong", rows-t.good, rows)
}

func (t *Table) line(s string) {
	t.clear()
	if _, err := fmt.Fprintln(t.out, s); err != nil && t.failed == nil {
		t.failed = fmt.Errorf("print the outcomes: %w", err)
	}
}

// clear removes the line printed by Waiting.
func (t *Table) clear() {
	if t.waiting {
		_, _ = fmt.Fprint(t.out, "\r\x1b[K")
		t.waiting = false
	}
}
