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
	wrong := 0
	for _, file := range c.flags.Args() {
		definition, err := asltest.ReadDefinition(file, c.substitutions)
		if err == nil && *express {
			err = definition.CheckExpress()
		}
		problems, ok := errors.AsType[asl.Problems](err)
		if err != nil && !ok {
			return err
		}
		for _, p := range problems {
			fmt.Fprintf(c.out, "%s:%v\n", file, p)
		}
		wrong += len(problems)
	}
	if wrong > 0 {
		return errFailed
	}
	return nil
}
