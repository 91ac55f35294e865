package main

import (
	"errors"
	"fmt"
	"regexp"

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
	files := c.flags.Args()[1:]
	switch {
	case *arn == "":
	case !executionARN.MatchString(*arn):
		return fmt.Errorf("-arn %s: the ARN of an execution has the form arn:aws:states:us-east-1:123456789012:execution:MACHINE:NAME", *arn)
	case len(files) > 1:
		return errors.New("-arn is for one execution; give only one HISTORY")
	}
	var failed []error
	differ := false
	for _, file := range files {
		same, err := c.replay(machine, file, *arn)
		if err != nil {
			failed = append(failed, err)
		}
		differ = differ || !same
	}
	if failed == nil && differ {
		return errFailed
	}
	return errors.Join(failed...)
}

var executionARN = regexp.MustCompile(`^arn:[a-z-]+:states:[a-z0-9-]+:\d+:execution:[^:]+:[^:]+$`)

// replay replays one history and reports whether it is the same.
func (c *command) replay(machine *asltest.Machine, file, arn string) (same bool, err error) {
	h, err := asltest.ReadHistory(file)
	if err != nil {
		return false, err
	}
	h.ExecutionARN = arn
	run, difference, err := machine.Replay(h)
	switch incomplete := h.Incomplete(); {
	case err != nil:
		return false, fmt.Errorf("%s: %w", file, err)
	case difference != nil:
		fmt.Fprintf(c.out, "DIFFER  %s\n%s\n", file, indented(difference.String()))
	case incomplete != "":
		fmt.Fprintf(c.out, "same so far  %s: %s, %s\n", file, events(h.Len()), incomplete)
	default:
		fmt.Fprintf(c.out, "same    %s: %s\n", file, events(len(run.Events)))
	}
	return difference == nil, nil
}

func events(n int) string {
	if n == 1 {
		return "1 event"
	}
	return fmt.Sprintf("%d events", n)
}
