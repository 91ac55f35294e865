//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"pizzasaga/internal/testkit/lambdatest"
)

// share is the part of a CPU that a function of 128 MB has after its init: one CPU per
// 1,769 MB.
const share = 0.07

// warmCalls is how often each process is called after its first invocation.
const warmCalls = 25

// results are the samples of one candidate, in milliseconds unless noted.
type results struct {
	init      []float64            // from the start of the process to its first request for work
	first     map[string][]float64 // first invocation, by kind
	warm      []float64            // further invocations, of the first kind
	memory    []float64            // peak, MB
	throttled []float64            // init and first invocation of the first kind, with the CPU limited to the share after init
	zip       float64              // KB
}

// measure builds the candidates, runs them in turns and prints the results. It reports
// whether all limits were met.
func measure(ctx context.Context, runs int, out io.Writer) (bool, error) {
	dir, err := os.MkdirTemp("", "coldstart")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	aws, err := startStub(dir)
	if err != nil {
		return false, err
	}
	defer aws.close()
	fmt.Fprintln(out, "building")
	candidates, err := build(ctx, dir, aws)
	if err != nil {
		return false, err
	}
	all := map[string]*results{}
	for _, c := range candidates {
		size, err := zipSize(c.bootstrap)
		if err != nil {
			return false, err
		}
		all[c.name] = &results{first: map[string][]float64{}, zip: float64(size) / 1024}
	}
	fmt.Fprintf(out, "measuring: %d cold starts of each kind\n", runs)
	for i := range runs + 1 {
		into := all
		if i == 0 { // ignored: caches are cold
			into = map[string]*results{}
			for name := range all {
				into[name] = &results{first: map[string][]float64{}}
			}
		}
		if err := round(ctx, candidates, into); err != nil {
			return false, err
		}
	}
	return report(out, candidates, all), nil
}

// round adds one sample of everything. Samples that are compared are measured one after another.
func round(ctx context.Context, candidates []candidate, all map[string]*results) error {
	each := func(k kind, again int, share float64, add func(*results, sample)) error {
		event, err := os.ReadFile(filepath.Join("events", k.sample+".json"))
		if err != nil {
			return err
		}
		for _, c := range candidates {
			s, err := c.start(ctx, event, again, share)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", c.name, k.name, err)
			}
			add(all[c.name], s)
		}
		return nil
	}
	for _, k := range kinds {
		if err := each(k, 0, 0, func(r *results, s sample) {
			r.init = append(r.init, s.init)
			r.first[k.name] = append(r.first[k.name], s.calls[0])
		}); err != nil {
			return err
		}
	}
	if err := each(kinds[0], warmCalls, 0, func(r *results, s sample) {
		r.warm = append(r.warm, s.calls[1:]...)
		r.memory = append(r.memory, s.memory)
	}); err != nil {
		return err
	}
	return each(kinds[0], 0, share, func(r *results, s sample) { r.throttled = append(r.throttled, s.init+s.calls[0]) })
}

// sample is the measurement of one process.
type sample struct {
	init   float64 // ms
	calls  []float64
	memory float64 // MB
}

// start starts a process, sends it an event 1+again times, and ends it. A share above 0
// limits its CPU after its init.
func (c candidate) start(ctx context.Context, event []byte, again int, share float64) (s sample, err error) {
	var throttling sync.WaitGroup
	defer throttling.Wait()
	var process *os.Process
	f := lambdatest.New(lambdatest.Config{Bootstrap: c.bootstrap, Env: c.env, Timeout: time.Minute, Ready: func(p *os.Process) {
		process = p
		if share > 0 {
			throttling.Go(func() { throttle(p, share) })
		}
	}})
	defer f.Close()
	for range 1 + again {
		r, err := f.Invoke(ctx, event)
		if err != nil {
			return s, err
		}
		if r.FunctionError != "" && share == 0 { // with limited CPU it may time out: then it took at least that long
			return s, fmt.Errorf("%s\n%s", r.Payload, r.Log)
		}
		if r.Init > 0 {
			s.init = ms(r.Init)
		}
		s.calls = append(s.calls, ms(r.Duration))
	}
	peak, err := peakMemory(process.Pid)
	s.memory = float64(peak) / (1 << 20)
	return s, err
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// quantile returns the sample at index q·n of the n sorted samples (the last one if q is
// 1), or 0 without samples.
func quantile(samples []float64, q float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(samples))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func median(samples []float64) float64 { return quantile(samples, 0.5) }

// ratio returns the median of the ratios of pairs of samples taken one after the other,
// which is stable even if the machine is slow for a while.
func ratio(a, b []float64) float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return median(ratios)
}
