// Command smoke tests a deployment from outside: it places orders through the API and
// checks their outcomes. It exits 0 only if all are correct.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"pizzasaga/internal/smoke"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "smoke:", err)
		os.Exit(1)
	}
}

const usage = `usage: go run ./cmd/smoke [flags] URL

URL is the API's address: http://localhost:3000 for the local program, or the output ApiUrl of a stack.

`

func run(ctx context.Context, args []string, stdout io.Writer) error {
	config := smoke.Config{Out: stdout}
	flags := flag.NewFlagSet("smoke", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // print an error in one line, without the list of flags
	flags.StringVar(&config.Token, "token", "", "send this `token` with every request")
	flags.BoolVar(&config.Order, "order", false, "place an order even if fault injection is off: one plain pizza, which may cost real money")
	flags.DurationVar(&config.Timeout, "timeout", 3*time.Minute, "give up after this `time`, such as 90s")
	switch err := parse(flags, args, &config.URL); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return nil
	case err != nil:
		return fmt.Errorf("%w; -help lists the flags", err)
	}
	return smoke.Run(ctx, config)
}

// parse reads the flags, which may be before and after the URL.
func parse(flags *flag.FlagSet, args []string, url *string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("give the URL of the API, such as http://localhost:3000")
	}
	*url = flags.Arg(0)
	if err := flags.Parse(flags.Args()[1:]); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return nil
}
