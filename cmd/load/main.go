//go:build linux

// Command load measures the local program under load, over loopback, once in memory and
// once with a data file:
//
//	go run ./cmd/load -rate 500 -for 10s
//
// It places orders at a fixed rate, each with an idempotency key, and reads each once. This
// process also serves the outside systems and keeps their books. At the end every
// accepted order must have been delivered, and by the books charged and handed over;
// otherwise the exit status is 1. Speed is reported but never causes a failure.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	rate := flag.Int("rate", 500, "orders a second")
	duration := flag.Duration("for", 10*time.Second, "how long orders are placed")
	flag.Parse()
	if flag.NArg() > 0 || *rate < 1 || *duration <= 0 {
		fmt.Fprintln(os.Stderr, "load: -rate must be at least 1, -for longer than 0s, and there are no other arguments")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := measure(ctx, *rate, *duration, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// measure builds the program and prints the results of running it both ways.
func measure(ctx context.Context, rate int, duration time.Duration, out io.Writer) error {
	folder, err := os.MkdirTemp("", "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "local")
	if text, err := exec.CommandContext(ctx, "go", "build", "-o", program, "pizzasaga/cmd/local").CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w: %s", err, text)
	}
	for _, way := range []struct {
		name string
		args []string
	}{
		{"in memory", nil},
		{"with -data", []string{"-data", filepath.Join(folder, "shop.data")}},
	} {
		r, err := run(ctx, program, way.args, rate, duration)
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		fmt.Fprintf(out, "%-10s  %s\n", way.name, r)
		if err := r.check(); err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
	}
	return nil
}
