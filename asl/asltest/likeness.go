package asltest

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"pizzasaga/asl/internal/jsonvalue"
)

// likeness compares values of a history with those of its replay, which may have new ones.
type likeness struct {
	start, end time.Time      // of the recorded execution
	new        *regexp.Regexp // ARNs and tokens that the replay has made
	definition string         // its constants are not new
	uuids      pairs
	made       pairs // of what new matches
}

// pairs maps values of a history to those that replace them in the replay, one to one.
type pairs struct{ replayed, recorded map[string]string }

// pair reports whether the two values at each index are a pair. Values that are not yet in a
// pair become one if they are alike.
func (p pairs) pair(recorded, replayed []string, alike func(recorded, replayed string) bool) bool {
	for i, was := range recorded {
		is := replayed[i]
		switch {
		case p.replayed[was] == "" && p.recorded[is] == "" && alike(was, is):
			p.replayed[was], p.recorded[is] = is, was
		case p.replayed[was] != is:
			return false
		}
	}
	return true
}

func newLikeness(h *History, r *Run, definition string) *likeness {
	made := []string{regexp.QuoteMeta(r.ARN), `(?:replayed-execution|replayed-state-machine)`}
	if r.StateMachineARN != "" {
		made = append(made, regexp.QuoteMeta(r.StateMachineARN))
	}
	if h.ExecutionARN != "" {
		made = nil
	}
	for _, c := range r.Calls {
		if c.Token != "" {
			made = append(made, regexp.QuoteMeta(c.Token))
		}
	}
	l := &likeness{
		start: h.events[0].at, end: h.events[len(h.events)-1].at, definition: definition,
		uuids: pairs{map[string]string{}, map[string]string{}}, made: pairs{map[string]string{}, map[string]string{}},
	}
	if made != nil {
		l.new = regexp.MustCompile(strings.Join(made, "|"))
	}
	return l
}

var (
	uuid    = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	eventID = regexp.MustCompile(`entered at the event id #[0-9]+`)
)

// same compares two values. It ignores differences in times of the execution, in ids of
// events in causes, and in what the replay has made.
func (l *likeness) same(recorded, replayed any) bool {
	was, wasText := recorded.(string)
	is, isText := replayed.(string)
	if !wasText || !isText {
		return jsonvalue.Equal(recorded, replayed)
	}
	was, is = eventID.ReplaceAllString(was, ""), eventID.ReplaceAllString(is, "")
	return l.sameUUIDs(was, is) || l.isTime(was) && l.isTime(is) && !l.isConstant(is) || l.sameMade(was, is)
}

// sameUUIDs reports whether two texts are equal apart from UUIDs, and the UUIDs are pairs. A
// UUID of the definition can only be a pair with itself.
func (l *likeness) sameUUIDs(was, is string) bool {
	if !slices.Equal(uuid.Split(was, -1), uuid.Split(is, -1)) {
		return false
	}
	return l.uuids.pair(uuid.FindAllString(was, -1), uuid.FindAllString(is, -1), func(was, is string) bool {
		return was == is || !l.isConstant(was) && !l.isConstant(is)
	})
}

func (l *likeness) isConstant(text string) bool { return strings.Contains(l.definition, text) }

// sameMade reports whether two texts are equal apart from ARNs and tokens that the replay has
// made, and these are pairs: an ARN with an ARN, and a token with a token.
func (l *likeness) sameMade(was, is string) bool {
	if l.new == nil || !l.new.MatchString(is) {
		return false
	}
	literals := l.new.Split(is, -1)
	for i := range literals {
		literals[i] = regexp.QuoteMeta(literals[i])
	}
	found := regexp.MustCompile("(?s)^" + strings.Join(literals, "(.+)") + "$").FindStringSubmatch(was)
	return found != nil && l.made.pair(found[1:], l.new.FindAllString(is, -1), func(was, is string) bool {
		return strings.HasPrefix(was, "arn:") == strings.HasPrefix(is, "arn:")
	})
}

// isTime reports whether a text is a time of the execution, with a margin for the time that
// AWS takes between states.
func (l *likeness) isTime(text string) bool {
	at, err := time.Parse(time.RFC3339Nano, text)
	return err == nil && !at.Before(l.start.Add(-time.Minute)) && !at.After(l.end.Add(time.Minute))
}
