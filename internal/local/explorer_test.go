package local

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
	"pizzasaga/statemachine"
)

var (
	replay = flag.String("explore.replay", "", "run this `schedule`, as printed for a failure")
	depth  = flag.Int("explore.depth", 1, "combine this `number` of faults in the exhaustive search")
)

// deployed is the deployed definition without jitter, so that every run has the same
// waits.
var deployed = sync.OnceValue(func() *asl.Machine {
	machine, err := load(statemachine.Pizza)
	if err != nil {
		panic(err)
	}
	return machine
})

func load(definition []byte) (*asl.Machine, error) {
	return asl.Load(bytes.ReplaceAll(definition, []byte(`"FULL"`), []byte(`"NONE"`)), substitutions)
}

// story is the result of a schedule.
type story struct {
	broken error         // the broken promises
	calls  []callFault   // the calls before calmSweep, without their faults
	run    outcomes.Run  // before calmSweep
	took   time.Duration // from the execution's start to its end
}

// play runs a schedule in a bubble.
func play(t *testing.T, s schedule, m change) (st story) {
	synctest.Test(t, func(t *testing.T) {
		w, err := newCloud(s, m)
		if err != nil {
			st.broken = err
			return
		}
		w.live()
		st.calls = slices.Clone(w.made)
		st.run, st.took = w.outcome()
		w.calmSweep()
		err = w.promises(false)
		w.calmRedrive()
		st.broken = errors.Join(err, w.promises(true), w.shop.engine.Close(t.Context()))
	})
	return st
}

// outcome returns the first order, what its execution did, and how long that took.
func (w *cloud) outcome() (run outcomes.Run, took time.Duration) {
	ids := w.stored()
	if len(ids) == 0 {
		return run, 0
	}
	run.Order, _ = w.orders.Get(context.Background(), ids[0]) // it exists
	execution, err := w.shop.execution(ids[0])
	if err != nil {
		return run, 0 // there is none
	}
	run, _ = w.shop.Run(run.Order)
	return run, execution.Stopped.Sub(execution.Started)
}

// failed describes a story that breaks a promise, with the command that replays it.
func (st story) failed(s schedule) string {
	return fmt.Sprintf("%v\n\nreplay: go test ./internal/local -run TestReplay -explore.replay '%s'\n", st.broken, s)
}

func TestReplay(t *testing.T) {
	if *replay == "" {
		return
	}
	s, err := parse(*replay)
	require.NoError(t, err)
	st := play(t, s, change{})
	for _, c := range st.calls {
		t.Log(c.call, c.n)
	}
	require.NoError(t, st.broken)
}

// TestNoSingleFaultBreaksAPromise runs each life with each fault at each of its calls.
// With -explore.depth=2 it also combines each of these faults with each fault at each
// later call.
func TestNoSingleFaultBreaksAPromise(t *testing.T) {
	if testing.Short() {
		*depth = 0 // only the lives
	}
	var runs atomic.Int64
	t.Run("lives", func(t *testing.T) {
		for _, l := range lives() {
			t.Run(l.String(), func(t *testing.T) {
				t.Parallel()
				base := play(t, l.schedule, change{})
				if base.broken = l.wrong(base); base.broken != nil {
					t.Fatal(base.failed(l.schedule))
				}
				runs.Add(1)
				for s, st := range explore(t, l.schedule, base, change{}, 0, *depth) {
					runs.Add(1)
					if st.broken != nil {
						t.Error(st.failed(s))
					}
				}
			})
		}
	})
	t.Logf("%d runs", runs.Load())
}

// explore adds each fault at each call of the base story, from the given call on, and
// yields each schedule with its story. Up to the depth, it does the same with those.
func explore(t *testing.T, s schedule, base story, m change, from, depth int) iter.Seq2[schedule, story] {
	return func(yield func(schedule, story) bool) {
		if depth == 0 || s.weak { // with weak outside systems, only slow calls are safe
			return
		}
		for i, c := range base.calls[from:] {
			for _, k := range kinds {
				if !c.can(k.kind) {
					continue
				}
				next := s.with(callFault{c.call, c.n, k.kind, k.after})
				st := play(t, next, m)
				if st.broken == nil && k.passing {
					st.broken = sameEnd(s, c, base, st)
				}
				if !yield(next, st) {
					return
				}
				for next, st := range explore(t, next, st, m, min(from+i+1, len(st.calls)), depth-1) {
					if !yield(next, st) {
						return
					}
				}
			}
		}
	}
}

