package asltest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// wrong adds a problem at an offset of the text.
func (f *MockFile) wrong(offset int, format string, args ...any) {
	line, column := jsonvalue.Position(f.text, offset)
	f.problems = append(f.problems, fmt.Errorf("%d:%d: %s", line, column, fmt.Sprintf(format, args...)))
}

// members returns the members of an object, whose names must be among allowed unless that
// is empty.
func (f *MockFile) members(n *jsonvalue.Node, what string, allowed ...string) []jsonvalue.Member {
	if !n.IsObject() {
		f.wrong(n.Begin, "%s must be an object", what)
		return nil
	}
	seen := map[string]bool{}
	for _, m := range n.Members {
		if allowed != nil && !slices.Contains(allowed, m.Name) {
			f.wrong(m.Begin, "%s has no field %q; it has %s", what, m.Name, strings.Join(allowed, ", "))
		}
		if seen[m.Name] {
			f.wrong(m.Begin, "%q comes twice", m.Name)
		}
		seen[m.Name] = true
	}
	return n.Members
}

func (f *MockFile) read(root *jsonvalue.Node) {
	responses, executions := map[string]Mock{}, map[string]*jsonvalue.Node{}
	sections := f.members(root, "a mock file", "StateMachines", "MockedResponses", "Executions")
	for _, section := range sections {
		switch section.Name {
		case "MockedResponses":
			for _, m := range f.members(section.Node, "MockedResponses") {
				responses[m.Name] = f.response(m)
			}
		case "Executions":
			for _, m := range f.members(section.Node, "Executions") {
				executions[m.Name] = m.Node
			}
		}
	}
	for _, section := range sections {
		if section.Name != "StateMachines" {
			continue
		}
		for _, m := range f.members(section.Node, "StateMachines") {
			f.machine(m, responses, executions[m.Name])
			delete(executions, m.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(executions)) {
		f.wrong(executions[name].Begin, "Executions has %q, which StateMachines does not have", name)
	}
}

// machine reads the test cases of a state machine.
func (f *MockFile) machine(m jsonvalue.Member, responses map[string]Mock, executions *jsonvalue.Node) {
	machine := machineMocks{name: m.Name}
	for _, field := range f.members(m.Node, "a state machine", "TestCases") {
		for _, c := range f.members(field.Node, "TestCases") {
			one := TestCase{Name: c.Name, Input: "{}", Mocks: Mocks{}}
			for _, state := range f.members(c.Node, "a test case") {
				name, _ := state.Value.(string)
				if responses[name] == nil {
					f.wrong(state.Begin, "there is no mocked response %s", text(state.Value))
				}
				one.Mocks[state.Name] = responses[name]
			}
			machine.cases = append(machine.cases, one)
		}
	}
	if executions != nil {
		f.executions(executions, machine.cases)
	}
	f.machines = append(f.machines, machine)
}

// executions reads how the executions of test cases start and end.
func (f *MockFile) executions(n *jsonvalue.Node, cases []TestCase) {
	for _, m := range f.members(n, "the Executions of a state machine") {
		i := slices.IndexFunc(cases, func(c TestCase) bool { return c.Name == m.Name })
		if i < 0 {
			f.wrong(m.Begin, "there is no test case %q", m.Name)
			continue
		}
		for _, field := range f.members(m.Node, "an execution", "Input", "Status", "Output", "Error", "Cause") {
			if field.Name == "Input" {
				cases[i].Input = text(field.Value)
			} else if _, isText := field.Value.(string); !isText && field.Name != "Output" {
				f.wrong(field.Node.Begin, "%s must be a text", field.Name)
			}
		}
		cases[i].want, _ = m.Value.(*jsonvalue.Object)
	}
}
