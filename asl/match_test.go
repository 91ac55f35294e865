package asl_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// match compares a value with the recorded one.
func match(t *testing.T, expected, actual any, what string) {
	t.Helper()
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

// normal parses every string with JSON and replaces what differs between accounts, as
// the recorder did.
func normal(value any) any {
	switch value := value.(type) {
	case string:
		if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
			var parsed any
			if json.Unmarshal([]byte(value), &parsed) == nil {
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

// pattern matches the texts for which a recorded string with placeholders such as
// <uuid:1> may stand.
func pattern(recorded string) *regexp.Regexp {
	literals := placeholder.Split(recorded, -1)
	for i := range literals {
		literals[i] = regexp.QuoteMeta(literals[i])
	}
	return regexp.MustCompile("(?s)^" + strings.Join(literals, ".+") + "$")
}

// same reports whether a value is the recorded one.
func same(expected, actual any) bool {
	expected, actual = normal(expected), normal(actual)
	switch expected := expected.(type) {
	case string:
		text, ok := actual.(string)
		return ok && (text == expected || expected == "date" || pattern(expected).MatchString(text))
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
