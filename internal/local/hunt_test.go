//go:build mutants

package local

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/ordertest"
)

var (
	random = flag.Int("mutants.random", 300, "run this `number` of random schedules against a mutant that no single fault finds")
	listed = flag.Bool("mutants.listed", false, "hunt only the mutants that are listed as unnoticed")
)

// unnoticed are the mutants without an observable effect, with the reason.
var unnoticed = []struct{ mutants, why string }{
	{`(CreateOrder|ProcessPayment|AddLoyaltyPoints|PrepareOrder|ProcessOrder|CompleteOrder) Retry \[States.ALL\] (IntervalSeconds|BackoffRate) dropped`,
		"the defaults are 1 second and a factor of 2"},
	{`StartUndo not from (status CREATED|payment NONE)`,
		"a reconciliation ends an order that was never charged, and has nothing to roll back"},
	{`notifyCustomer without the failure of (Cancel|GiveUpPayment|GiveUpReclaim|GiveUpRollback)$|reconcileOrders without the failure of (Cancel|GiveUp\w+)$`,
		"the write that began the rollback has stored it, and an order keeps its first failure"},
}

// TestEveryMutantIsFound runs the saga with one generated mutation at a time, and
// requires that each breaks a promise, or a rule of the table of transitions or of the
// definition.
func TestEveryMutantIsFound(t *testing.T) {
	h := hunter{names: callNames(t), rules: filepath.Join(t.TempDir(), "statemachine.test")}
	text, err := exec.Command("go", "test", "-c", "-o", h.rules, "pizzasaga/statemachine").CombinedOutput()
	require.NoError(t, err, "%s", text)
	all := choose(t, slices.Concat(tableMutants(), definitionMutants(t), stepMutants(t)))
	t.Run("mutants", func(t *testing.T) {
		for _, m := range all {
			t.Run(m.name, func(t *testing.T) {
				if m.transition == nil { // other mutants change the table, which is shared
					t.Parallel()
				}
				switch by := h.hunt(t, m); {
				case *listed && by != "":
					t.Error("this mutant is listed as unnoticed, but it is found: remove it from the list. Found by", by)
				case !*listed && by == "":
					t.Error("nothing finds this mutant")
				}
			})
		}
	})
	t.Logf("%d mutants", len(all))
}

// choose returns the mutants that are not listed as unnoticed, or with -mutants.listed
// those that are.
func choose(t *testing.T, all []mutant) []mutant {
	isListed := map[string]bool{}
	for _, u := range unnoticed {
		pattern, n := regexp.MustCompile(u.mutants), len(isListed)
		for _, m := range all {
			if pattern.MatchString(m.name) {
				isListed[m.name] = true
			}
		}
		require.Greater(t, len(isListed), n, "no mutant matches %s: remove it from the list", u.mutants)
	}
	return slices.DeleteFunc(all, func(m mutant) bool { return isListed[m.name] != *listed })
}

// hunter looks for mutants.
type hunter struct {
	names []string // of calls
	rules string   // the test binary that checks the rules of a definition
}

// hunt returns what finds the mutant, or "" if nothing does.
func (h hunter) hunt(t *testing.T, m mutant) string {
	if m.definition != nil {
		machine, err := load(m.definition)
		if err != nil {
			return "it cannot be loaded"
		}
		m.change.machine = machine
	}
	if m.transition != nil {
		was, before := *m.transition, reach()
		*m.transition = m.to
		defer func() { *m.transition = was }()
		if before == reach() {
			return "no order can reach the difference"
		}
		if rule := brokenRule(); rule != "" {
			return rule
		}
	}
	for _, l := range lives() {
		if l.wrong(play(t, l.schedule, m.change)) != nil {
			return l.String()
		}
	}
	if m.definition != nil && h.breaksRules(t, m.definition) {
		return "the tests of the definition"
	}
	for _, l := range lives() {
		for s, st := range explore(t, l.schedule, play(t, l.schedule, m.change), m.change, 0, 1) {
			if st.broken != nil {
				return s.String()
			}
		}
	}
	schedules := rapid.Custom(func(r *rapid.T) schedule { return draw(r, h.names) })
	for i := range *random {
		if s := schedules.Example(i); play(t, s, m.change).broken != nil {
			return s.String()
		}
	}
	return ""
}

func (h hunter) breaksRules(t *testing.T, definition []byte) bool {
	file := filepath.Join(t.TempDir(), "pizza.asl.json")
	require.NoError(t, os.WriteFile(file, definition, 0o600))
	return exec.Command(h.rules, "-definition", file).Run() != nil
}

// reach describes all states that an order can reach, and the transitions from them.
func reach() (text string) {
	for _, w := range ordertest.Ways(order.Request{}) {
		text += ordertest.Standing(w.Order)
		for _, next := range w.Next {
			text += fmt.Sprint(next.Step, next.ToStatus, next.ToPayment, next.ToLoyalty)
		}
	}
	return text
}

// brokenRule returns the name of a rule of the life cycle that an order can break, or "".
func brokenRule() string {
	moves := ordertest.Moves()
	for _, rule := range ordertest.Rules() {
		if slices.ContainsFunc(moves, func(m ordertest.Move) bool { return !rule.Keep(m) }) {
			return rule.Name
		}
	}
	return ""
}
