//go:build mutants

package local

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/statemachine"
)

// mutant is the saga without one thing: a condition, an entry of the definition, a
// write or a call.
type mutant struct {
	name       string
	change     change
	definition []byte            // nil is the deployed one
	transition *order.Transition // the row of the table to replace, or nil
	to         order.Transition  // its replacement
}

// table has every row of the table of transitions, by name.
var table = map[string]*order.Transition{
	"Accept": &order.Accept, "StartPayment": &order.StartPayment, "TakePayment": &order.TakePayment, "StartCooking": &order.StartCooking,
	"FinishCooking": &order.FinishCooking, "StartDelivery": &order.StartDelivery, "Confirm": &order.Confirm,
	"AddPoints": &order.AddPoints, "FailPoints": &order.FailPoints, "AskToCancel": &order.AskToCancel,
	"StartRefund": &order.StartRefund, "StartUndo": &order.StartUndo, "NoteHandOver": &order.NoteHandOver, "RestartRefund": &order.RestartRefund,
	"FinishRefund": &order.FinishRefund, "FailRefundAgain": &order.FailRefundAgain, "TakeBackPoints": &order.TakeBackPoints,
	"Abandon": &order.Abandon, "Fail": &order.Fail, "CancelUncharged": &order.CancelUncharged, "Decline": &order.Decline,
	"GiveUpPayment": &order.GiveUpPayment, "Cancel": &order.Cancel, "GiveUpRefund": &order.GiveUpRefund,
	"GiveUpReclaim": &order.GiveUpReclaim, "GiveUpRollback": &order.GiveUpRollback,
}

func TestMutantsCoverEveryTransition(t *testing.T) {
	var rows []order.Transition
	for _, row := range table {
		rows = append(rows, *row)
	}
	require.ElementsMatch(t, order.Transitions(), rows)
}

// tableMutants returns mutants that lack one condition, or one value of a condition.
func tableMutants() (all []mutant) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		row := table[name]
		add := func(what string, change func(*order.Transition)) {
			m := mutant{name: name + " " + what, transition: row, to: *row}
			change(&m.to)
			all = append(all, m)
		}
		conditions(add, "status", row.Status, func(t *order.Transition, s []order.Status) { t.Status = s })
		conditions(add, "payment", row.Payment, func(t *order.Transition, p []order.Payment) { t.Payment = p })
		conditions(add, "loyalty", row.Loyalty, func(t *order.Transition, l []order.Loyalty) { t.Loyalty = l })
		if row.UnlessCancelRequested {
			add("even if a cancellation is requested", func(t *order.Transition) { t.UnlessCancelRequested = false })
		}
		if row.IfCancelRequested {
			add("even if no cancellation is requested", func(t *order.Transition) { t.IfCancelRequested = false })
		}
	}
	return all
}

func conditions[T ~string](add func(string, func(*order.Transition)), name string, values []T, set func(*order.Transition, []T)) {
	if len(values) == 0 {
		return
	}
	add("from any "+name, func(t *order.Transition) { set(t, nil) })
	for i, v := range values {
		rest := slices.Delete(slices.Clone(values), i, i+1)
		if len(rest) == 0 {
			rest = []T{"none"} // an empty list means any
		}
		add(fmt.Sprintf("not from %s %s", name, v), func(t *order.Transition) { set(t, rest) })
	}
}

// definitionMutants returns mutants of the definition that lack a key or an entry of a
// list, do not retry, skip a state, or discard a caught error.
func definitionMutants(t *testing.T) (all []mutant) {
	var whole map[string]any
	require.NoError(t, json.Unmarshal(statemachine.Pizza, &whole))
	add := func(path []string, what string) {
		text, err := json.Marshal(whole)
		require.NoError(t, err)
		where := slices.DeleteFunc(slices.Clone(path), func(s string) bool { return s == "States" || s == "Branches" })
		all = append(all, mutant{name: strings.Join(append(where, what), " "), definition: text})
	}
	var visit func(node any, path []string)
	visit = func(node any, path []string) {
		object, ok := node.(map[string]any)
		if !ok {
			return
		}
		for _, key := range slices.Sorted(maps.Keys(object)) {
			was, here := object[key], append(slices.Clone(path), key)
			try := func(what string, to any) {
				object[key] = to
				add(here, what)
				object[key] = was
			}
			if key != "Comment" && (len(path) == 0 || path[len(path)-1] != "States") {
				delete(object, key)
				add(here, "dropped")
				object[key] = was
			}
			switch is := was.(type) {
			case []any:
				for i := range is {
					if len(is) > 1 {
						try(fmt.Sprintf("without %v", brief(is[i])), slices.Delete(slices.Clone(is), i, i+1))
					}
					visit(is[i], append(slices.Clone(here), brief(is[i])))
				}
			case map[string]any:
				visit(is, here)
			case string:
				if key == "ResultPath" {
					try("null", nil)
				}
				if key == "Next" {
					for _, next := range skips(whole, is) {
						try("to "+next, next)
					}
				}
			case float64:
				if key == "MaxAttempts" && is > 0 {
					try("0", 0)
				}
			}
		}
	}
	visit(whole, nil)
	return all
}

