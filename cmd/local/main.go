// Command local runs the pizza shop on this machine: the API, the workflow's
// deployed definition and everything behind it, in one process.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"pizzasaga/internal/local"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "local:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is one line, without all the flags
	addr := flags.String("addr", "localhost:3000", "listen on this `host:port`")
	outcomes := flags.Bool("outcomes", false, "order all eight outcomes, check them, and exit")
	definition := flags.String("definition", "", "run this `file` in the Amazon States Language instead of the pizza's definition")
	data := flags.String("data", "", "keep orders and executions in this `file`, from which they go on after a restart")
	outside := flags.String("outside", "", "ask the payment gateway, the loyalty programme and the kitchen at this `URL` instead of simulating them")
	verbose := flags.Bool("v", false, "print the function's log on the standard error")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return nil
	case err != nil:
		return fmt.Errorf("%w; -help lists the flags", err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; -help lists the flags", flags.Arg(0))
	}
	if *outcomes && *data != "" {
		return errors.New("-outcomes orders from a shop in memory: leave -data out")
	}
	if *outcomes && *definition != "" {
		return errors.New("-outcomes checks the pizza's own definition: leave -definition out")
	}
	if *outcomes {
		return local.Outcomes(ctx, stdout)
	}
	config := local.Config{Progress: stdout, Data: *data, Outside: *outside}
	if *verbose {
		config.Logger = slog.New(slog.NewJSONHandler(stderr, nil))
	}
	if *definition != "" {
		text, err := os.ReadFile(*definition)
		if err != nil {
			return err
		}
		config.Definition = text
	}
	shop, err := local.Open(config)
	if err != nil && *definition != "" {
		return fmt.Errorf("%s cannot run:\n%w", *definition, err)
	}
	if err != nil {
		return err
	}
	return local.Serve(ctx, *addr, shop, func(at net.Addr) { welcome(stdout, at, *data) })
}

func welcome(out io.Writer, at net.Addr, data string) {
	kept := "Orders end with this program; -data FILE keeps them."
	if data != "" {
		kept = "Orders are kept in " + data + " and go on from there."
	}
	fmt.Fprintf(out, `The pizza shop is open at http://%[1]s

  look              open http://%[1]s in a browser
  a pizza           curl http://%[1]s/orders -d '{"flavour":"Pineapple"}'
  a failed refund   curl http://%[1]s/orders -d '{"errorOnStep":6}'
  all outcomes      curl http://%[1]s/orders -d '{"errorOnStep":100}'
  executions        aws --endpoint-url http://%[1]s stepfunctions list-state-machines
  any action        aws --endpoint-url http://%[1]s lambda invoke --function-name pizza-saga --payload fileb://events/redriveDeadLetters.json answer.json

%[2]s
Ctrl-C closes it.

`, at, kept)
}
