package asltest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"pizzasaga/asl"
)

// TB is what this package needs of a [testing.TB].
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// Machine is a state machine under test. It remembers which parts its runs have taken.
// Tests may use it in parallel.
type Machine struct {
	definition *asl.Machine
	mu         sync.Mutex
	taken      map[string]int // how often, by the part's place
}

// New returns a machine that no run has used.
func New(definition *asl.Machine) *Machine {
	return &Machine{definition: definition, taken: map[string]int{}}
}

// Load reads a definition from a file, which is YAML if its name ends in .yaml or .yml,
// and JSON otherwise. If something is wrong with it, the test ends with all of that.
func Load(t TB, file string, substitutions map[string]string) *Machine {
	t.Helper()
	definition, err := ReadDefinition(file, substitutions)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return New(definition)
}

// ReadDefinition is Load for a program that is no test. The error of a definition with
// problems wraps [asl.Problems].
func ReadDefinition(file string, substitutions map[string]string) (*asl.Machine, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	load := asl.Load
	if extension := filepath.Ext(file); extension == ".yaml" || extension == ".yml" {
		load = asl.LoadYAML
	}
	definition, err := load(text, substitutions)
	if err != nil {
		return nil, fmt.Errorf("%s:\n%w", file, err)
	}
	return definition, nil
}

// Scenario is one execution to run.
type Scenario struct {
	Input string // JSON
	Mocks Mocks

	Config asl.Config           // names and ARNs of the state machine, and Observe; the rest is not used
	Name   string               // of the execution; "execution" when empty
	Start  time.Time            // when it starts; the year 2000 when zero
	Pace   func(next time.Time) // called before the time moves on, and may sleep; nil does not wait
}

// Run runs an execution on virtual time: a wait takes no time. Run ends the test if a
// Task state is called that has no mock, or if the execution waits for a task that never
// ends and has no TimeoutSeconds. An execution that fails does not fail the test.
func (m *Machine) Run(t TB, input string, mocks Mocks) *Run {
	t.Helper()
	run, err := m.Execute(Scenario{Input: input, Mocks: mocks})
	if err != nil {
		t.Fatalf("%v\n%s", err, run.ending())
	}
	return run
}

// Execute is Run with all options, for a program that is no test as well. If there is an
// error, the run is as far as it came.
func (m *Machine) Execute(s Scenario) (*Run, error) {
	run := &Run{}
	if err := m.check(s.Mocks); err != nil {
		return run, err
	}
	s.Config.Machine, s.Config.Cover = m.definition, m.cover
	counts := map[string]int{}
	var err error
	run.Execution, run.Events, err = asl.Simulation{
		Config: s.Config, Name: s.Name, Input: []byte(s.Input), Start: s.Start, Pace: s.Pace,
		Reply: func(now time.Time, task asl.Task) ([]asl.Reply, error) {
			call := Call{Task: task, Number: counts[task.State], Time: now}
			counts[task.State]++
			run.Calls = append(run.Calls, call)
			return s.Mocks.replies(call)
		},
	}.Run()
	if errors.Is(err, asl.ErrWaitsForever) {
		err = fmt.Errorf("%w; let their mocks answer, or give them TimeoutSeconds", err)
	}
	return run, err
}

func (m *Machine) cover(_ string, p asl.Part) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken[p.Place]++
}

// check returns an error if there are mocks of states that the machine does not have.
func (m *Machine) check(mocks Mocks) error {
	states := m.states()
	var unknown []string
	for name := range mocks {
		if !slices.Contains(states, name) {
			unknown = append(unknown, fmt.Sprintf("%q", name))
		}
	}
	if unknown == nil {
		return nil
	}
	slices.Sort(unknown)
	return fmt.Errorf("there are mocks of states that the definition does not have: %s; it has %s",
		strings.Join(unknown, ", "), strings.Join(states, ", "))
}

func (m *Machine) states() (names []string) {
	for _, p := range m.definition.Parts() {
		if p.Kind == asl.StatePart {
			names = append(names, p.State)
		}
	}
	return names
}
