// Command asl checks, runs and tests state machines in the Amazon States Language,
// without AWS. Definitions are JSON, or YAML in files named *.yaml or *.yml.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

const usage = `asl checks, runs and tests state machines in the Amazon States Language.

  asl check  DEFINITION...                        list all problems
  asl run    [-mocks FILE -case NAME] DEFINITION  run an execution and print its history and its result
  asl test   -mocks FILE DEFINITION               run all test cases of a mock file and report the coverage
  asl replay DEFINITION HISTORY...                replay executions from AWS and print the first difference

asl COMMAND -help lists the command's flags. The exit status is 0 for success; 1 if the definition has problems, the
execution failed, a test failed or a replay differs; 2 if the command could not run.
`

// errFailed is the error of a command that has already printed what went wrong.
var errFailed = errors.New("failed")

var commands = map[string]func(*command) error{"check": check, "run": run, "test": test, "replay": replay}

func main() { os.Exit(start(os.Args[1:], os.Stdout, os.Stderr)) }

// start runs a command and returns the exit status.
func start(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || strings.TrimLeft(args[0], "-") == "help" || args[0] == "-h" {
		fmt.Fprint(stdout, usage)
		return 0
	}
	do, ok := commands[args[0]]
	if !ok {
		fmt.Fprintf(stderr, "there is no command %q; asl help lists the commands\n", args[0])
		return 2
	}
	c := &command{flags: flag.NewFlagSet("asl "+args[0], flag.ContinueOnError), args: args[1:], out: stdout, substitutions: map[string]string{}}
	c.flags.SetOutput(io.Discard) // print an error in one line, without the list of flags
	c.flags.Func("set", "replace ${Name} in the definition, given as `Name=value`; may be repeated", c.set)
	err := do(c)
	_, isWrong := errors.AsType[asl.Problems](err)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		c.flags.SetOutput(stdout)
		c.flags.Usage()
		return 0
	case errors.Is(err, errFailed):
		return 1
	default:
		fmt.Fprintln(stderr, err) // without a prefix, so that an editor finds the place in the line
		if isWrong {
			return 1
		}
		return 2
	}
}

// command has what all commands share.
type command struct {
	flags         *flag.FlagSet
	args          []string
	out           io.Writer
	substitutions map[string]string
}

func (c *command) set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return errors.New("it must be Name=value")
	}
	if _, ok := c.substitutions[name]; ok {
		return fmt.Errorf("%s is set twice", name)
	}
	c.substitutions[name] = value
	return nil
}

// parse reads the flags. what names the arguments that must follow: one for each word,
// and more only if the last word ends in dots.
func (c *command) parse(what string) error {
	if err := c.flags.Parse(c.args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return fmt.Errorf("%w; %s -help lists the flags", err, c.flags.Name())
	}
	for _, argument := range c.flags.Args() {
		if strings.HasPrefix(argument, "-") {
			return fmt.Errorf("%s must come before %s, like all flags", argument, what)
		}
	}
	words := len(strings.Fields(what))
	if n := c.flags.NArg(); n < words || n > words && !strings.HasSuffix(what, "...") {
		return fmt.Errorf("usage: %s [flags] %s", c.flags.Name(), what)
	}
	return nil
}

// machine reads a definition.
func (c *command) machine(file string) (*asltest.Machine, error) {
	if err := c.checkSet(file); err != nil {
		return nil, err
	}
	definition, err := asltest.ReadDefinition(file, c.substitutions)
	if err != nil {
		return nil, err
	}
	return asltest.New(definition), nil
}

// checkSet returns an error if -set has a name that none of the files has.
func (c *command) checkSet(files ...string) error {
	var all []byte
	for _, file := range files {
		text, _ := os.ReadFile(file) // reading the definition returns the error
		all = append(all, text...)
	}
	for _, name := range slices.Sorted(maps.Keys(c.substitutions)) {
		if !bytes.Contains(all, []byte("${"+name+"}")) {
			return fmt.Errorf("-set %s: %s has no ${%s}", name, strings.Join(files, " "), name)
		}
	}
	return nil
}
