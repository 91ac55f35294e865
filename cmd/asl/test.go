package main

import (
	"fmt"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// test runs all test cases of a mock file and reports the coverage.
func test(c *command) error {
	mocks := c.mockFlags()
	covered := c.flags.Bool("covered", false, "fail if the test cases do not cover the whole definition")
	if err := c.parse("DEFINITION"); err != nil {
		return err
	}
	machine, err := c.machine(c.flags.Arg(0))
	if err != nil {
		return err
	}
	file, cases, err := mocks.read()
	if err != nil {
		return err
	}
	failed := 0
	for _, one := range cases {
		if !c.test(machine, one) {
			failed++
		}
	}
	for _, unused := range file.Unused() {
		fmt.Fprintln(c.out, unused)
	}
	coverage := machine.Coverage()
	fmt.Fprintf(c.out, "\n%s", coverage)
	if failed > 0 || *covered && len(coverage.Missing()) > 0 {
		return errFailed
	}
	return nil
}

// test runs one test case and reports whether it passed.
func (c *command) test(machine *asltest.Machine, one asltest.TestCase) bool {
	run, err := machine.Execute(asltest.Scenario{Input: one.Input, Mocks: one.Mocks})
	if err == nil {
		err = one.Check(run)
	}
	if err != nil {
		fmt.Fprintf(c.out, "FAIL  %s\n%s\n", one.Name, indented(err.Error()))
		return false
	}
	fmt.Fprintf(c.out, "ok    %s: %s after %v: %s\n", one.Name, run.Status, run.Duration(), strings.Join(run.States(), " → "))
	if run.Status != asl.Succeeded {
		fmt.Fprintln(c.out, indented(run.Reason()))
	}
	if one.ExpectsNothing() {
		fmt.Fprintln(c.out, indented("the test case checks nothing: Executions does not say how it must end"))
	}
	return true
}

func indented(text string) string { return "        " + strings.ReplaceAll(text, "\n", "\n        ") }
