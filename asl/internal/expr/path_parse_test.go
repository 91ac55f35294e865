package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMalformedPathsAreRefused(t *testing.T) {
	for text, why := range map[string]string{
		"a.b":                     "it must start with $",
		"$.":                      "a name is missing",
		"$.a.":                    "a name is missing",
		"$..":                     "its .. is not followed by anything",
		"$.a[":                    "neither an index nor a name",
		"$.a['b":                  "its [ is not closed",
		"$.a[0":                   "its [ is not closed",
		"$.a[]":                   "neither an index nor a name",
		`$.a["b"]`:                "neither an index nor a name",
		"$.a[::2]":                `"" is not an index`,
		"$.a[9999999999]":         `"9999999999" is not an index`,
		"$.a[(@.count-1)]":        "written as [(@.length-1)]",
		"$.a b":                   "must be written as ['…']",
		"$a-b":                    `"a-b" is not a valid variable name`,
		"$$a":                     "a . or [ is missing after $$",
		"$1a":                     `"1a" is not a valid variable name`,
		"$.a[?]":                  "a filter is written as [?(…)]",
		"$.a[?@.x]":               "a filter is written as [?(…)]",
		"$.a[?(@.x]":              "its [ is not closed",
		"$.a[?(@.x == 'a]b')]":    "its [ is not closed",
		"$.a[?(@..x == 1)]":       "may only have names and indexes",
		"$.a[?(@[*] == 1)]":       "may only have names and indexes",
		"$.a[?($v == 1)]":         "not variables or the context object",
		"$.a[?(x)]":               "neither a comparison nor a path",
		"$.a[?(@.x =~ /a(?=b)/)]": "invalid or unsupported Perl syntax",
		"$.a[?(@.x == ')]":        "its [ is not closed",
		"$.a[?(@.x == !@.y)]":     "its ! may only be used before a path",
	} {
		t.Run(text, func(t *testing.T) { refusesPath(t, text, why) })
	}
	t.Run("an empty text", func(t *testing.T) {
		refusesPath(t, "", "it must start with $")
	})
	t.Run("a variable of 81 characters", func(t *testing.T) {
		refusesPath(t, "$"+strings.Repeat("a", 81), "at most 80 characters")
	})
	t.Run("more than 1000 bytes", func(t *testing.T) {
		refusesPath(t, "$."+strings.Repeat("a", maxPathLength), "longer than 1000 bytes")
	})
}

func refusesPath(t *testing.T, text, why string) {
	t.Helper()
	_, err := CompilePath(text)
	require.ErrorContains(t, err, why)
	require.ErrorContains(t, err, "is not a valid path")
}
