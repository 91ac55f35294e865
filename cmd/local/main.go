// Command local runs the pizza shop on this machine in one process: the API, the deployed
// definition of the workflow, and everything they need.
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
	"strings"
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
	listener, err := local.Listen(o.addr)
	if err != nil {
		return err
	}
	shop, err := local.Open(o.config)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	welcome(stdout, o.addr, listener.Addr(), o.config.Data)
	return local.Serve(ctx, listener, shop, stdout)
}

// options are the values of the flags.
type options struct {
	addr              string
	outcomes, verbose bool
	config            local.Config
}

// parse reads the flags. If they ask for help, it prints that and returns nil.
func parse(args []string, stdout io.Writer) (*options, error) {
	var o options
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // print an error in one line, without the list of flags
	flags.StringVar(&o.addr, "addr", "localhost:3000", "listen on this `host:port`")
	flags.BoolVar(&o.outcomes, "outcomes", false, "order all eight outcomes, check them, and exit")
	flags.StringVar(&o.config.Data, "data", "", "keep orders and executions in this `file` and continue them after a restart")
	flags.IntVar(&o.config.Keep, "keep", 10_000, "keep this `number` of ended orders, and all with open money, points or dead letters")
	flags.StringVar(&o.config.Outside, "outside", "", "call the payment gateway, the loyalty programme and the kitchen at this `URL` instead of simulating them")
	flags.BoolVar(&o.verbose, "v", false, "print the function's log to standard error")
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
		return nil, fmt.Errorf("-keep %d: it must be at least 1", o.config.Keep)
	case o.outcomes && flags.NFlag() > 1:
		return nil, errors.New("-outcomes runs in memory with its own settings: leave out the other flags")
	}
	return &o, nil
}

// welcome prints how to use the shop. Addr is the address as it was given.
func welcome(out io.Writer, addr string, at net.Addr, data string) {
	kept := "Orders are lost when this program ends, unless you keep them with -data FILE."
	if data != "" {
		kept = "Orders are kept in " + data + " and continue after a restart."
	}
	address := at.String()
	if tcp, ok := at.(*net.TCPAddr); ok {
		if !tcp.IP.IsLoopback() {
			kept += "\nAnyone who can reach this machine over the network can place and read orders and stop executions."
		}
		if tcp.IP.IsUnspecified() || strings.HasPrefix(addr, "localhost:") {
			address = fmt.Sprintf("localhost:%d", tcp.Port)
		}
	}
	fmt.Fprintf(out, `The pizza shop is open at http://%[1]s

  look              open http://%[1]s in a browser
  a pizza           curl http://%[1]s/orders -d '{"flavour":"Pineapple"}'
  a failed refund   curl http://%[1]s/orders -d '{"errorOnStep":6}'
  all outcomes      curl http://%[1]s/orders -d '{"errorOnStep":100}'
  executions        aws --endpoint-url http://%[1]s stepfunctions list-state-machines
  any action        aws --endpoint-url http://%[1]s lambda invoke --function-name pizza-saga --payload fileb://events/redriveDeadLetters.json answer.json

%[2]s
Press Ctrl-C to close the shop.

`, address, kept)
}
