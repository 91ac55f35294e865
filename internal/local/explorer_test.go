package local

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
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
	replay = flag.String("explore.replay", "", "the schedule to run, as the explorer prints it")
	depth  = flag.Int("explore.depth", 1, "how many faults the exhaustive search combines")
)

// deployed is the definition that is deployed, with the same waits each time.
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

// story is what came of a schedule.
type story struct {
	broken error
	calls  []befall // that were made while faults could happen, without them
	run    outcomes.Run
	took   time.Duration // from the order to the execution's end
}

// play runs a schedule in a bubble of its own time.
func play(t *testing.T, s schedule, m change) (st story) {
	synctest.Test(t, func(t *testing.T) {
		w, err := newCloud(s, m)
		if err != nil {
			st.broken = err
			return
		}
		w.live()
		st.calls = slices.Clone(w.made)
		w.calmSweep()
		before := w.promises(false)
		if ids := w.stored(); len(ids) > 0 {
			o, err := w.orders.Get(t.Context(), ids[0])
			if st.run.Order = o; err == nil {
				if run, err := w.shop.Run(o); err == nil {
					st.run = run
					x, _ := w.shop.execution(o.ID)
					st.took = x.Stopped.Sub(x.Started)
				}
			}
		}
		w.calmRedrive()
		after := w.promises(true)
		if before != nil {
			st.broken = fmt.Errorf("before the redrive: %w\n", before)
		}
		if after != nil {
			st.broken = errors.Join(st.broken, fmt.Errorf("after the redrive: %w", after))
		}
		if err := w.shop.engine.Close(t.Context()); err != nil {
			st.broken = errors.Join(st.broken, err)
		}
	})
	return st
}

// failed describes a story that breaks a promise, with what replays it.
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

// TestEverySingleFaultAtEveryCallKeepsThePromises adds to each life each fault at
// each of its calls, and with -explore.depth=2 to each of those another, at each of
// the calls that follow.
func TestEverySingleFaultAtEveryCallKeepsThePromises(t *testing.T) {
	if testing.Short() {
		*depth = 0 // the lives alone
	}
	var mu sync.Mutex
	runs := 0
	t.Run("lives", func(t *testing.T) {
		for _, l := range lives() {
			t.Run(l.String(), func(t *testing.T) {
				t.Parallel()
				base := play(t, l.schedule, change{})
				if base.broken = l.wrong(base); base.broken != nil {
					t.Fatal(base.failed(l.schedule))
				}
				n := explore(t, l.schedule, base, 0, *depth)
				mu.Lock()
				runs += n + 1
				mu.Unlock()
			})
		}
	})
	t.Logf("%d runs", runs)
}

// explore adds each fault at each call of a story from the given one on, and
// returns how many runs that took.
func explore(t *testing.T, s schedule, base story, from, depth int) (runs int) {
	if depth == 0 || s.weak { // a weak system outside allows no more than slowness
		return 0
	}
	for i, c := range base.calls[from:] {
		for _, k := range kinds {
			if !c.can(k.kind) {
				continue
			}
			b := befall{c.call, c.n, k.kind, k.after}
			next := s.with(b)
			st := play(t, next, change{})
			if st.broken == nil && k.passing {
				st.broken = sameEnd(s, c, base, st)
			}
			if st.broken != nil {
				t.Error(st.failed(next))
				continue
			}
			runs += 1 + explore(t, next, st, min(from+i+1, len(st.calls)), depth-1)
		}
	}
	return runs
}

// can reports whether a fault of a kind can befall the call.
func (b befall) can(k kind) bool {
	ofFunction := strings.Contains(b.call, ".")
	switch k {
	case diesBefore, diesAfter:
		return ofFunction
	case refused:
		return strings.HasSuffix(b.call, ".charge") || strings.HasSuffix(b.call, ".handOver")
	}
	return true
}

// sameEnd returns an error if one fault that passes has changed how an undisturbed
// order ends.
func sameEnd(s schedule, c befall, base, st story) error {
	if len(s.befalls) > 0 || s.cancel+s.stop+s.sweep+s.redrive > 0 || strings.HasPrefix(c.call, "postOrders") {
		return nil
	}
	got, want := st.run, base.run
	sameLoyalty := slices.Contains(outcomes.All()[s.fault].Loyalty, got.Order.Loyalty)
	if got.Execution != want.Execution || got.Order.Status != want.Order.Status || got.Order.Payment != want.Order.Payment || !sameLoyalty ||
		!slices.Equal(got.Order.DeadLetters, want.Order.DeadLetters) {
		return fmt.Errorf("one fault that passes changes the end to %s, %s, dead letters %v", got.Execution, end(got.Order), got.Order.DeadLetters)
	}
	if st.took > 3*time.Minute {
		return fmt.Errorf("one fault that passes holds the order up for %v", st.took)
	}
	return nil
}

// TestRandomFaultsKeepThePromises draws what happens to an order.
func TestRandomFaultsKeepThePromises(t *testing.T) {
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

// moreChecks has rapid draw as often, unless a flag says otherwise, and leave no
// file: what it prints replays a failure.
func moreChecks(t *testing.T, checks int) {
	set := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { set[f.Name] = true })
	for name, value := range map[string]string{"rapid.checks": fmt.Sprint(checks), "rapid.nofailfile": "true"} {
		if !set[name] {
			require.NoError(t, flag.Set(name, value))
		}
	}
}

// callNames lists the names of all calls that some life makes.
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
		b := befall{call: rapid.SampledFrom(names).Draw(r, "call"), n: rapid.SampledFrom([]int{1, 1, 1, 2, 2, 3, 4, 5}).Draw(r, "n")}
		k := kinds[rapid.IntRange(0, len(kinds)-1).Draw(r, "kind")]
		if b.kind = k.kind; k.after > 0 {
			b.after = rapid.SampledFrom([]time.Duration{time.Second, 3 * time.Second, 10 * time.Second, 25 * time.Second, time.Minute, 90 * time.Second}).Draw(r, "after")
		}
		if !k.passing && k.after > 0 {
			b.after = rapid.SampledFrom([]time.Duration{5 * time.Second, time.Minute, 10 * time.Minute, k.after}).Draw(r, "for")
		}
		if b.can(b.kind) {
			s.befalls = append(s.befalls, b)
		}
	}
	return s
}
