package asltest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"pizzasaga/asl"
)

// TB is the part of a [testing.TB] that this package uses. Tests pass their *testing.T.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Cleanup(f func())
}

// Machine is a state machine under test. It remembers which parts its runs have taken.
// Tests may use it in parallel.
type Machine struct {
	definition *asl.Machine
	states     states
	mu         sync.Mutex
	taken      map[string]int // how often, by the part's place
}

// New returns a machine that no run has used.
func New(definition *asl.Machine) *Machine {
	return &Machine{definition: definition, states: statesOf(definition), taken: map[string]int{}}
}

// Load reads a definition from a file, which is YAML if its name ends in .yaml or .yml,
// and JSON otherwise. Problems of the definition end the test, which lists them all.
func Load(t TB, file string, substitutions map[string]string) *Machine {
	t.Helper()
	definition, err := ReadDefinition(file, substitutions)
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	return New(definition)
}

// ReadDefinition is [Load] for a program that is not a test. If the definition has problems,
// the error wraps [asl.Problems], and each of its lines begins with the file, the line and
// the column.
func ReadDefinition(file string, substitutions map[string]string) (*asl.Machine, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	load, isYAML := asl.Load, filepath.Ext(file) == ".yaml" || filepath.Ext(file) == ".yml"
	if isYAML {
		load = asl.LoadYAML
	}
	definition, err := load(text, substitutions)
	if err == nil {
		err = definition.CheckServices()
	}
	problems, ok := errors.AsType[asl.Problems](err)
	if ok && problems[0].Code == asl.InvalidJSONDescription && !isYAML && !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		problems[0].Hint = cmp.Or(problems[0].Hint, "a YAML definition needs the extension .yaml or .yml")
	}
	return definition, InFile(file, err)
}

// Scenario is one execution to run, for [Machine.Execute].
type Scenario struct {
	Input string // JSON
	Mocks Mocks

	Config asl.Config           // names and ARNs of the state machine, and Observe; other fields are ignored
	Name   string               // of the execution; "execution" if empty
	Start  time.Time            // when it starts; the year 2000 if zero
	Seed   uint64               // of the random values
	Pace   func(next time.Time) // called before the time advances, and may sleep; nil does not wait
}

// Run runs an execution in virtual time: a wait takes no time. Run ends the test if a Task
// state without a mock is called, or if the execution waits for a task that never ends and
// has no TimeoutSeconds. An execution that fails does not fail the test.
func (m *Machine) Run(t TB, input string, mocks Mocks) *Run {
	t.Helper()
	run, err := m.Execute(Scenario{Input: input, Mocks: mocks})
	if err != nil {
		t.Fatalf("%s", strings.TrimSpace(err.Error()+"\n"+run.ending()))
	}
	return run
}

// Execute is [Machine.Run] with all options, also for a program that is not a test. If there
// is an error, the run has what happened before it.
func (m *Machine) Execute(s Scenario) (*Run, error) {
	run := &Run{states: m.states}
	if err := m.states.checkMocks(s.Mocks); err != nil {
		return run, err
	}
	if _, err := (document{text: []byte(s.Input)}).parse(); err != nil {
		return run, fmt.Errorf("the input is wrong: %w", err)
	}
	s.Config.Machine, s.Config.Cover = m.definition, m.cover
	counts := map[string]int{}
	var err error
	run.Execution, run.Events, err = asl.Simulation{
		Config: s.Config, Name: s.Name, Input: []byte(s.Input), Start: s.Start, Seed: s.Seed, Pace: s.Pace,
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
