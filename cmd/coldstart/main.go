//go:build linux

// Command coldstart measures the cold start of the function, compared with a Go function
// that does nothing and a Node.js function with the same clients:
//
//	go run ./cmd/coldstart
//
// It starts them in turns, with package lambdatest, so that other load on the machine
// affects all of them equally: read the ratios, not the milliseconds. AWS is a local TLS
// server that answers every call and delays every write by a millisecond. Node's packages
// are installed into .tools/coldstart; without Node, that column is left out.
//
// The exit status is 1 if a limit is missed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	runs := flag.Int("runs", 20, "cold starts of each kind")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ok, err := measure(ctx, *runs, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "coldstart:", err)
		os.Exit(1)
	}
	if !ok {
		os.Exit(1)
	}
}
