//go:build linux

// Command coldstart measures what a cold start of the function costs, beside a
// Go function that does nothing and a Node.js function with the same clients:
//
//	go run ./cmd/coldstart
//
// All are started by package lambdatest, in turns, so that what else goes on in
// the machine befalls all alike: read the ratios, not the milliseconds. AWS is
// a local TLS server that answers every call and takes a millisecond for every
// flight of data. Node and its packages come into .tools/coldstart; where there
// is no Node that column is left out.
//
// It exits with 1 when a bar is missed.
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