// brief returns a short name for an entry of a list.
func brief(entry any) string {
	if object, ok := entry.(map[string]any); ok {
		for _, key := range []string{"ErrorEquals", "StartAt"} {
			if object[key] != nil {
				return fmt.Sprint(object[key])
			}
		}
	}
	return fmt.Sprint(entry)
}

// skips returns the states to which a state's Next or Catch leads.
func skips(machine map[string]any, name string) (next []string) {
	states := machine["States"].(map[string]any)
	state, ok := states[name].(map[string]any)
	if !ok {
		return nil // it is in a branch
	}
	if to, ok := state["Next"].(string); ok {
		next = append(next, to)
	}
	catches, _ := state["Catch"].([]any)
	for _, c := range catches {
		if to := c.(map[string]any)["Next"].(string); !slices.Contains(next, to) {
			next = append(next, to)
		}
	}
	return next
}

// fields are the parts of a write that it can have in addition to its transition.
var fields = []struct {
	name string
	has  func(order.Change) bool
	drop func(*order.Change)
}{
	{"failure", func(c order.Change) bool { return c.Failure != nil }, func(c *order.Change) { c.Failure = nil }},
	{"notification", func(c order.Change) bool { return c.Notified }, func(c *order.Change) { c.Notified = false }},
	{"letters", func(c order.Change) bool { return len(c.DeadLetters) > 0 }, func(c *order.Change) { c.DeadLetters = nil }},
	{"forgotten letters", func(c order.Change) bool { return c.Rest != nil }, func(c *order.Change) { c.Rest = nil }},
	{"milestones", func(c order.Change) bool { return len(c.Milestones) > 0 }, func(c *order.Change) { c.Milestones = nil }},
	{"condition", func(c order.Change) bool { return c.OnlyIf != nil }, func(c *order.Change) { c.OnlyIf = nil }},
}

// stepMutants returns mutants that do not make a call that changes something, but answer
// it as if it had been made. Others drop one field of a write. It finds the calls by
// running all lives.
func stepMutants(t *testing.T) (all []mutant) {
	seen := map[string]bool{}
	add := func(name string, drops func(action, call string, c *order.Change) bool) {
		if !seen[name] {
			seen[name] = true
			all = append(all, mutant{name: name, change: change{drops: drops}})
		}
	}
	var mu sync.Mutex // branches make calls concurrently
	observe := func(action, call string, c *order.Change) bool {
		mu.Lock()
		defer mu.Unlock()
		if c == nil {
			add(action+" without "+call, func(a, other string, _ *order.Change) bool { return a == action && other == call })
			return false
		}
		row := rowOf(c.Transition)
		add(action+" without the write "+row, func(a, _ string, c *order.Change) bool { return c != nil && a == action && rowOf(c.Transition) == row })
		for _, f := range fields {
			if f.has(*c) {
				add(fmt.Sprintf("%s without the %s of %s", action, f.name, row), func(a, _ string, c *order.Change) bool {
					if c != nil && a == action && rowOf(c.Transition) == row && f.has(*c) {
						f.drop(c)
					}
					return false
				})
			}
		}
		return false
	}
	for _, l := range lives() {
		play(t, l.schedule, change{drops: observe})
	}
	return all
}

// rowOf returns the name of a transition's row in the table.
func rowOf(t order.Transition) string {
	for name, row := range table {
		if fmt.Sprint(*row) == fmt.Sprint(t) {
			return name
		}
	}
	if t.Step != "" {
		return "WithPointsFailure"
	}
	return "WithoutLetter"
}
