package main

import (
	"fmt"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// test runs all test cases of a mock file, and reports the coverage.
func test(c *command) error {
	mocks := c.mockFlags()
	covered := c.flags.Bool("covered", false, "fail if the test cases do not take every part of the definition")
	if err := c.parse("DEFINITION"); err != nil {
		return err
	}
	machine, err := c.machine(c.flags.Arg(0))
	if err != nil {
		return err
	}
	cases, err := mocks.cases()
	if err != nil {
		return err
	}
	failed := 0
	for _, one := range cases {
		if !c.test(machine, one) {
			failed++
		}
	}
	coverage := machine.Coverage()
	fmt.Fprintf(c.out, "\n%s", coverage)
	if failed > 0 || *covered && len(coverage.Missing()) > 0 {
		return errFailed
	}
	return nil
}

// test runs one test case, and reports whether it has ended as it must.
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
		fmt.Fprintln(c.out, indented(reason(run)))
	}
	return true
}

// replay runs executions of AWS again, and prints the first difference of each.
func replay(c *command) error {
	arn := c.flags.String("arn", "", "the `ARN` of the execution, for definitions that pass it on; for one history")
	if err := c.parse("DEFINITION HISTORY..."); err != nil {
		return err
	}
	machine, err := c.machine(c.flags.Arg(0))
	if err != nil {
		return err
	}
	differ := false
	for _, file := range c.flags.Args()[1:] {
		h, err := asltest.ReadHistory(file)
		if err != nil {
			return err
		}
		h.ExecutionARN = *arn
		run, difference, err := machine.Replay(h)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if difference == nil {
			fmt.Fprintf(c.out, "same    %s: %d events\n", file, len(run.Events))
			continue
		}
		differ = true
		fmt.Fprintf(c.out, "DIFFER  %s\n%s\n", file, indented(difference.String()))
	}
	if differ {
		return errFailed
	}
	return nil
}

func indented(text string) string { return "        " + strings.ReplaceAll(text, "\n", "\n        ") }
