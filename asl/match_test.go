package asl_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// compare compares our history with AWS's, event by event and with ids. If the recorder has
// sorted the events of Parallel states, compare ignores them, and the order and the ids of
// all other events.
func (r *recording) compare(t require.TestingT, history []asl.Event) {
	text, err := json.Marshal(history)
	require.NoError(t, err)
	var ours []map[string]any
	require.NoError(t, decodeNumbers(text, &ours))
	types, expected := typesOf(ours), r.Expected.Events
	if r.Flags.Sorted {
		r.compareSorted(t, ours)
		return
	}
	require.Equal(t, expected, types)
	if r.Flags.Inferred {
		return
	}
	for i, theirs := range r.History {
		match(t, written(without(theirs, "timestamp")), without(ours[i], "timestamp"), fmt.Sprintf("event %d", i+1))
	}
}

func (r *recording) compareSorted(t require.TestingT, ours []map[string]any) {
	ours, theirs := slices.DeleteFunc(ours, isOfParallel), slices.DeleteFunc(slices.Clone(r.History), isOfParallel)
	require.Len(t, ours, len(theirs))
	bare := func(e map[string]any) map[string]any { return without(e, "timestamp", "id", "previousEventId") }
	for _, their := range theirs {
		found := slices.IndexFunc(ours, func(our map[string]any) bool { return same(bare(their), bare(our)) })
		require.GreaterOrEqual(t, found, 0, "our history has no event like %v", their)
		ours = slices.Delete(ours, found, found+1)
	}
}

func isOfParallel(event map[string]any) bool {
	return strings.HasPrefix(event["type"].(string), "ParallelState")
}

// decodeNumbers parses JSON and keeps its numbers as they are written.
func decodeNumbers(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// written returns a recorded event with the text of its output. In one recording, the
// recorder has parsed an output that was a number.
func written(event map[string]any) map[string]any {
	for _, details := range event {
		if details, ok := details.(map[string]any); ok {
			if number, ok := details["output"].(json.Number); ok {
				details["output"] = string(number)
			}
		}
	}
	return event
}

func typesOf(events []map[string]any) []string {
	types := make([]string, len(events))
	for i, e := range events {
		types[i] = e["type"].(string)
	}
	return types
}

func without(event map[string]any, keys ...string) map[string]any {
	kept := maps.Clone(event)
	maps.DeleteFunc(kept, func(key string, _ any) bool { return slices.Contains(keys, key) })
	return kept
}

// noticesChanges changes one thing at a time in what AWS recorded, and fails unless the
// comparison fails.
func (r *recording) noticesChanges(t *testing.T, history []asl.Event) {
	if !r.Flags.Concurrent {
		return
	}
	recorded, events := r.History, r.Expected.Events
	for i := range recorded {
		changes := map[string]map[string]any{
			"the id":              {"id": json.Number("99999")},
			"the previous event":  {"previousEventId": json.Number("99999")},
			"a number's fraction": {"id": json.Number(fmt.Sprint(i+1) + ".0")},
			"an additional field": {"planted": true},
			"a detail":            detailChanged(recorded[i]),
		}
		if r.Flags.Sorted {
			changes = map[string]map[string]any{"a detail": detailChanged(recorded[i])}
			if isOfParallel(recorded[i]) {
				changes = nil
			}
		}
		for change, planted := range changes {
			r.History = slices.Clone(recorded)
			r.History[i] = maps.Clone(recorded[i])
			maps.Copy(r.History[i], planted)
			require.True(t, fails(func(t require.TestingT) { r.compare(t, history) }), "%s of event %d is not compared", change, i+1)
		}
		if i > 0 && !r.Flags.Sorted {
			r.History, r.Expected.Events = swapped(recorded, i), swapped(events, i)
			require.True(t, fails(func(t require.TestingT) { r.compare(t, history) }), "the order of events %d and %d is not compared", i, i+1)
			r.History, r.Expected.Events = recorded, events
		}
	}
}

// detailChanged returns the details of an event with a different value in one field.
func detailChanged(event map[string]any) map[string]any {
	for key, details := range event {
		if details, ok := details.(map[string]any); ok {
			for field := range details {
				changed := maps.Clone(details)
				changed[field] = "planted"
				return map[string]any{key: changed}
			}
		}
	}
	return map[string]any{"planted": true}
}

func swapped[T any](list []T, i int) []T {
	list = slices.Clone(list)
	list[i-1], list[i] = list[i], list[i-1]
	return list
}

// fails reports whether a check fails.
func fails(check func(require.TestingT)) (failed bool) {
	defer func() { failed = recover() == failure{} }()
	check(failure{})
	return false
}

// failure is a TestingT that panics with itself when the test fails.
type failure struct{}

func (failure) Errorf(string, ...any) {}
func (f failure) FailNow()            { panic(f) }

// match compares a value with the recorded one.
func match(t require.TestingT, expected, actual any, what string) {
	if !same(expected, actual) {
		require.Equal(t, normal(expected), normal(actual), what)
	}
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

var (
	placeholder = regexp.MustCompile(`^<.+>$|<[a-z-]+:[0-9]+>`)
	regional    = regexp.MustCompile(`arn:aws:([a-z]+):(<region>|us-east-1):`)
)

// normal parses every string that contains JSON, and replaces what depends on the account,
// as the recorder did.
func normal(value any) any {
	switch value := value.(type) {
	case string:
		if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
			var parsed any
			if decodeNumbers([]byte(value), &parsed) == nil {
				return normal(parsed)
			}
		}
		value = regional.ReplaceAllString(value, "arn:<partition>:$1:<region>:")
		return strings.ReplaceAll(value, ":ExecArnPart_0idx", ":<ExecArnPart_0idx>")
	case []any:
		list := make([]any, len(value))
		for i, item := range value {
			list[i] = normal(item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(value))
		for key, item := range value {
			object[key] = normal(item)
		}
		return object
	}
	return value
}

// pattern returns a pattern for a recorded string, in which placeholders such as <uuid:1>
// match any text.
func pattern(recorded string) *regexp.Regexp {
	literals := placeholder.Split(recorded, -1)
	for i := range literals {
		literals[i] = regexp.QuoteMeta(literals[i])
	}
	return regexp.MustCompile("(?s)^" + strings.Join(literals, ".+") + "$")
}

// same reports whether a value equals the recorded one.
func same(expected, actual any) bool {
	expected, actual = normal(expected), normal(actual)
	switch expected := expected.(type) {
	case string:
		text, ok := actual.(string)
		return ok && (text == expected || expected == "date" || pattern(expected).MatchString(text))
	case json.Number:
		number, ok := actual.(json.Number)
		return ok && (number == expected || isFraction(number) && isFraction(expected) && valueOf(number) == valueOf(expected))
	case []any:
		list, ok := actual.([]any)
		return ok && slices.EqualFunc(expected, list, same)
	case map[string]any:
		object, ok := actual.(map[string]any)
		if !ok || len(object) != len(expected) {
			return false
		}
		for key, value := range expected {
			item, has := object[key]
			if !has || !same(value, item) {
				return false
			}
		}
		return true
	}
	return expected == actual
}

// isFraction reports whether a number is written with a fraction or an exponent: 1.0 is
// not 1, but it is 1e0.
func isFraction(n json.Number) bool { return strings.ContainsAny(string(n), ".eE") }

func valueOf(n json.Number) float64 {
	value, _ := n.Float64()
	return value
}
