package local

import (
	"slices"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// trail tells of each event of one execution to which state it belongs, and
// counts the attempts at each state's task.
type trail struct {
	states   map[int64]string // by event id
	attempts map[string]int   // by state
}

func newTrail() *trail {
	return &trail{states: map[int64]string{}, attempts: map[string]int{}}
}

// follow takes the execution's next event and returns its state, "" for none.
func (t *trail) follow(e asl.Event) string {
	state := t.states[e.PreviousID]
	switch d := e.Details.(type) {
	case *asl.StateEnteredDetails:
		state = d.Name
	case *asl.StateExitedDetails:
		state = d.Name
	}
	if e.Type == asl.TaskScheduled {
		t.attempts[state]++
	}
	t.states[e.ID] = state
	return state
}

func entered(e asl.Event) bool { return strings.HasSuffix(string(e.Type), "StateEntered") }

func ended(t asl.EventType) bool {
	switch t {
	case asl.ExecutionSucceeded, asl.ExecutionFailed, asl.ExecutionTimedOut, asl.ExecutionAborted:
		return true
	}
	return false
}

// failed returns the error of a failed attempt at a task and what it said.
func failed(e asl.Event) (name, message string, ok bool) {
	if e.Type != asl.TaskFailed && e.Type != asl.TaskTimedOut {
		return "", "", false
	}
	d := e.Details.(*asl.TaskFailureDetails)
	return d.Error, workflow.CauseMessage(d.Cause), true
}

// Run tells what came of an order: a run of the workflow to hold against the
// outcomes.
func (s *Shop) Run(o order.Order) (outcomes.Run, error) {
	execution, err := s.Execution(o.ID)
	if err != nil {
		return outcomes.Run{}, err
	}
	events, err := s.History(o.ID)
	if err != nil {
		return outcomes.Run{}, err
	}
	run := outcomes.Run{Execution: string(execution.Status), Order: o, DeadLetters: s.deadLetters(o.ID)}
	t := newTrail()
	for _, e := range events {
		state := t.follow(e)
		if entered(e) {
			run.Entered = append(run.Entered, state)
		}
		if _, _, ok := failed(e); ok && !slices.Contains(run.Failed, state) {
			run.Failed = append(run.Failed, state)
		}
	}
	return run, nil
}

// deadLetters lists the queues that hold a message about the order.
func (s *Shop) deadLetters(orderID string) []order.Queue {
	var queues []order.Queue
	for _, q := range workflow.Queues() {
		for _, m := range s.Queues.Messages(string(q)) {
			if strings.Contains(m.Body, `"`+orderID+`"`) {
				queues = append(queues, q)
			}
		}
	}
	return queues
}
