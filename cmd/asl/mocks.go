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

// cases returns the test cases.
func (m mockFlags) cases() ([]asltest.TestCase, error) {
	if *m.file == "" {
		return nil, errors.New("-mocks FILE is missing")
	}
	file, err := asltest.ReadMockFile(*m.file)
	if err != nil {
		return nil, err
	}
	return file.Cases(*m.machine)
}

// one returns the test case with this name, or the only one if the name is empty. Without
// a file it returns a test case without mocks.
func (m mockFlags) one(name string) (asltest.TestCase, error) {
	if *m.file == "" {
		return asltest.TestCase{Input: "{}"}, nil
	}
	cases, err := m.cases()
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
