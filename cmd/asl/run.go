package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// run runs an execution and prints its history and its result.
func run(c *command) error {
	mocks := c.mockFlags()
	name := c.flags.String("case", "", "use the mocks of this `test case`; may be left out if there is one")
	input := c.flags.String("input", "", "start the execution with the JSON in this `file`, instead of the test case's Input or {}")
	asJSON := c.flags.Bool("json", false, "print what aws stepfunctions get-execution-history would print")
	realTime := c.flags.Bool("real-time", false, "let waits, retries and tasks take their time")
	if err := c.parse("DEFINITION"); err != nil {
		return err
	}
	machine, err := c.machine(c.flags.Arg(0))
	if err != nil {
		return err
	}
	one, err := mocks.one(*name)
	if err != nil {
		return err
	}
	s := asltest.Scenario{Input: one.Input, Mocks: one.Mocks}
	if *input != "" {
		text, err := os.ReadFile(*input)
		if err != nil {
			return err
		}
		s.Input = string(text)
	}
	if *realTime {
		s.Start, s.Pace = time.Now(), func(next time.Time) { time.Sleep(time.Until(next)) }
	}
	if !*asJSON {
		s.Config.Observe = c.printer()
	}
	execution, err := machine.Execute(s)
	if err != nil {
		return err
	}
	return c.result(execution, *asJSON)
}

// printer returns a function that prints each event when it happens.
func (c *command) printer() func(string, asl.Event) {
	var start time.Time
	return func(_ string, e asl.Event) {
		if start.IsZero() {
			start = e.Time
		}
		fmt.Fprintln(c.out, asltest.Line(e, start))
	}
}

// result prints how an execution has ended.
func (c *command) result(r *asltest.Run, asJSON bool) error {
	switch {
	case asJSON:
		encoder := json.NewEncoder(c.out)
		encoder.SetIndent("", "    ")
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(map[string]any{"events": r.Events}); err != nil {
			return err
		}
	case r.Status == asl.Succeeded:
		fmt.Fprintf(c.out, "\n%s after %v\n%s\n", r.Status, r.Duration(), r.Output)
	default:
		fmt.Fprintf(c.out, "\n%s after %v\n%s\n", r.Status, r.Duration(), reason(r))
	}
	if r.Status != asl.Succeeded {
		return errFailed
	}
	return nil
}

// reason returns why an execution has not succeeded.
func reason(r *asltest.Run) string {
	return cmp.Or(r.Error, "no error") + ": " + cmp.Or(r.Cause, "no cause")
}

// mockFlags are the flags that name mocks.
type mockFlags struct{ file, machine *string }

func (c *command) mockFlags() mockFlags {
	return mockFlags{
		file:    c.flags.String("mocks", "", "let tasks end as this `file` says, which has the format of Step Functions Local"),
		machine: c.flags.String("machine", "", "use the mocks of this `state machine`; may be left out if the file has one"),
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

// one returns the test case of this name, or the only one if the name is empty. Without a
// file it has no mocks.
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
