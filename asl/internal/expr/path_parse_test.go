package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMalformedPathsAreRefused(t *testing.T) {
	for text, why := range map[string]string{
		"a.b":                      "it must start with $",
		"$.":                       "a name is missing",
		"$.a.":                     "a name is missing",
		"$..":                      "its .. is followed by nothing",
		"$...a":                    "there is one . too many",
		"$.a[":                     "its [ is not closed",
		"$.a['b]":                  "its [ is not closed",
		"$.a[]":                    "neither an index nor a name",
		"$.a[1.5]":                 "neither an index nor a name",
		"$.a['b',0]":               "it has names and indexes",
		"$.a[0,0]":                 "[0] comes twice",
		"$.a[::2]":                 "neither an index nor a name",
		"$.a['b'x]":                "a , or ] is missing",
		"$.a[0]b":                  "a . or [ is missing",
		"$.a b":                    "must be written as ['…']",
		"$.a,b":                    "must be written as ['…']",
		"$$a":                      "a . or [ is missing",
		"$a-b":                     `"a-b" is not the name of a variable`,
		"$1a":                      `"1a" is not the name of a variable`,
		"$.a[?(@.x]":               "its condition cannot be read",
		"$.a[?(@.x == 'k)]":        "its [ is not closed",
		"$.a[?(@..x == 1)]":        "may only have names and indexes",
		"$.a[?(@[*] == 1)]":        "may only have names and indexes",
		"$.a[?(length(@.x) == 1)]": "its condition has a call",
		"$.a.min()":                "must be written as ['…']",
	} {
		t.Run(text, func(t *testing.T) { refusesPath(t, text, why) })
	}
	t.Run("an empty text", func(t *testing.T) {
		refusesPath(t, "", "it must start with $")
	})
	t.Run("a variable of 81 characters", func(t *testing.T) {
		refusesPath(t, "$"+strings.Repeat("a", 81), "at most 80 characters")
	})
	t.Run("more than 1000 characters", func(t *testing.T) {
		refusesPath(t, "$."+strings.Repeat("a", maxPathLength), "longer than 1000 characters")
	})
}

func refusesPath(t *testing.T, text, why string) {
	t.Helper()
	_, err := CompilePath(text)
	require.ErrorContains(t, err, why)
	require.ErrorContains(t, err, "is not a valid path")
}
