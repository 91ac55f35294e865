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
	o, err := parse(args, stdout)
	if o == nil || err != nil {
		return err
	}
	if o.outcomes {
		return local.Outcomes(ctx, stdout)
	}
	o.config.Progress = stdout
	if o.verbose {
		o.config.Logger = slog.New(slog.NewJSONHandler(stderr, nil))
	}
	shop, err := local.Open(o.config)
	if err != nil {
		return err
	}
	return local.Serve(ctx, o.addr, shop, stdout, func(at net.Addr) { welcome(stdout, at, o.config.Data) })
}

// options are what the flags say.
type options struct {
	addr              string
	outcomes, verbose bool
	config            local.Config
}

// parse reads the flags. It returns nil if they only ask for help, which it prints.
func parse(args []string, stdout io.Writer) (*options, error) {
	var o options
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is one line, without all the flags
	flags.StringVar(&o.addr, "addr", "localhost:3000", "listen on this `host:port`")
	flags.BoolVar(&o.outcomes, "outcomes", false, "order all eight outcomes, check them, and exit")
	flags.StringVar(&o.config.Data, "data", "", "keep orders and executions in this `file`, from which they go on after a restart")
	flags.IntVar(&o.config.Keep, "keep", 10_000, "keep this `number` of orders that have ended, and all that are owed something")
	flags.StringVar(&o.config.Outside, "outside", "", "ask the payment gateway, the loyalty programme and the kitchen at this `URL` instead of simulating them")
	flags.BoolVar(&o.verbose, "v", false, "print the function's log on the standard error")
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%w; -help lists the flags", err)
	case flags.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q; -help lists the flags", flags.Arg(0))
	case o.config.Keep < 1:
		return nil, fmt.Errorf("-keep %d: at least one order is kept", o.config.Keep)
	case o.outcomes && o.config.Data != "":
		return nil, errors.New("-outcomes orders from a shop in memory: leave -data out")
	}
	return &o, nil
}

func welcome(out io.Writer, at net.Addr, data string) {
	kept := "Orders end with this program; -data FILE keeps them."
	if data != "" {
		kept = "Orders are kept in " + data + " and go on from there."
	}
	if tcp, ok := at.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		kept += "\nWhoever reaches this machine over the network can order, read all orders and stop executions."
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
