package asltest

import (
	"fmt"
	"strings"
	"time"

	"pizzasaga/asl"
)

// Run is an execution that has run.
type Run struct {
	asl.Execution
	Events []asl.Event
	Calls  []Call // of all tasks, in order

	states states
}

// Visit is one stay in a state.
type Visit struct {
	State   string
	Input   asl.Value
	Output  asl.Value // if Ended
	Ended   bool      // false if the state failed or was aborted
	Entered time.Time
	Exited  time.Time // if Ended
}

// Visits returns the visits of states in the order in which they began, including those in
// branches and iterations.
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

// Duration returns how long the execution took in virtual time.
func (r *Run) Duration() time.Duration {
	if len(r.Events) == 0 {
		return 0
	}
	return r.Events[len(r.Events)-1].Time.Sub(r.Events[0].Time)
}

// Reason returns the error and the cause of an execution that did not succeed. It is empty
// if there is neither.
func (r *Run) Reason() string { return failure(r.Error, r.Cause) }

// end returns how the execution ended, for a message.
func (r *Run) end() string {
	if reason := r.Reason(); reason != "" {
		return string(r.Status) + ": " + reason
	}
	return string(r.Status)
}

// Succeeded checks that the execution succeeded with an output, which is JSON. All
// comparisons of JSON follow three rules: 1 equals 1.0, the order of an object's fields does
// not matter, and an expected "*" equals any value.
func (r *Run) Succeeded(t TB, output string) {
	t.Helper()
	if r.Status != asl.Succeeded {
		t.Errorf("the execution should have succeeded, but it is %s\n%s", r.end(), r.ending())
		return
	}
	if difference := unlike(output, r.Output); difference != "" {
		t.Errorf("the output of the execution differs: %s", difference)
	}
}

// Failed checks that the execution failed with an error and a cause. The cause "*" equals
// any cause.
func (r *Run) Failed(t TB, name, cause string) {
	t.Helper()
	if r.Status != asl.Failed || r.Error != name || cause != "*" && r.Cause != cause {
		t.Errorf("the execution should be %s: %s\nbut it is %s\n%s", asl.Failed, failure(name, cause), r.end(), r.ending())
	}
}

// TimedOut checks that the execution exceeded the TimeoutSeconds of the state machine.
func (r *Run) TimedOut(t TB) {
	t.Helper()
	if r.Status != asl.TimedOut {
		t.Errorf("the execution should have timed out, but it is %s\n%s", r.end(), r.ending())
	}
}

// Visited checks which states were entered, in the order of their …StateEntered events. A
// state that was entered several times must be named as many times.
func (r *Run) Visited(t TB, states ...string) {
	t.Helper()
	if want, got := strings.Join(states, " > "), strings.Join(r.States(), " > "); want != got {
		t.Errorf("the execution entered other states:\nwant %s\ngot  %s", want, got)
	}
}

// Entered checks the inputs of a state, which are JSON: one for each time that the state was
// entered. Without inputs, the state must not have been entered.
func (r *Run) Entered(t TB, state string, inputs ...string) {
	t.Helper()
	var got []asl.Value
	for _, v := range r.Visits() {
		if v.State == state {
			got = append(got, v.Input)
		}
	}
	compare(t, r.states.check(state), state, "input", inputs, got)
}

// Exited checks the outputs of a state, which are JSON: one for each time that the state was
// left, in the order in which it was entered. A state that failed was not left.
func (r *Run) Exited(t TB, state string, outputs ...string) {
	t.Helper()
	var got []asl.Value
	for _, v := range r.Visits() {
		if v.State == state && v.Ended {
			got = append(got, v.Output)
		}
	}
	compare(t, r.states.check(state), state, "output", outputs, got)
}

// Called checks the parameters of a Task state, which are JSON: one for each call, including
// retries. Without parameters, the task must not have been called.
func (r *Run) Called(t TB, state string, parameters ...string) {
	t.Helper()
	var got []asl.Value
	for _, c := range r.Calls {
		if c.State == state {
			got = append(got, c.Parameters)
		}
	}
	compare(t, r.states.checkTask(state), state, "call", parameters, got)
}

// Retried checks how often a Task state was retried in the execution.
func (r *Run) Retried(t TB, state string, times int) {
	t.Helper()
	if err := r.states.checkTask(state); err != nil {
		t.Errorf("%v", err)
		return
	}
	got := 0
	for _, c := range r.Calls {
		if c.State == state && c.Attempt > 0 {
			got++
		}
	}
	if got != times {
		t.Errorf("%s: expected %s, got %d", state, counted(times, "retry"), got)
	}
}

// Took checks how long the execution took in virtual time.
func (r *Run) Took(t TB, d time.Duration) {
	t.Helper()
	if got := r.Duration(); got != d {
		t.Errorf("the execution should have taken %v, but it took %v\n%s", d, got, r.ending())
	}
}

// compare compares the expected values of a state with the actual ones. err is not nil if
// there is no such state.
func compare(t TB, err error, state, what string, want []string, got []asl.Value) {
	t.Helper()
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	if len(want) != len(got) {
		t.Errorf("%s: expected %s, got %d: %v", state, counted(len(want), what), len(got), got)
		return
	}
	for i := range want {
		if difference := unlike(want[i], got[i]); difference != "" {
			t.Errorf("%s: %s %d of %d differs: %s", state, what, i+1, len(want), difference)
		}
	}
}

// counted returns a number of things, such as "1 call" or "2 retries".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if stem, ok := strings.CutSuffix(what, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
