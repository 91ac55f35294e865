package asltest

import (
	"maps"
	"slices"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// wrong adds a problem at an offset of the text.
func (f *MockFile) wrong(offset int, format string, args ...any) {
	f.problems = append(f.problems, f.problem(offset, format, args...))
}

// members returns the members of an object. If there are allowed names, it reports and leaves
// out the members that have other names.
func (f *MockFile) members(n *jsonvalue.Node, what string, allowed ...string) (members []jsonvalue.Member) {
	if !n.IsObject() {
		f.wrong(n.Begin, "%s must be an object", what)
		return nil
	}
	for _, m := range n.Members {
		if allowed != nil && !slices.Contains(allowed, m.Name) {
			f.wrong(m.Begin, "%s has no field %q; it has %s", what, m.Name, strings.Join(allowed, ", "))
			continue
		}
		members = append(members, m)
	}
	return members
}

// mockedResponses are those of a file, by their names.
type mockedResponses map[string]*mockedResponse

type mockedResponse struct {
	Mock
	begin int // offset of the name
	used  bool
}

// fileMock is a mock of a test case. place says where the test case names it.
type fileMock struct {
	Mock
	place string
}

func (f *MockFile) read(root *jsonvalue.Node) {
	responses, executions := mockedResponses{}, map[string]*jsonvalue.Node{}
	sections := f.members(root, "a mock file", "StateMachines", "MockedResponses", "Executions")
	for _, section := range sections {
		switch section.Name {
		case "MockedResponses":
			for _, m := range f.members(section.Node, "MockedResponses") {
				responses[m.Name] = &mockedResponse{Mock: f.response(m), begin: m.Begin}
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
	for _, name := range slices.Sorted(maps.Keys(responses)) {
		if !responses[name].used {
			f.unused = append(f.unused, f.problem(responses[name].begin, "no test case uses the mocked response %q", name).Error())
		}
	}
}

// machine reads the test cases of a state machine.
func (f *MockFile) machine(m jsonvalue.Member, responses mockedResponses, executions *jsonvalue.Node) {
	machine := machineMocks{name: m.Name}
	for _, field := range f.members(m.Node, "a state machine", "TestCases") {
		for _, c := range f.members(field.Node, "TestCases") {
			machine.cases = append(machine.cases, TestCase{Name: c.Name, Input: "{}", Mocks: f.mocks(c.Node, responses)})
		}
	}
	if executions != nil {
		f.executions(executions, machine.cases)
	}
	f.machines = append(f.machines, machine)
}

// mocks reads the mocks of a test case.
func (f *MockFile) mocks(n *jsonvalue.Node, responses mockedResponses) Mocks {
	mocks := Mocks{}
	for _, state := range f.members(n, "a test case") {
		name, _ := state.Value.(string)
		response := responses[name]
		if response == nil {
			f.wrong(state.Node.Begin, "there is no mocked response %s%s", text(state.Value), expr.DidYouMean(name, slices.Sorted(maps.Keys(responses))))
			continue
		}
		response.used = true
		mocks[state.Name] = fileMock{response.Mock, f.place(state.Begin)}
	}
	return mocks
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
				continue
			}
			if _, isText := field.Value.(string); !isText && field.Name != "Output" {
				f.wrong(field.Node.Begin, "%s must be a string", field.Name)
			}
			cases[i].want = append(cases[i].want, jsonvalue.Prop(field.Name, field.Value))
		}
		f.checkEnd(m.Node)
	}
}

// checkEnd reports an end that no execution can have.
func (f *MockFile) checkEnd(execution *jsonvalue.Node) {
	ends := []string{string(asl.Succeeded), string(asl.Failed), string(asl.TimedOut)}
	succeeds, fails := execution.Member("Output"), execution.Member("Error")
	if fails == nil {
		fails = execution.Member("Cause")
	}
	if status := execution.Member("Status"); status != nil {
		name, isText := status.Value.(string)
		switch {
		case isText && !slices.Contains(ends, name):
			f.wrong(status.Begin, "Status must be one of %s", strings.Join(ends, ", "))
		case name == ends[0]:
			succeeds = status
		case isText:
			fails = status
		}
	}
	if succeeds != nil && fails != nil {
		f.wrong(execution.Begin, "an execution that succeeds has an Output, and any other has an Error and a Cause; remove what does not belong to this end")
	}
}
