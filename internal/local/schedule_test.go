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

// schedule is all that happens to one order: what is ordered, what people do, and
// which faults befall which calls. Its text is what -explore.replay takes.
type schedule struct {
	fault order.Fault // the order's errorOnStep
	delay int         // the order's perStepDelaySeconds
	// key says that the customer sends an Idempotency-Key and repeats the request
	// until it is accepted.
	key bool
	// weak says that the systems outside cannot void a key before they see it.
	weak bool
	// When the customer cancels, and an operator stops the execution, sweeps and
	// redrives; zero is never.
	cancel, stop, sweep, redrive time.Duration
	befalls                      []befall
}

// befall is a fault that befalls the nth call of a name. What is called by a
// function has the name of its action in front: "processPayment.charge".
type befall struct {
	call  string
	n     int
	kind  kind
	after time.Duration // see the kinds
}

// kind is what befalls a call.
type kind string

const (
	lostBefore kind = "lostBefore" // an error, and nothing happened
	lostAfter  kind = "lostAfter"  // an error, after a time, and yet it happened
	diesBefore kind = "diesBefore" // the caller's process dies, and nothing happened
	diesAfter  kind = "diesAfter"  // the caller's process dies, and yet it happened
	unanswered kind = "unanswered" // it happens, and the caller waits until its time is over
	hangs      kind = "hangs"      // the caller waits until its time is over; it happens after a time
	late       kind = "late"       // an error, and yet it happens after a time
	twice      kind = "twice"      // it happens, and again after a time
	slow       kind = "slow"       // it happens after a time, and is answered then
	down       kind = "down"       // lostBefore, also for all calls of the name within a time
	mute       kind = "mute"       // lostAfter, also for all calls of the name within a time
	refused    kind = "refused"    // the system outside refuses for good
)

// kinds lists all, with the time at which an exhaustive search has them.
var kinds = []struct {
	kind  kind
	after time.Duration
	// passing faults are over before the retries are.
	passing bool
}{
	{lostBefore, 0, true}, {lostAfter, 0, true}, {lostAfter, 3 * time.Second, true}, {diesBefore, 0, true}, {diesAfter, 0, true}, {unanswered, 0, true},
	{hangs, time.Minute, true}, {late, 3 * time.Second, true}, {twice, 90 * time.Second, true}, {slow, 20 * time.Second, true},
	{down, 5 * time.Hour, false}, {mute, 5 * time.Hour, false}, {refused, 0, false},
}

func (b befall) String() string {
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
	for _, b := range s.befalls {
		words = append(words, b.String())
	}
	return strings.Join(words, " ")
}

// with returns the schedule with one more fault.
func (s schedule) with(b befall) schedule {
	s.befalls = append(slices.Clip(s.befalls), b)
	return s
}

// parse reads a schedule's text.
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
		return fmt.Errorf("there is no such word")
	}
	b := befall{call: call}
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
	s.befalls = append(s.befalls, b)
	return nil
}

func TestAScheduleIsReadAsItIsWritten(t *testing.T) {
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
