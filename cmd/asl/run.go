package main

import (
	"encoding/json"
	"fmt"
	"time"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// run runs an execution and prints its history and its result.
func run(c *command) error {
	mocks := c.mockFlags()
	name := c.flags.String("case", "", "use the mocks of this `test case`; optional if there is only one")
	input := c.flags.String("input", "", "start the execution with the JSON in this `file`, instead of the test case's Input or {}")
	asJSON := c.flags.Bool("json", false, "print the history like aws stepfunctions get-execution-history")
	realTime := c.flags.Bool("real-time", false, "run waits, retries and tasks in real time")
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
		if s.Input, err = asltest.ReadInput(*input); err != nil {
			return err
		}
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

// printer returns a function that prints each event as it happens.
func (c *command) printer() func(string, asl.Event) {
	var start time.Time
	return func(_ string, e asl.Event) {
		if start.IsZero() {
			start = e.Time
		}
		fmt.Fprintln(c.out, asltest.Line(e, start))
	}
}

// result prints how an execution ended.
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
		fmt.Fprintf(c.out, "\n%s after %v\n", r.Status, r.Duration())
		if reason := r.Reason(); reason != "" {
			fmt.Fprintln(c.out, reason)
		}
	}
	if r.Status != asl.Succeeded {
		return errFailed
	}
	return nil
}
