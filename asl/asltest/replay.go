package asltest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pizzasaga/asl"
	"pizzasaga/asl/internal/jsonvalue"
)

// errNotRecorded ends a replay that calls a task that the history does not have.
var errNotRecorded = errors.New("the history has no such call of a task")

// Replay runs the execution of a history again, with this definition: it has the same input,
// and its tasks end as they ended then and take as long. Replay returns the first difference
// between the two histories, or nil.
//
// Ids and times of events are not compared, so a longer Wait is not a difference.
// Branches and iterations are compared one by one, because the order of their events is
// random. UUIDs and task tokens that the execution made may differ in the replay, and so
// may its ARN if History.ExecutionARN is empty. But values that are equal in the history
// must be equal in the replay. Any two times within the execution are equal. Numbers from
// States.MathRandom cannot be repeated, so they are differences.
//
// A history of an execution that was stopped or has not ended is compared as far as it goes;
// see [History.Incomplete].
func (m *Machine) Replay(h *History) (*Run, *Difference, error) {
	first := h.events[0]
	input, _ := first.details.Get("input")
	s := script{calls: h.calls()}
	run, err := m.Execute(Scenario{
		Input: text(input), Start: first.at, Name: "replayed-execution", Mocks: s.mocks(m.states),
		Config: asl.Config{Name: "replayed-state-machine", RoleARN: first.role},
	}.named(h.ExecutionARN))
	if err != nil && !errors.Is(err, errNotRecorded) && !errors.Is(err, asl.ErrWaitsForever) {
		return run, nil, err
	}
	again, readErr := eventsOf(run)
	if readErr != nil {
		return run, nil, readErr
	}
	difference := compareHistories(h.events, again, newLikeness(h, run, m.definition.Definition()))
	if difference != nil && strings.Contains(m.definition.Definition(), "States.MathRandom") {
		difference.Reason += " (the definition uses States.MathRandom, whose numbers a replay cannot repeat)"
	}
	return run, difference, nil
}

// Replayed checks that the execution of a history, which is in a file, runs with this
// definition as it ran then. It logs if the history is incomplete.
func (m *Machine) Replayed(t TB, file string) {
	t.Helper()
	h, err := ReadHistory(file)
	if err != nil {
		t.Fatalf("%v", err)
		return
	}
	_, difference, err := m.Replay(h)
	switch incomplete := h.Incomplete(); {
	case err != nil:
		t.Fatalf("%s: %v", file, err)
	case difference != nil:
		t.Errorf("%s: %s", file, difference)
	case incomplete != "":
		t.Logf("%s: same so far: %s, %s", file, counted(h.Len(), "event"), incomplete)
	}
}

// named returns the scenario with the names from an execution's ARN, if there is one.
func (s Scenario) named(executionARN string) Scenario {
	if parts := strings.Split(executionARN, ":"); len(parts) == 8 {
		s.Config.Region, s.Config.Account, s.Config.Name, s.Name = parts[3], parts[4], parts[6], parts[7]
	}
	return s
}

// eventsOf returns the events of a run as a history has them.
func eventsOf(r *Run) ([]*recorded, error) {
	encoded, err := json.Marshal(r.Events)
	if err != nil {
		return nil, fmt.Errorf("the events of the replay: %w", err)
	}
	list, err := jsonvalue.Decode(encoded)
	if err != nil {
		return nil, fmt.Errorf("the events of the replay: %w", err)
	}
	return readEvents(list.([]any))
}

// recordedCall is a call of a task in a history.
type recordedCall struct {
	state      string
	parameters any
	started    time.Time
	submitted  *recorded // nil if the task was not submitted
	ended      *recorded // nil if the task has not ended or has timed out
	used       bool
}

// calls returns the calls of tasks in a history.
func (h *History) calls() []*recordedCall {
	var calls []*recordedCall
	of := map[*recorded]*recordedCall{} // by each event of the call
	for _, e := range h.events {
		switch e.kind {
		case "TaskScheduled", "LambdaFunctionScheduled":
			parameters, ok := e.details.Get("parameters")
			if !ok {
				parameters, _ = e.details.Get("input")
			}
			of[e] = &recordedCall{state: e.state(), parameters: parameters, started: e.at}
			calls = append(calls, of[e])
			continue
		}
		call := of[e.before]
		if call == nil || !strings.HasPrefix(e.kind, "Task") && !strings.HasPrefix(e.kind, "LambdaFunction") || e.is("StateExited") {
			continue
		}
		of[e] = call
		switch {
		case e.is("Started"):
			call.started = e.at
		case e.is("Submitted"):
			call.submitted = e
		case e.is("Succeeded"), e.is("Failed"):
			call.ended = e
		}
	}
	return calls
}

// script makes tasks end as they did in a history.
type script struct{ calls []*recordedCall }

func (s *script) mocks(states states) Mocks {
	mocks := Mocks{}
	for name, kind := range states {
		if kind == "Task" {
			mocks[name] = Func(s.respond)
		}
	}
	return mocks
}

// respond ends a call like the first unused call of its state with equal parameters or, if
// there is none, like the first unused call of its state.
func (s *script) respond(c Call) Response {
	parameters, _ := jsonvalue.Decode(c.Parameters.Bytes()) // Bytes returned it
	find := func(equal bool) int {
		return slices.IndexFunc(s.calls, func(r *recordedCall) bool {
			return !r.used && r.state == c.State && (!equal || jsonvalue.Equal(r.parameters, parameters))
		})
	}
	i := find(true)
	if i < 0 {
		i = find(false)
	}
	if i < 0 {
		return Response{fault: errNotRecorded}
	}
	s.calls[i].used = true
	return s.calls[i].response()
}

func (r *recordedCall) response() Response {
	var response Response
	if r.submitted != nil {
		receipt, _ := r.submitted.details.Get("output")
		response = response.Submitted(text(receipt))
	}
	switch {
	case r.ended == nil:
		response.never = true
		return response
	case r.ended.is("Failed"):
		response.err = &asl.TaskError{Name: r.ended.text("error"), Cause: r.ended.text("cause")}
		response.refused = r.submitted == nil
	default:
		output, _ := r.ended.details.Get("output")
		response.output = Return(text(output)).output
	}
	return response.After(r.ended.at.Sub(r.started))
}
