package asltest

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
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
// A test case names a mocked response for each Task state. The numbers of a response are
// those of the calls of the state in its execution, from 0. They count on over retries,
// iterations of a Map and further visits. A call whose number the response does not have
// ends the run with an error, as does a state that the test case does not name, because
// nothing here calls AWS.
//
// Two things are added to the format. A field Executions says how to start the execution
// of a test case and how it must end; each of its fields may be left out:
//
//	"Executions": {"Orders": {
//	  "PaidAtLast": {"Input": {"amount": 3}, "Status": "SUCCEEDED", "Output": {"paid": true}}}}
//
// With "Status": "FAILED" there may be an Error and a Cause. And a response may have a
// number After, the seconds that the call takes.
type MockFile struct {
	text     []byte
	machines []machineMocks
	problems []error
}

type machineMocks struct {
	name  string
	cases []TestCase
}

// ReadMockFile reads a file with mocks. The error has all that is wrong with it.
func ReadMockFile(file string) (*MockFile, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	mocks, err := ParseMockFile(text)
	if err != nil {
		return nil, fmt.Errorf("%s:\n%w", file, err)
	}
	return mocks, nil
}

// ParseMockFile is [ReadMockFile] for the text of a file.
func ParseMockFile(text []byte) (*MockFile, error) {
	f := &MockFile{text: text}
	root, err := jsonvalue.Parse(text)
	if syntax, ok := errors.AsType[*jsonvalue.SyntaxError](err); ok {
		f.wrong(syntax.Offset, "not valid JSON: %s", syntax.Message)
	} else {
		f.read(root)
	}
	return f, errors.Join(f.problems...)
}

// Cases returns the test cases of a state machine, in the order of the file. If the file
// has one state machine, the name may be empty.
func (f *MockFile) Cases(machine string) ([]TestCase, error) {
	var names []string
	for _, m := range f.machines {
		if m.name == machine || machine == "" && len(f.machines) == 1 {
			return m.cases, nil
		}
		names = append(names, m.name)
	}
	if machine == "" {
		return nil, fmt.Errorf("the mock file has several state machines; name one of %s", strings.Join(names, ", "))
	}
	return nil, fmt.Errorf("the mock file has no state machine %q; it has %s", machine, strings.Join(names, ", "))
}
