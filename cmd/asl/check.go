package main

import (
	"errors"
	"fmt"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// check lists all problems of definitions.
func check(c *command) error {
	express := c.flags.Bool("express", false, "check for a state machine of the type EXPRESS, which cannot wait for tokens and jobs")
	if err := c.parse("DEFINITION..."); err != nil {
		return err
	}
	if err := c.checkSet(c.flags.Args()...); err != nil {
		return err
	}
	var unreadable []error
	wrong := false
	for _, file := range c.flags.Args() {
		definition, err := asltest.ReadDefinition(file, c.substitutions)
		if err == nil && *express {
			err = asltest.InFile(file, definition.CheckExpress())
		}
		if _, isWrong := errors.AsType[asl.Problems](err); isWrong {
			fmt.Fprintln(c.out, err)
			wrong = true
		} else if err != nil {
			unreadable = append(unreadable, err)
		}
	}
	if unreadable == nil && wrong {
		return errFailed
	}
	return errors.Join(unreadable...)
}
