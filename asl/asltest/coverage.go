package asltest

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"pizzasaga/asl"
)

// Coverage says which parts of a definition the runs of a [Machine] have taken.
type Coverage struct {
	Parts []asl.Part // in the order of the definition's text
	Taken []int      // how often each part was taken
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

// String returns a report: how many parts of each kind were taken, and a list of the others.
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
// taken, does not exist or has no reason. It checks at the end of the test, when all
// subtests have run, parallel ones included. If only some subtests run, as with
// go test -run Test/subtest, it checks nothing.
func (m *Machine) Covered(t TB, except map[string]string) {
	t.Helper()
	if isPartial() {
		t.Logf("the coverage of the definition is not checked, because only some subtests run")
		return
	}
	t.Cleanup(func() {
		t.Helper()
		for _, problem := range m.Coverage().check(except) {
			t.Errorf("%s", problem)
		}
	})
}

// check returns what Covered reports.
func (c Coverage) check(except map[string]string) (problems []string) {
	var missing []asl.Part
	for i, p := range c.Parts {
		reason, excepted := except[p.Place]
		switch {
		case excepted && c.Taken[i] > 0:
			problems = append(problems, fmt.Sprintf("%s is an exception of the coverage, but a test has taken it", p.Place))
		case excepted && reason == "":
			problems = append(problems, fmt.Sprintf("%s is an exception of the coverage without a reason", p.Place))
		case !excepted && c.Taken[i] == 0:
			missing = append(missing, p)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(except)) {
		if !slices.ContainsFunc(c.Parts, func(p asl.Part) bool { return p.Place == place }) {
			problems = append(problems, fmt.Sprintf("%s is an exception of the coverage, but the definition has no such part", place))
		}
	}
	if missing != nil {
		var b strings.Builder
		list(&b, missing)
		problems = append(problems, "no test has taken these parts of the definition:\n"+b.String())
	}
	return problems
}

// isPartial reports whether the flags of go test leave subtests out.
func isPartial() bool {
	for _, name := range []string{"test.run", "test.skip"} {
		if f := flag.Lookup(name); f != nil && strings.Contains(f.Value.String(), "/") {
			return true
		}
	}
	return false
}
