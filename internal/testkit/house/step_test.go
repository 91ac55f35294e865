package house

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
	"pizzasaga/statemachine"
)

// The tests of this file tell you what a new step still lacks, and in which file.
// docs/add-a-step.patch is an example.

// TestEveryStepHasAllItsParts checks each step that any part names.
func TestEveryStepHasAllItsParts(t *testing.T) {
	p := readParts(t)
	for _, step := range p.steps() {
		t.Run(string(step), func(t *testing.T) {
			for _, missing := range p.missing(step) {
				t.Error(missing)
			}
		})
	}
}

// TestEveryStateWithoutAStepIsEntered leaves states with steps to the test of the steps.
func TestEveryStateWithoutAStepIsEntered(t *testing.T) {
	p := readParts(t)
	for _, state := range slices.Sorted(maps.Keys(p.states)) {
		if step := p.states[state]; step != "" && workflow.State(step) == state {
			continue
		}
		t.Run(state, func(t *testing.T) {
			if !p.entered[state] && state != "LoyaltyFailureUnrecorded" { // this can happen with any fault
				t.Error("internal/outcomes/outcomes.go: no outcome enters the state")
			}
		})
	}
}

func TestEveryOutcomeHasAFinalStatus(t *testing.T) {
	for _, o := range outcomes.All() {
		t.Run(string(workflow.FaultStep(o.Fault)), func(t *testing.T) {
			require.True(t, o.Status.Ended(), "internal/outcomes/outcomes.go: fault %d ends as %s, which is not a final status", o.Fault, o.Status)
		})
	}
}

// TestTheStatusesWithAToneAreFinal checks how the page recognises final statuses.
func TestTheStatusesWithAToneAreFinal(t *testing.T) {
	p := readParts(t)
	for _, status := range order.Statuses() {
		t.Run(string(status), func(t *testing.T) {
			if tone := p.pages[string(status)].Tone; status.Ended() {
				assert.Contains(t, []string{"good", "undone", "bad"}, tone, "web/statuses.js: %s is final, so it needs a tone", status)
			} else {
				assert.Empty(t, tone, "web/statuses.js: %s is not final, so it must not have a tone", status)
			}
		})
	}
}

func TestEveryStatusHasAHeadline(t *testing.T) {
	p := readParts(t)
	for _, status := range order.Statuses() {
		t.Run(string(status), func(t *testing.T) {
			assert.NotEmpty(t, p.pages[string(status)].Headline, "web/statuses.js: %s has no headline", status)
		})
	}
}

func TestThePageOffersToCancelOrdersThatCanBeCancelled(t *testing.T) {
	p := readParts(t)
	for _, status := range order.Statuses() {
		t.Run(string(status), func(t *testing.T) {
			can := slices.Contains(order.AskToCancel.Status, status)
			assert.Equal(t, can, p.pages[string(status)].Cancel, "web/statuses.js: cancel of %s", status)
		})
	}
}

func TestThePageHasNoStatusThatCannotOccur(t *testing.T) {
	p := readParts(t)
	written := map[string]bool{string(order.Pending): true}
	for _, transition := range order.Transitions() {
		written[milestone(transition)] = true
	}
	for status := range p.pages {
		t.Run(status, func(t *testing.T) {
			assert.True(t, written[status], "web/statuses.js: no transition sets %s", status)
		})
	}
}

// parts has the parts of steps and states outside the steps' own code.
type parts struct {
	actions map[order.StepName]steps.Step
	samples map[order.StepName]string // file by action
	states  map[string]order.StepName // the step that each state runs, or ""
	entered map[string]bool           // states that an outcome enters
	pages   map[string]struct {       // by status
		Headline, Tone string
		GoesOn, Cancel bool
	}
}

func readParts(t *testing.T) parts {
	p := parts{actions: new(steps.Steps).ByName(), samples: map[order.StepName]string{}, states: map[string]order.StepName{},
		entered: map[string]bool{}}
	files, err := filepath.Glob(root + "/events/*.json")
	require.NoError(t, err)
	for _, file := range files {
		var event struct{ Action order.StepName }
		require.NoError(t, json.Unmarshal(read(t, "events/"+filepath.Base(file)), &event), file)
		if event.Action != "" && event.Action != repair.RedriveAction && event.Action != repair.ReconcileAction {
			p.samples[event.Action] = filepath.Base(file)
		}
	}
	var m machine
	require.NoError(t, json.Unmarshal(statemachine.Pizza, &m))
	m.collect(p.states)
	for _, o := range outcomes.All() {
		for _, state := range slices.Concat(o.Main, o.LoyaltyBranch, o.KitchenBranch) {
			p.entered[state] = true
		}
	}
	_, page, found := bytes.Cut(read(t, "web/statuses.js"), []byte("export default "))
	require.True(t, found, "web/statuses.js must be JSON after export default")
	require.NoError(t, json.Unmarshal(page, &p.pages), "web/statuses.js must be JSON after export default")
	return p
}

type machine struct {
	States map[string]struct {
		Parameters struct {
			Payload struct{ Action order.StepName }
		}
		Branches []machine
	}
}

func (m machine) collect(states map[string]order.StepName) {
	for name, s := range m.States {
		states[name] = s.Parameters.Payload.Action
		for _, b := range s.Branches {
			b.collect(states)
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(root + "/" + file)
	require.NoError(t, err)
	return text
}

// milestone returns the transition's entry in the timeline.
func milestone(t order.Transition) string {
	return order.NewChange(t, time.Now()).Milestones[0].Status
}

// steps lists every step that any part names.
func (p parts) steps() []order.StepName {
	named := map[order.StepName]bool{}
	for name := range p.actions {
		named[name] = true
	}
	for name := range p.samples {
		named[name] = true
	}
	for _, name := range p.states {
		named[name] = true
	}
	for _, transition := range order.Transitions() {
		named[transition.Step] = true
	}
	delete(named, "")
	delete(named, order.Submit) // the customer takes these, not the workflow
	delete(named, order.CancelOrder)
	return slices.Sorted(maps.Keys(named))
}

// missing lists what the step lacks.
func (p parts) missing(step order.StepName) (missing []string) {
	need := func(has bool, file, what string, args ...any) {
		if !has {
			missing = append(missing, file+": "+fmt.Sprintf(what, args...))
		}
	}
	file := fmt.Sprintf("internal/steps/%s.go", strings.ToLower(regexp.MustCompile("[A-Z]").ReplaceAllString(string(step), "_$0")))
	_, err := os.Stat(root + "/" + file)
	need(err == nil, file, "there is no such file for the step")
	need(p.actions[step] != nil, "internal/steps/steps.go", "ByName lacks the step")
	state := workflow.State(step)
	need(p.states[state] == step, "statemachine/pizza.asl.json", "no state %s runs the step", state)
	need(p.samples[step] == string(step)+".json", fmt.Sprintf("events/%s.json", step), "there is no sample event of the step")
	need(p.entered[state], "internal/outcomes/outcomes.go", "no outcome enters the state %s", state)
	moves := 0
	for _, transition := range order.Transitions() {
		if transition.Step != step {
			continue
		}
		moves++
		if to := transition.ToStatus; to != "" {
			need(slices.Contains(order.Statuses(), to), "internal/order/lifecycle.go", "%s is neither on the happy path nor among the failed ends", to)
			need(p.pages[string(to)].GoesOn || order.NextStep(to) != step, "web/statuses.js", "%s lacks goesOn: the step continues after setting it", to)
		}
	}
	need(moves > 0, "internal/order/lifecycle.go", "order.Transitions() has no row for the step")
	return missing
}
