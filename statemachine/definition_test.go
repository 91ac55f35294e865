package statemachine_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
	"pizzasaga/statemachine"
)

type machine struct {
	StartAt        string
	TimeoutSeconds int // for the execution; branches have none
	States         map[string]state
}

type state struct {
	Type, Comment, Resource, Next, Default string
	End                                    bool
	TimeoutSeconds                         int
	Parameters                             struct {
		QueueURL    string
		MessageBody map[string]any
		Payload     map[string]any
	}
	Retry    []matcher
	Catch    []matcher
	Branches []machine
}

type matcher struct {
	ErrorEquals                                   []string
	Next                                          string
	ResultPath                                    string
	MaxAttempts                                   *int
	IntervalSeconds, MaxDelaySeconds, BackoffRate float64
	JitterStrategy                                string
}

var file = flag.String("definition", "", "test this file instead of the deployed definition")

// text returns the tested definition.
func text(t *testing.T) []byte {
	if *file == "" {
		return statemachine.Pizza
	}
	read, err := os.ReadFile(*file)
	require.NoError(t, err)
	return read
}

func definition(t *testing.T) machine {
	var m machine
	require.NoError(t, json.Unmarshal(text(t), &m))
	return m
}

// visit visits every state, and passes the containing state of those in branches.
func (m machine) visit(parent *state, visit func(string, state, *state)) {
	for name, s := range m.States {
		visit(name, s, parent)
		for _, b := range s.Branches {
			b.visit(&s, visit)
		}
	}
}

// check runs a test for every state.
func (m machine) check(t *testing.T, check func(t *testing.T, name string, s state, parent *state)) {
	m.visit(nil, func(name string, s state, parent *state) {
		t.Run(name, func(t *testing.T) { check(t, name, s, parent) })
	})
}

// forward lists the states that are entered when nothing fails. The states of branches
// follow the state that contains them.
func (m machine) forward() (states []string) {
	for name := m.StartAt; name != ""; name = m.States[name].Next {
		states = append(states, name)
		for _, b := range m.States[name].Branches {
			states = append(states, b.forward()...)
		}
	}
	return states
}

func TestEveryStateIsReached(t *testing.T) {
	var check func(m machine)
	check = func(m machine) {
		reached := map[string]bool{}
		var enter func(name string)
		enter = func(name string) {
			if name == "" || reached[name] {
				return
			}
			s, ok := m.States[name]
			require.True(t, ok, "%s does not exist", name)
			reached[name] = true
			enter(s.Next)
			enter(s.Default)
			for _, c := range s.Catch {
				enter(c.Next)
			}
			for _, b := range s.Branches {
				check(b)
			}
		}
		enter(m.StartAt)
		require.Len(t, reached, len(m.States), "only %v are reached", reached)
	}
	check(definition(t))
}

func TestAnExecutionHasATimeout(t *testing.T) {
	require.Equal(t, 3600, definition(t).TimeoutSeconds, "an execution that no task's time-out ends must end within the hour, to be reconciled")
}

func TestEveryTaskHasATimeoutAndRetriesAndACatchOrAReasonWhyNot(t *testing.T) {
	definition(t).check(t, func(t *testing.T, _ string, s state, _ *state) {
		if s.Type != "Task" {
			return
		}
		require.Positive(t, s.TimeoutSeconds)
		require.NotEmpty(t, s.Retry)
		require.True(t, len(s.Catch) > 0 || strings.HasPrefix(s.Comment, "No Catch"), "neither a Catch nor a reason why not")
	})
}

func TestStatesALLIsAloneAndLast(t *testing.T) {
	definition(t).check(t, func(t *testing.T, _ string, s state, _ *state) {
		for _, list := range [][]matcher{s.Retry, s.Catch} {
			for i, m := range list {
				if slices.Contains(m.ErrorEquals, "States.ALL") {
					require.Len(t, m.ErrorEquals, 1)
					require.Equal(t, len(list)-1, i)
				}
			}
		}
	})
}

func TestEveryTaskReceivesItsOrder(t *testing.T) {
	definition(t).check(t, func(t *testing.T, _ string, s state, _ *state) {
		if s.Type != "Task" {
			return
		}
		given := s.Parameters.Payload
		if s.Resource == "arn:${Partition}:states:::sqs:sendMessage" {
			given = s.Parameters.MessageBody
		}
		require.Equal(t, "$$.Execution.Input", given["order.$"])
	})
}

func TestEveryStepHasItsStateAndEveryStateItsStep(t *testing.T) {
	var actions, states []string
	for name := range new(steps.Steps).ByName() {
		actions = append(actions, string(name))
	}
	definition(t).check(t, func(t *testing.T, name string, s state, _ *state) {
		if action, ok := s.Parameters.Payload["action"].(string); ok {
			states = append(states, action)
			require.Equal(t, name, workflow.State(order.StepName(action)))
		}
	})
	require.ElementsMatch(t, actions, states)
}

