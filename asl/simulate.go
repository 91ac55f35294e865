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

// ErrWaitsForever is the error of a simulation in which nothing can happen any more,
// wrapped with the states that wait.
var ErrWaitsForever = errors.New("the execution waits forever")

// Simulation runs one execution in its own time and in one goroutine: a Wait of a year
// takes no time, and the same replies lead to the same history. That includes task tokens,
// JitterStrategy, States.UUID and States.MathRandom, which depend on the Seed.
type Simulation struct {
	Config Config // its Resources are not used
	Name   string // of the execution; "execution" when empty
	Input  []byte
	Start  time.Time // when the execution starts; the year 2000 when zero
	Seed   uint64    // another seed leads to other random values

	// Reply returns what becomes of a task that starts now. If there are no replies, the
	// task waits until it times out. An error ends the simulation.
	Reply func(now time.Time, t Task) ([]Reply, error)

	// Pace, if set, is called before the time moves on. It may sleep.
	Pace func(next time.Time)
}

// Reply is something that happens to a task. A reply that comes too late is dropped, as on
// AWS.
type Reply struct {
	After  time.Duration // since the task started
	Kind   ReplyKind
	Output any   // as a [Resource] returns it
	Err    error // likewise
}

// ReplyKind says where a reply comes from.
type ReplyKind int

// The kinds of replies.
const (
	FromResource  ReplyKind = iota // the resource returns
	ByToken                        // SendTaskSuccess, or SendTaskFailure if there is an Err
	HeartbeatSent                  // SendTaskHeartbeat
)

// Run runs the execution to its end, and returns it with its history. If there is an
// error, the execution has not ended: it is that of Reply, [ErrWaitsForever], or what
// [New] and [Engine.Start] return.
func (s Simulation) Run() (Execution, []Event, error) {
	run, err := s.begin()
	if err != nil {
		return Execution{}, nil, err
	}
	defer run.x.engine.cancel()
	err = run.toEnd()
	return run.x.present(), run.events, err // nobody else has the execution
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
	config.Observe, config.Resources = nil, map[string]Resource{} // the simulation observes and calls
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
	agenda []appointment // in the order of their times
	events []Event
}

// appointment is something that will happen.
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

// take runs a turn, and notes the replies to the tasks that it started.
func (r *simulationRun) take(happens func(*turn)) error {
	calls := r.x.take(r.now, happens)
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

// note adds an appointment, after those of the same time.
func (r *simulationRun) note(a appointment) {
	i := slices.IndexFunc(r.agenda, func(other appointment) bool { return other.at.After(a.at) })
	if i < 0 {
		i = len(r.agenda)
	}
	r.agenda = slices.Insert(r.agenda, i, a)
}

// waiting returns the states that wait for a task.
func (r *simulationRun) waiting() (states []string) {
	r.x.Root.walk(func(f *frame) {
		if f.Waits == forTask || f.Waits == forToken {
			states = append(states, f.State.name)
		}
	})
	return states
}

// to returns what the reply does to the task of a call.
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