// can reports whether a call can have a kind of fault.
func (b callFault) can(k kind) bool {
	ofFunction := strings.Contains(b.call, ".")
	switch k {
	case diesBefore, diesAfter:
		return ofFunction
	case refused:
		return strings.HasSuffix(b.call, ".charge") || strings.HasSuffix(b.call, ".handOver")
	}
	return true
}

// sameEnd returns an error if a single passing fault changed the end of an order that
// nobody cancels, stops or repairs.
func sameEnd(s schedule, c callFault, base, st story) error {
	if len(s.faults) > 0 || s.cancel+s.stop+s.sweep+s.redrive > 0 || strings.HasPrefix(c.call, "postOrders") {
		return nil
	}
	got, want := st.run, base.run
	sameLoyalty := slices.Contains(outcomes.All()[s.fault].Loyalty, got.Order.Loyalty)
	if got.Execution != want.Execution || got.Order.Status != want.Order.Status || got.Order.Payment != want.Order.Payment || !sameLoyalty ||
		!slices.Equal(got.Order.DeadLetters, want.Order.DeadLetters) {
		return fmt.Errorf("a single passing fault changes the end to %s, %s, dead letters %v", got.Execution, end(got.Order), got.Order.DeadLetters)
	}
	if st.took > 3*time.Minute {
		return fmt.Errorf("a single passing fault delays the order to %v", st.took)
	}
	return nil
}

// TestRandomFaultsBreakNoPromise runs random schedules.
func TestRandomFaultsBreakNoPromise(t *testing.T) {
	checks := 1000
	if testing.Short() {
		checks = 100
	}
	moreChecks(t, checks)
	names := callNames(t)
	ends := map[order.Status]int{}
	rapid.Check(t, func(r *rapid.T) {
		s := draw(r, names)
		st := play(t, s, change{})
		ends[st.run.Order.Status]++
		if st.broken != nil {
			r.Fatal(st.failed(s))
		}
	})
	t.Logf("orders ended: %v", ends)
}

// moreChecks sets rapid's number of checks, unless a flag does. Rapid writes no file for
// a failure, because the test prints the command that replays it.
func moreChecks(t *testing.T, checks int) {
	set := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { set[f.Name] = true })
	for name, value := range map[string]string{"rapid.checks": fmt.Sprint(checks), "rapid.nofailfile": "true", "rapid.shrinktime": "5m"} {
		if !set[name] {
			require.NoError(t, flag.Set(name, value))
		}
	}
}

// callNames returns the names of all calls that any life makes.
func callNames(t *testing.T) (names []string) {
	for _, l := range lives() {
		for _, c := range play(t, l.schedule, change{}).calls {
			if !slices.Contains(names, c.call) {
				names = append(names, c.call)
			}
		}
	}
	return names
}

func draw(r *rapid.T, names []string) schedule {
	s := schedule{
		fault: rapid.SampledFrom(append([]order.Fault{0, 0, 0, 0, 0}, workflow.Faults()...)).Draw(r, "errorOnStep"),
		delay: rapid.SampledFrom([]int{1, 0, 3, 10}).Draw(r, "delay"),
		key:   rapid.Bool().Draw(r, "key"),
	}
	often := rapid.IntRange(0, 3)
	moment := func(name string, of *time.Duration, within time.Duration) {
		if often.Draw(r, name+"?") == 3 {
			*of = time.Duration(rapid.Int64Range(1, int64(within/(7*time.Millisecond))).Draw(r, name)) * 7 * time.Millisecond
		}
	}
	moment("cancel", &s.cancel, 10*time.Second)
	moment("stop", &s.stop, 20*time.Second)
	moment("sweep", &s.sweep, 10*time.Minute)
	moment("redrive", &s.redrive, 10*time.Minute)
	for range rapid.IntRange(1, 5).Draw(r, "faults") {
		b := callFault{call: rapid.SampledFrom(names).Draw(r, "call"), n: rapid.SampledFrom([]int{1, 1, 1, 2, 2, 3, 4, 5}).Draw(r, "n")}
		k := kinds[rapid.IntRange(0, len(kinds)-1).Draw(r, "kind")]
		if b.kind = k.kind; k.after > 0 {
			b.after = rapid.SampledFrom([]time.Duration{time.Second, 3 * time.Second, 10 * time.Second, 25 * time.Second, time.Minute, 90 * time.Second}).Draw(r, "after")
		}
		if !k.passing && k.after > 0 {
			b.after = rapid.SampledFrom([]time.Duration{5 * time.Second, time.Minute, 10 * time.Minute, k.after}).Draw(r, "for")
		}
		if b.can(b.kind) {
			s.faults = append(s.faults, b)
		}
	}
	return s
}
