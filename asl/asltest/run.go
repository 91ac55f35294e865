package asltest

import (
	"strings"
	"time"

	"pizzasaga/asl"
)

// Run is an execution that has run.
type Run struct {
	asl.Execution
	Events []asl.Event
	Calls  []Call // of all tasks, in order
}

// Visit is one stay in a state.
type Visit struct {
	State   string
	Input   asl.Value
	Output  asl.Value // when it has ended
	Ended   bool      // by its exit: a state that fails, or is aborted, has none
	Entered time.Time
	Exited  time.Time // when it has ended
}

// Visits returns the stays in states in the order in which they began. States of branches
// and of iterations stand where they began.
func (r *Run) Visits() []Visit {
	var visits []Visit
	entered := map[int64]int{} // index in visits, by the id of the event
	for _, e := range r.Events {
		switch d := e.Details.(type) {
		case *asl.StateEnteredDetails:
			entered[e.ID] = len(visits)
			visits = append(visits, Visit{State: d.Name, Input: d.Input, Entered: e.Time})
		case *asl.StateExitedDetails:
			for id := e.PreviousID; id > 0; id = r.Events[id-1].PreviousID {
				if i, ok := entered[id]; ok && visits[i].State == d.Name {
					visits[i].Output, visits[i].Ended, visits[i].Exited = d.Output, true, e.Time
					break
				}
			}
		}
	}
	return visits
}

// States returns the names of the states that were entered, in order.
func (r *Run) States() []string {
	var names []string
	for _, v := range r.Visits() {
		names = append(names, v.State)
	}
	return names
}

// Duration returns how long the execution took, in its own time.
func (r *Run) Duration() time.Duration {
	if len(r.Events) == 0 {
		return 0
	}
	return r.Events[len(r.Events)-1].Time.Sub(r.Events[0].Time)
}

// Succeeded checks that the execution has succeeded with an output, which is JSON. In
// comparisons, 1 equals 1.0, and the order of an object's fields does not matter.
func (r *Run) Succeeded(t TB, output string) {
	t.Helper()
	if r.Status != asl.Succeeded {
		t.Errorf("the execution is to succeed, and is %s: %s: %s\n%s", r.Status, r.Error, r.Cause, r.ending())
		return
	}
	if difference := unlike(output, r.Output); difference != "" {
		t.Errorf("the output of the execution differs: %s", difference)
	}
}

// Failed checks that the execution has failed, with an error and a cause. If the cause is
// "*", it is not compared.
func (r *Run) Failed(t TB, name, cause string) {
	t.Helper()
	if r.Status != asl.Failed || r.Error != name || cause != "*" && r.Cause != cause {
		t.Errorf("the execution is to be %s: %s: %s\nit is %s: %s: %s\n%s", asl.Failed, name, cause, r.Status, r.Error, r.Cause, r.ending())
	}
}

// TimedOut checks that the execution has exceeded the TimeoutSeconds of the state machine.
func (r *Run) TimedOut(t TB) {
	t.Helper()
	if r.Status != asl.TimedOut {
		t.Errorf("the execution is to time out, and is %s: %s: %s\n%s", r.Status, r.Error, r.Cause, r.ending())
	}
}

// Visited checks which states were entered, in this order.
func (r *Run) Visited(t TB, states ...string) {
	t.Helper()
	if want, got := strings.Join(states, " > "), strings.Join(r.States(), " > "); want != got {
		t.Errorf("the states that were entered differ:\nwant %s\ngot  %s", want, got)
	}
}

// Entered checks the inputs of a state, which are JSON: one for each time that it was
// entered.
func (r *Run) Entered(t TB, state string, inputs ...string) {
	t.Helper()
	var got []asl.Value
	for _, v := range r.Visits() {
		if v.State == state {
			got = append(got, v.Input)
		}
	}
	compare(t, "input", state, inputs, got)
}

// Exited checks the outputs of a state, which are JSON: one for each time that it ended,
// in the order in which it was entered.
func (r *Run) Exited(t TB, state string, outputs ...string) {
	t.Helper()
	var got []asl.Value
	for _, v := range r.Visits() {
		if v.State == state && v.Ended {
			got = append(got, v.Output)
		}
	}
	compare(t, "output", state, outputs, got)
}

// Called checks the parameters of a task, which are JSON: one for each call, retries
// included.
func (r *Run) Called(t TB, state string, parameters ...string) {
	t.Helper()
	var got []asl.Value
	for _, c := range r.Calls {
		if c.State == state {
			got = append(got, c.Parameters)
		}
	}
	compare(t, "call", state, parameters, got)
}

// Retried checks how often a Task state was retried in the execution.
func (r *Run) Retried(t TB, state string, times int) {
	t.Helper()
	got := 0
	for _, c := range r.Calls {
		if c.State == state && c.Attempt > 0 {
			got++
		}
	}
	if got != times {
		t.Errorf("%s is to be retried %d times, and was retried %d times", state, times, got)
	}
}

// Took checks how long the execution took, in its own time.
func (r *Run) Took(t TB, d time.Duration) {
	t.Helper()
	if got := r.Duration(); got != d {
		t.Errorf("the execution is to take %v, and took %v\n%s", d, got, r.ending())
	}
}

func compare(t TB, what, state string, want []string, got []asl.Value) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: %d times an %s is expected, and there are %d: %v", state, len(want), what, len(got), got)
		return
	}
	for i := range want {
		if difference := unlike(want[i], got[i]); difference != "" {
			t.Errorf("%s: %s %d of %d differs: %s", state, what, i+1, len(want), difference)
		}
	}
}
