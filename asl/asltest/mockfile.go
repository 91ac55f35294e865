package asltest

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// MockFile is a file with mocks, in the format of the MockConfigFile.json of Step Functions
// Local:
//
//	{
//	  "StateMachines": {"Orders": {"TestCases": {
//	    "PaidAtLast": {"Pay": "BusyTwice"}}}},
//	  "MockedResponses": {"BusyTwice": {
//	    "0-1": {"Throw": {"Error": "Busy", "Cause": "try again"}},
//	    "2":   {"Return": {"StatusCode": 200, "Payload": {"paid": true}}}}}
//	}
//
// A test case names a mocked response for each Task state. The numbers of a response count
// the calls of the state in its execution from 0. They continue over retries, iterations of
// a Map and further visits. A call whose number the response does not have ends the run with
// an error, and so does a state that the test case does not name, because this package does
// not call AWS.
//
// This package adds two things to the format. The field Executions says how to start the
// execution of a test case and how it must end; each of its fields is optional:
//
//	"Executions": {"Orders": {
//	  "PaidAtLast": {"Input": {"amount": 3}, "Status": "SUCCEEDED", "Output": {"paid": true}}}}
//
// The Status is SUCCEEDED, FAILED or TIMED_OUT. An execution that does not succeed may have
// an Error and a Cause instead of the Output. In all of them, "*" equals any value. And a
// response may have a number After: the seconds that the call takes.
type MockFile struct {
	document
	machines []machineMocks
	unused   []string
	problems []error
}

type machineMocks struct {
	name  string
	cases []TestCase
}

// ReadMockFile reads a file with mocks. The error lists everything that is wrong with it,
// with lines and columns.
func ReadMockFile(file string) (*MockFile, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return readMocks(document{file, text})
}

// ParseMockFile is [ReadMockFile] for a text.
func ParseMockFile(text []byte) (*MockFile, error) { return readMocks(document{text: text}) }

func readMocks(d document) (*MockFile, error) {
	root, err := d.parse()
	if err != nil {
		return nil, err
	}
	f := &MockFile{document: d}
	f.read(root)
	return f, errors.Join(f.problems...)
}

// Unused returns a line for each mocked response that no test case uses, with its place.
func (f *MockFile) Unused() []string { return f.unused }

// Cases returns the test cases of a state machine, in the order of the file. If the file
// has only one state machine, the name may be empty. If there are none, it returns an error.
func (f *MockFile) Cases(machine string) ([]TestCase, error) {
	var names []string
	for _, m := range f.machines {
		names = append(names, m.name)
		if m.name != machine && (machine != "" || len(f.machines) > 1) {
			continue
		}
		if len(m.cases) == 0 {
			return nil, fmt.Errorf("the state machine %s of the mock file has no test cases", m.name)
		}
		return m.cases, nil
	}
	switch {
	case len(names) == 0:
		return nil, errors.New("the mock file has no state machines")
	case machine == "":
		return nil, fmt.Errorf("the mock file has several state machines; name one of %s", strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("the mock file has no state machine %q; it has %s", machine, strings.Join(names, ", "))
}
