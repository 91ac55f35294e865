//go:build linux

package main

import (
	"fmt"
	"io"
)

// report prints the table of medians and the limits, and reports whether all limits were
// met.
func report(out io.Writer, candidates []candidate, all map[string]*results) bool {
	row := func(name, format string, value func(*results) float64) {
		fmt.Fprintf(out, "%-42s", name)
		for _, c := range candidates {
			cell := "–"
			if v := value(all[c.name]); v > 0 {
				cell = fmt.Sprintf(format, v)
			}
			fmt.Fprintf(out, "%18s", cell)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "\n%-42s", "median")
	for _, c := range candidates {
		fmt.Fprintf(out, "%18s", c.name)
	}
	fmt.Fprintln(out)
	row("init, ms", "%.1f", func(r *results) float64 { return median(r.init) })
	for _, k := range kinds {
		row("first "+k.name+", ms", "%.1f", func(r *results) float64 { return median(r.first[k.name]) })
	}
	row("warm, ms", "%.2f", func(r *results) float64 { return median(r.warm) })
	row("warm, 99th percentile, ms", "%.2f", func(r *results) float64 { return quantile(r.warm, 0.99) })
	row("peak memory, MB", "%.1f", func(r *results) float64 { return median(r.memory) })
	row("zip, KB", "%.0f", func(r *results) float64 { return r.zip })
	row("init and first step at 7 % of a CPU, ms", "%.0f", func(r *results) float64 { return median(r.throttled) })
	return checkLimits(out, all)
}

// checkLimits prints the ratios with their limits, and reports whether all limits were
// met.
func checkLimits(out io.Writer, all map[string]*results) bool {
	met := true
	check := func(name string, ratio, limit float64, atMost bool) {
		verdict, bound := "met", "at least"
		if atMost {
			bound = "at most"
		}
		if ok := ratio <= limit; ok != atMost {
			verdict, met = "MISSED", false
		}
		fmt.Fprintf(out, "%-66s%6.2f   %s %g: %s\n", name, ratio, bound, limit, verdict)
	}
	fmt.Fprintln(out, "\nratio")
	late := all[lateOurs]
	check("init without connecting ÷ init of Go that does nothing", ratio(late.init, all[hello].init), 1.5, true)
	if n := all[node]; n != nil {
		check("init of Node.js ÷ ours without connecting", ratio(n.init, late.init), 25, false)
	}
	check("init and first step at 7 % of a CPU ÷ the same, connecting lazily", ratio(all[ours].throttled, late.throttled), 0.2, true)
	return met
}
