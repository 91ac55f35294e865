package main

import (
	"errors"
	"fmt"
	"strings"

	"pizzasaga/asl/asltest"
)

// mockFlags are the flags that name mocks.
type mockFlags struct{ file, machine *string }

func (c *command) mockFlags() mockFlags {
	return mockFlags{
		file:    c.flags.String("mocks", "", "take the results of tasks from this mock `file`, in the format of Step Functions Local"),
		machine: c.flags.String("machine", "", "use the mocks of this `state machine`; optional if the file has only one"),
	}
}

// read returns the mock file and its test cases.
func (m mockFlags) read() (*asltest.MockFile, []asltest.TestCase, error) {
	if *m.file == "" {
		return nil, nil, errors.New("-mocks FILE is missing")
	}
	file, err := asltest.ReadMockFile(*m.file)
	if err != nil {
		return nil, nil, err
	}
	cases, err := file.Cases(*m.machine)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w (-machine names the state machine)", *m.file, err)
	}
	return file, cases, nil
}

// one returns the test case with this name, or the only one if the name is empty. Without
// a file it returns a test case without mocks.
func (m mockFlags) one(name string) (asltest.TestCase, error) {
	if *m.file == "" && name == "" && *m.machine == "" {
		return asltest.TestCase{Input: "{}"}, nil
	}
	_, cases, err := m.read()
	if err != nil {
		return asltest.TestCase{}, err
	}
	var names []string
	for _, one := range cases {
		if one.Name == name || name == "" && len(cases) == 1 {
			return one, nil
		}
		names = append(names, one.Name)
	}
	return asltest.TestCase{}, fmt.Errorf("-case must be one of %s", strings.Join(names, ", "))
}
