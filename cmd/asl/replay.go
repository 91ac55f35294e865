package main

import (
	"fmt"

	"pizzasaga/asl/asltest"
)

// replay replays executions from AWS and prints the first difference of each.
func replay(c *command) error {
	arn := c.flags.String("arn", "", "the `ARN` of the execution, for definitions that use it; only with one history")
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
