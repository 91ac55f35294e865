package asltest

import (
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"pizzasaga/asl"
)

// Coverage is which parts of a definition the runs of a [Machine] have taken.
type Coverage struct {
	Parts []asl.Part // in the order of the definition's text
	Taken []int      // how often each of them was taken
}

// Coverage returns what the machine's runs have taken so far.
func (m *Machine) Coverage() Coverage {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := Coverage{Parts: m.definition.Parts()}
	for _, p := range c.Parts {
		c.Taken = append(c.Taken, m.taken[p.Place])
	}
	return c
}

// Missing returns the parts that no run has taken.
func (c Coverage) Missing() (missing []asl.Part) {
	for i, p := range c.Parts {
		if c.Taken[i] == 0 {
			missing = append(missing, p)
		}
	}
	return missing
}

// String returns a report: how many parts of each kind were taken, and all others.
func (c Coverage) String() string {
	var b strings.Builder
	for _, kind := range []asl.PartKind{asl.StatePart, asl.TransitionPart, asl.ChoicePart, asl.RetrierPart, asl.CatcherPart} {
		taken, all := c.count(kind)
		if all > 0 {
			fmt.Fprintf(&b, "%-14s %d of %d\n", kind+"s", taken, all)
		}
	}
	if missing := c.Missing(); len(missing) > 0 {
		b.WriteString("not taken:\n")
		list(&b, missing)
	}
	return b.String()
}

func (c Coverage) count(kind asl.PartKind) (taken, all int) {
	for i, p := range c.Parts {
		if p.Kind == kind {
			all++
			if c.Taken[i] > 0 {
				taken++
			}
		}
	}
	return taken, all
}

func list(b *strings.Builder, parts []asl.Part) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, p := range parts {
		to := ""
		if p.Next != "" {
			to = " → " + p.Next
		}
		fmt.Fprintf(w, "  %d:%d\t%s\t%s%s\n", p.Line, p.Column, p.Kind, p.Place, to)
	}
	_ = w.Flush() // a strings.Builder cannot fail
}

// Covered checks that the machine's runs have taken every part of the definition, except
// the places in except, whose values are the reasons. It also fails if one of these was
// taken or does not exist. Call it at the end of the test whose subtests run the machine.
// If only some subtests run, as with go test -run Test/subtest, it checks nothing.
func (m *Machine) Covered(t TB, except map[string]string) {
	t.Helper()
	if isPartial() {
		t.Logf("the coverage of the definition is not checked, because only some subtests run")
		return
	}
	c := m.Coverage()
	unused := map[string]bool{}
	for place := range except {
		unused[place] = true
	}
	var missing []asl.Part
	for _, p := range c.Missing() {
		if !unused[p.Place] {
			missing = append(missing, p)
		}
		delete(unused, p.Place)
	}
	if missing != nil {
		var b strings.Builder
		list(&b, missing)
		t.Errorf("no test has taken these parts of the definition:\n%s", b.String())
	}
	for place := range unused {
		t.Errorf("%s is an exception of the coverage, but was taken or does not exist", place)
	}
}

// isPartial reports whether go test was told to leave subtests out.
func isPartial() bool {
	for _, name := range []string{"test.run", "test.skip"} {
		if f := flag.Lookup(name); f != nil && strings.Contains(f.Value.String(), "/") {
			return true
		}
	}
	return false
}
