package local

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

// schedule is everything that happens to one order: the request, what people do, and
// which calls fail. -explore.replay takes its text.
type schedule struct {
	fault order.Fault // the order's errorOnStep
	delay int         // the order's perStepDelaySeconds
	// key says that the customer sends an Idempotency-Key and retries the request
	// until it is accepted.
	key bool
	// weak says that the outside systems cannot void a key that they have not seen.
	weak bool
	// When the customer cancels, and when an operator stops the execution, sweeps and
	// redrives; zero is never.
	cancel, stop, sweep, redrive time.Duration
	faults                       []callFault
}

// callFault is a fault of the nth call of a name. The name of a call that the function
// makes begins with its action: "processPayment.charge".
type callFault struct {
	call  string
	n     int
	kind  kind
	after time.Duration // its meaning depends on the kind
}

// kind is a kind of fault. "Later" and "for a time" refer to the fault's after.
type kind string

const (
	lostBefore kind = "lostBefore" // the call has no effect; the caller gets an error
	lostAfter  kind = "lostAfter"  // the call takes effect; the caller gets an error later
	diesBefore kind = "diesBefore" // the caller's process dies; the call has no effect
	diesAfter  kind = "diesAfter"  // the caller's process dies; the call takes effect
	unanswered kind = "unanswered" // the call takes effect; the caller times out
	hangs      kind = "hangs"      // the caller times out; the call takes effect later
	late       kind = "late"       // the caller gets an error; the call takes effect later
	twice      kind = "twice"      // the call takes effect now and again later
	slow       kind = "slow"       // the call takes effect later, and is then answered
	down       kind = "down"       // lostBefore for all calls of the name, for a time
	mute       kind = "mute"       // lostAfter for all calls of the name, for a time
	refused    kind = "refused"    // the outside system refuses for good
)

// kinds lists all kinds, with the durations that the exhaustive search uses.
var kinds = []struct {
	kind  kind
	after time.Duration
	// passing faults are over before the last retry.
	passing bool
}{
	{lostBefore, 0, true}, {lostAfter, 0, true}, {lostAfter, 3 * time.Second, true}, {diesBefore, 0, true}, {diesAfter, 0, true}, {unanswered, 0, true},
	{hangs, time.Minute, true}, {late, 3 * time.Second, true}, {twice, 90 * time.Second, true}, {slow, 20 * time.Second, true},
	{down, 5 * time.Hour, false}, {mute, 5 * time.Hour, false}, {refused, 0, false},
}

func (b callFault) String() string {
	text := fmt.Sprintf("%s#%d=%s", b.call, b.n, b.kind)
	if b.after > 0 {
		text += "/" + b.after.String()
	}
	return text
}

func (s schedule) String() string {
	words := []string{fmt.Sprintf("errorOnStep=%d", s.fault)}
	word := func(is bool, text string) {
		if is {
			words = append(words, text)
		}
	}
	word(s.delay > 0, fmt.Sprintf("delay=%ds", s.delay))
	word(s.key, "key")
	word(s.weak, "weak")
	word(s.cancel > 0, "cancel="+s.cancel.String())
	word(s.stop > 0, "stop="+s.stop.String())
	word(s.sweep > 0, "sweep="+s.sweep.String())
	word(s.redrive > 0, "redrive="+s.redrive.String())
	for _, b := range s.faults {
		words = append(words, b.String())
	}
	return strings.Join(words, " ")
}

// with returns the schedule with one more fault.
func (s schedule) with(b callFault) schedule {
	s.faults = append(slices.Clip(s.faults), b)
	return s
}

// parse reads the text of a schedule.
func parse(text string) (s schedule, err error) {
	for word := range strings.FieldsSeq(text) {
		if err := s.read(word); err != nil {
			return s, fmt.Errorf("schedule %q: %q: %w", text, word, err)
		}
	}
	return s, nil
}

func (s *schedule) read(word string) (err error) {
	name, value, _ := strings.Cut(word, "=")
	duration := func(into *time.Duration) error {
		*into, err = time.ParseDuration(value)
		return err
	}
	switch name {
	case "errorOnStep":
		n, err := strconv.Atoi(value)
		s.fault = order.Fault(n)
		return err
	case "delay":
		s.delay, err = strconv.Atoi(strings.TrimSuffix(value, "s"))
		return err
	case "key":
		s.key = true
		return nil
	case "weak":
		s.weak = true
		return nil
	case "cancel":
		return duration(&s.cancel)
	case "stop":
		return duration(&s.stop)
	case "sweep":
		return duration(&s.sweep)
	case "redrive":
		return duration(&s.redrive)
	}
	call, n, isCall := strings.Cut(name, "#")
	if !isCall {
		return fmt.Errorf("unknown word")
	}
	b := callFault{call: call}
	if b.n, err = strconv.Atoi(n); err != nil {
		return err
	}
	what, after, timed := strings.Cut(value, "/")
	b.kind = kind(what)
	if timed {
		if b.after, err = time.ParseDuration(after); err != nil {
			return err
		}
	}
	s.faults = append(s.faults, b)
	return nil
}

func TestParseReadsWhatStringWrites(t *testing.T) {
	for _, text := range []string{
		"errorOnStep=0",
		"errorOnStep=7 delay=1s key weak cancel=1.5s stop=3s sweep=2m0s redrive=1h0m0s processPayment.charge#1=hangs/1m0s RefundPaymentDLQ#2=down/5h0m0s",
	} {
		t.Run(text, func(t *testing.T) {
			s, err := parse(text)
			require.NoError(t, err)
			require.Equal(t, text, s.String())
		})
	}
}
