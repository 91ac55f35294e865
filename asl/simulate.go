package asl

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// ErrWaitsForever is the error of a simulation that cannot continue, because tasks wait for
// replies that do not come. The error that wraps it has the names of their states.
var ErrWaitsForever = errors.New("the execution waits forever")

// Simulation runs one execution in virtual time and in one goroutine: a Wait of a year takes
// no time, and the same replies lead to the same history. That includes task tokens,
// JitterStrategy, States.UUID and States.MathRandom, which depend on the Seed.
type Simulation struct {
	Config Config // Resources, Save, Events, KeepEnded and Forget are not used
	Name   string // of the execution; "execution" if empty
	Input  []byte
	Start  time.Time // when the execution starts; the year 2000 if zero
	Seed   uint64    // of the random values

	// Reply returns what happens to a task that starts now. Without replies, the task waits
	// until it times out. An error ends the simulation.
	Reply func(now time.Time, t Task) ([]Reply, error)

	// Pace, if set, is called before the time advances to next. It may sleep.
	Pace func(next time.Time)
}

// Reply is something that happens to a task. A reply that comes too late is dropped, as on
// AWS.
type Reply struct {
	After  time.Duration // since the task started
	Kind   ReplyKind
	Output any   // as returned by a [Resource]
	Err    error // as returned by a [Resource]
}

// ReplyKind is the source of a reply.
type ReplyKind int

// The kinds of replies.
const (
	FromResource  ReplyKind = iota // the resource returns
	ByToken                        // SendTaskSuccess, or SendTaskFailure if there is an Err
	HeartbeatSent                  // SendTaskHeartbeat
)

// Run runs the execution to its end and returns it with its history. If it returns an error,
// the execution has not ended. The error is that of Reply, [ErrWaitsForever], or one of the
// errors of [New] and [Engine.Start].
func (s Simulation) Run() (Execution, []Event, error) {
	run, err := s.begin()
	if err != nil {
		return Execution{}, nil, err
	}
	defer run.x.engine.cancel()
	err = run.toEnd()
	return run.x.present(), run.events, err // no other goroutine has the execution
}

func (s Simulation) begin() (*simulationRun, error) {
	if s.Name == "" {
		s.Name = "execution"
	}
	if err := checkExecutionName(s.Name); err != nil {
		return nil, err
	}
	input, err := parseInput(s.Input)
	if err != nil {
		return nil, err
	}
	if s.Start.IsZero() {
		s.Start = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	config := s.Config
	// the simulation calls Observe, and Reply stands in for the resources
	config.Observe, config.Resources = nil, map[string]Resource{}
	if config.Machine != nil {
		for _, w := range config.Machine.tasks {
			config.Resources[w.key] = func(context.Context, Task) (any, error) { return nil, nil }
		}
	}
	e, err := New(config)
	if err != nil {
		return nil, err
	}
	e.random = rand.New(rand.NewPCG(s.Seed, 0))
	return &simulationRun{Simulation: s, x: e.newExecution(s.Name, input, s.Start), now: s.Start}, nil
}

// simulationRun is a simulation that has begun.
type simulationRun struct {
	Simulation
	x      *execution
	now    time.Time
	agenda []appointment // sorted by time
	events []Event
}

// appointment is something that will happen at a time.
type appointment struct {
	at      time.Time
	happens func(*turn)
}

func (r *simulationRun) toEnd() error {
	if err := r.take((*turn).start); err != nil {
		return err
	}
	for r.x.Status == Running {
		next := r.x.due.earliest()
		if len(r.agenda) > 0 && (next.IsZero() || r.agenda[0].at.Before(next)) {
			next = r.agenda[0].at
		}
		if next.IsZero() {
			return fmt.Errorf("%w: %s", ErrWaitsForever, strings.Join(r.waiting(), ", "))
		}
		if next.After(r.now) {
			if r.Pace != nil {
				r.Pace(next)
			}
			r.now = next
		}
		var happens func(*turn)
		if len(r.agenda) > 0 && !r.agenda[0].at.After(r.now) {
			happens = r.agenda[0].happens
			r.agenda = r.agenda[1:]
		}
		if err := r.take(happens); err != nil {
			return err
		}
	}
	return nil
}

// take runs a turn and notes the replies to the tasks that it started.
func (r *simulationRun) take(happens func(*turn)) error {
	calls := r.x.runTurn(r.now, happens)
	for len(r.events) < len(r.x.Events) {
		e := r.x.Events.event(len(r.events))
		r.events = append(r.events, e)
		if r.Config.Observe != nil {
			r.Config.Observe(r.x.arn, e)
		}
	}
	for _, call := range calls {
		if r.Reply == nil {
			continue
		}
		replies, err := r.Reply(r.now, call.task)
		if err != nil {
			return err
		}
		for _, reply := range replies {
			r.note(appointment{r.now.Add(reply.After), reply.to(call)})
		}
	}
	return nil
}

// note adds an appointment to the agenda, after those at the same time.
func (r *simulationRun) note(a appointment) {
	i := slices.IndexFunc(r.agenda, func(other appointment) bool { return other.at.After(a.at) })
	if i < 0 {
		i = len(r.agenda)
	}
	r.agenda = slices.Insert(r.agenda, i, a)
}

// waiting returns the names of the states that wait for a task.
func (r *simulationRun) waiting() (states []string) {
	r.x.Root.walk(func(f *frame) {
		if f.Waits == forTask || f.Waits == forToken {
			states = append(states, f.State.name)
		}
	})
	return states
}

// to returns a function that applies the reply to the task of a call.
func (reply Reply) to(call taskCall) func(*turn) {
	a := answerOf(reply.Output, reply.Err)
	return func(t *turn) {
		f := call.frame
		if f.Serial != call.serial || f.Waits != forTask && f.Waits != forToken || f.Task.Early != nil && reply.Kind != FromResource {
			return
		}
		switch reply.Kind {
		case FromResource:
			call.deliver(t, a)
		case ByToken:
			f.State.work.(*taskWork).answeredByToken(t, f, a)
		case HeartbeatSent:
			f.Task.beat(t, f)
		}
	}
}