// raised are the error names from Step Functions and Lambda that the definition may
// match.
var raised = []string{"States.ALL"}

func TestEveryErrorThatTheDefinitionMatchesCanBeRaised(t *testing.T) {
	definition(t).check(t, func(t *testing.T, _ string, s state, _ *state) {
		for _, m := range slices.Concat(s.Retry, s.Catch) {
			for _, e := range m.ErrorEquals {
				assert.Contains(t, append(workflow.ErrorNames(), raised...), e)
			}
		}
	})
}

// TestEveryErrorThatTheFunctionRaisesIsCaught checks each name against the Catch of each
// state that runs the function, or of the containing state. A step of a delivered order
// has nothing left to undo.
func TestEveryErrorThatTheFunctionRaisesIsCaught(t *testing.T) {
	definition(t).check(t, func(t *testing.T, name string, s state, parent *state) {
		if s.Parameters.Payload == nil || slices.ContainsFunc(order.Transitions(), func(t order.Transition) bool {
			return workflow.State(t.Step) == name && t.ToStatus.Reached(order.DeliveryConfirmed)
		}) {
			return
		}
		for _, e := range workflow.ErrorNames() {
			caught := matches(s.Catch, e) || parent != nil && matches(parent.Catch, e)
			assert.True(t, caught, "nothing catches %s", e)
		}
	})
}

func matches(list []matcher, name string) bool {
	return slices.ContainsFunc(list, func(m matcher) bool {
		return slices.Contains(m.ErrorEquals, name) || slices.Contains(m.ErrorEquals, "States.ALL")
	})
}

func TestForwardStepsRetryEveryErrorThatIsNotDefinite(t *testing.T) {
	forward := definition(t).forward()
	definition(t).check(t, func(t *testing.T, name string, s state, _ *state) {
		if s.Type == "Task" && slices.Contains(forward, name) {
			require.Len(t, s.Retry, 2)
			definite, others := s.Retry[0], s.Retry[1]
			require.ElementsMatch(t, workflow.DefiniteErrors(), definite.ErrorEquals)
			require.Zero(t, *definite.MaxAttempts)
			require.Equal(t, []string{"States.ALL"}, others.ErrorEquals)
			require.Positive(t, *others.MaxAttempts)
			require.Equal(t, "FULL", others.JitterStrategy)
			require.Positive(t, others.MaxDelaySeconds)
		}
	})
}

func TestCompensationsRetryEverythingFiveTimesIn15Seconds(t *testing.T) {
	forward := definition(t).forward()
	definition(t).check(t, func(t *testing.T, name string, s state, _ *state) {
		if s.Type != "Task" || slices.Contains(forward, name) {
			return
		}
		require.Len(t, s.Retry, 1)
		r := s.Retry[0]
		require.Equal(t, []string{"States.ALL"}, r.ErrorEquals)
		require.Equal(t, 5, *r.MaxAttempts)
		total, wait := 0.0, r.IntervalSeconds
		for range *r.MaxAttempts {
			total += min(wait, r.MaxDelaySeconds)
			wait *= r.BackoffRate
		}
		require.InDelta(t, 15, total, 1)
	})
}

func TestTheWayForwardMatchesTheHappyPath(t *testing.T) {
	well := outcomes.All()[workflow.FaultNone]
	require.ElementsMatch(t, slices.Concat(well.Main, well.LoyaltyBranch, well.KitchenBranch), definition(t).forward())
}

func TestTheTemplateMakesEverySubstitution(t *testing.T) {
	var names []string
	for _, m := range regexp.MustCompile(`\$\{(\w+)\}`).FindAllStringSubmatch(string(text(t)), -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	made := []string{"Partition", "FunctionArn"}
	for _, q := range workflow.Queues() {
		made = append(made, string(q)+"DLQUrl")
	}
	require.ElementsMatch(t, made, names)
}

func TestEveryDeadLetterGoesToTheQueueOfItsKind(t *testing.T) {
	seen := 0
	definition(t).check(t, func(t *testing.T, name string, s state, _ *state) {
		if s.Resource != "arn:${Partition}:states:::sqs:sendMessage" {
			return
		}
		seen++
		step := strings.TrimSuffix(name, "DLQ")
		require.Equal(t, fmt.Sprintf("${%sDLQUrl}", step), s.Parameters.QueueURL)
		require.Equal(t, step+"Failed", s.Parameters.MessageBody["messageType"])
		require.Contains(t, workflow.Queues(), order.Queue(step))
	})
	require.Equal(t, len(workflow.Queues()), seen)
}
