package asl

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

// restless waits in every possible way, and has variables, a failure that is caught and one
// that is tolerated.
const restless = `{
  "StartAt": "Set", "TimeoutSeconds": 5000,
  "States": {
    "Set": {"Type": "Pass", "Assign": {"outer": "seen from inside"}, "Next": "Split"},
    "Split": {"Type": "Parallel", "Next": "Each", "Assign": {"seen.$": "$[0].got"},
      "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failed", "Next": "Each"}],
      "Branches": [
        {"StartAt": "Work", "States": {
          "Work": {"Type": "Task", "Resource": "arn:aws:states:::test:work", "TimeoutSeconds": 60,
            "Retry": [{"ErrorEquals": ["Flaky"], "IntervalSeconds": 3, "MaxAttempts": 2}],
            "ResultSelector": {"got.$": "$.value", "try.$": "$$.State.RetryCount"}, "End": true}}},
        {"StartAt": "Nap", "States": {
          "Nap": {"Type": "Wait", "SecondsPath": "$.nap", "Next": "Ask"},
          "Ask": {"Type": "Task", "Resource": "arn:aws:states:::test:ask.waitForTaskToken", "HeartbeatSeconds": 20,
            "Parameters": {"n.$": "$.n", "outer.$": "$outer"}, "End": true}}}]},
    "Each": {"Type": "Map", "ItemsPath": "$$.Execution.Input.items", "MaxConcurrency": 2, "ToleratedFailureCount": 1,
      "ItemSelector": {"item.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index"},
      "End": true,
      "ItemProcessor": {"StartAt": "Odd", "States": {
        "Odd": {"Type": "Choice", "Choices": [{"Variable": "$.item", "NumericEquals": 3, "Next": "Bad"}], "Default": "Item"},
        "Bad": {"Type": "Fail", "Error": "Odd"},
        "Item": {"Type": "Task", "Resource": "arn:aws:states:::test:item", "ResultPath": "$.done", "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 2, "End": true}}}}}}`

// simulation runs an execution turn by turn in one goroutine, with its own clock. Each step
// is a random choice of what can happen next.
type simulation struct {
	x       *execution
	now     time.Time
	chance  *rand.Rand
	pending []taskCall
	turns   int
	saved   Change // with all events
}

func newSimulation(t *testing.T, seed uint64) *simulation {
	s := &simulation{now: time.UnixMilli(0), chance: rand.New(rand.NewPCG(seed, 0))}
	input, err := ParseValue([]byte(`{"nap": 7, "n": 1.0, "items": [1, 2, 3, 4, 5]}`))
	require.NoError(t, err)
	e := s.engine(t)
	s.x = &execution{engine: e, machine: e.config.Machine, arn: e.ExecutionARN("x"), Name: "x", Input: input, Status: Running, Started: s.now}
	s.pending = s.x.runTurn(s.now, (*turn).start)
	require.NoError(t, s.x.save())
	return s
}

var restlessMachine = sync.OnceValues(func() (*Machine, error) { return Load([]byte(restless), nil) })

// engine returns an engine that saves to the simulation.
func (s *simulation) engine(t *testing.T) *Engine {
	machine, err := restlessMachine()
	require.NoError(t, err)
	resources := map[string]Resource{}
	for _, key := range []string{"test:work", "test:ask", "test:item"} {
		resources[key] = func(context.Context, Task) (any, error) { return nil, nil }
	}
	e, err := New(Config{Machine: machine, Resources: resources, Save: func(c Change) error {
		c.Events = append(s.saved.Events, c.Events...)
		s.saved = c
		return nil
	}})
	require.NoError(t, err)
	return e
}

// step makes one thing happen.
func (s *simulation) step() {
	s.turns++
	tokens := s.tokens()
	choices := len(s.pending) + len(tokens)
	next := s.x.due.earliest()
	if choices == 0 || !next.IsZero() && !next.Equal(s.x.Expires) && s.chance.IntN(4) == 0 {
		s.now = next
		s.pending = append(s.pending, s.x.runTurn(s.now, nil)...)
		return
	}
	s.now = s.now.Add(time.Millisecond)
	if i := s.chance.IntN(choices); i < len(s.pending) {
		one := s.pending[i]
		s.pending = slices.Delete(s.pending, i, i+1)
		a := s.answer(one)
		s.pending = append(s.pending, s.x.runTurn(s.now, func(t *turn) { one.deliver(t, a) })...)
	} else {
		f := tokens[i-len(s.pending)]
		s.pending = append(s.pending, s.x.runTurn(s.now, func(t *turn) {
			f.State.work.(*taskWork).answeredByToken(t, f, answer{Output: f.Task.Parameters})
		})...)
	}
}

// answer returns the answer of a task, which depends on the task alone.
func (s *simulation) answer(one taskCall) answer {
	if one.task.State == "Work" && one.task.Attempt < 2 {
		return answer{Failure: &failure{Name: "Flaky"}}
	}
	return answer{Output: Value{jsonvalue.ObjectOf(jsonvalue.Prop("value", one.task.Parameters.tree()))}}
}

func (s *simulation) tokens() (frames []*frame) {
	s.x.Root.walk(func(f *frame) {
		if f.Waits == forToken {
			frames = append(frames, f)
		}
	})
	return frames
}

// reload loads the execution, as the last turn saved it, into a new engine. The same calls
// are pending.
func (s *simulation) reload(t *testing.T) {
	x, err := s.engine(t).load(s.stored(t))
	require.NoError(t, err)
	again := map[int64]*frame{}
	for _, f := range x.running() {
		again[f.Serial] = f
	}
	s.x = x
	s.pending = slices.DeleteFunc(s.pending, func(one taskCall) bool { return again[one.serial] == nil })
	require.Len(t, s.pending, len(again), "all running tasks are called again")
	for i, one := range s.pending {
		s.pending[i] = newTaskCall(x, again[one.serial])
	}
}

// stored returns what was saved, after it was encoded and decoded as JSON.
func (s *simulation) stored(t *testing.T) Change {
	c := s.saved
	text, err := json.Marshal(c.Events)
	require.NoError(t, err)
	c.Events = nil
	require.NoError(t, json.Unmarshal(text, &c.Events))
	return c
}

// run runs the execution to its end, and returns its state and its history.
func (s *simulation) run(t *testing.T, beforeTurn func()) [2]string {
	for s.x.Status == Running {
		require.Less(t, s.turns, 1000)
		beforeTurn()
		// Answers for which no frame waits would make the random choices of the two
		// simulations differ, so they are dropped from both.
		running := s.x.running()
		s.pending = slices.DeleteFunc(s.pending, func(one taskCall) bool { return !slices.Contains(running, one.frame) })
		s.step()
		require.NoError(t, s.x.save())
	}
	history, err := json.Marshal(s.saved.Events)
	require.NoError(t, err)
	return [2]string{string(s.saved.State), string(history)}
}

func TestAnInterruptedExecutionHasTheSameHistory(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			undisturbed := newSimulation(t, seed)
			expected := undisturbed.run(t, func() {})
			require.Equal(t, Succeeded, undisturbed.x.Status)

			interrupted := newSimulation(t, seed)
			actual := interrupted.run(t, func() { interrupted.reload(t) })
			require.JSONEq(t, expected[0], actual[0])
			require.JSONEq(t, expected[1], actual[1])
		})
	}
}
