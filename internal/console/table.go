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

// Table prints the outcomes, a row for each as it comes. Its methods may be
// called from many goroutines at once.
type Table struct {
	mu    sync.Mutex
	out   io.Writer
	paint paint

	rows, good int
	waiting    bool  // the terminal's last line is Waiting's
	failed     error // of the first write that failed
}

const columns = "%-24s %-18s %-14s %-15s %-21s %8s"

// NewTable returns a table that prints its head with its first row.
func NewTable(out io.Writer) *Table { return &Table{out: out, paint: paintFor(out)} }

// Row prints what came of an order, and how long after its placement it last
// changed. The error says what is not as it must be; a nil error means that the
// outcome is the expected one.
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
		t.line(t.paint.red("  not as it must be: " + strings.ReplaceAll(err.Error(), "\n", "; ")))
	} else {
		t.good++
		t.line(text)
	}
	t.line(t.paint.dim("  " + cmp.Or(r.Path(), steps(o))))
}

// steps renders an order's timeline as one line, the steps that failed marked.
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

// Note prints a line between the rows.
func (t *Table) Note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line(text)
}

// Waiting shows on a terminal what is waited for, until the next line comes.
func (t *Table) Waiting(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.paint {
		t.clear()
		_, _ = fmt.Fprint(t.out, t.paint.dim(text))
		t.waiting = true
	}
}

// End prints that all outcomes are correct, as many as there should be, or returns an
// error that says how many are wrong. One that is missing is wrong. A line
// that could not be written is an error, too.
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

// clear takes away what Waiting has shown.
func (t *Table) clear() {
	if t.waiting {
		_, _ = fmt.Fprint(t.out, "\r\x1b[K")
		t.waiting = false
	}
}
