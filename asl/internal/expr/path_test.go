package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

func TestPathsFindValues(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]string{
		"$.want":                         "2",
		"$.é":                            "true",
		"$.a[0].x":                       "1",
		"$.a[5]":                         "null",
		"$['s','want']":                  `{"s":"str","want":2}`,
		"$.a[?(@.x == $.want)]":          `[{"x":2.0}]`,
		"$$.Execution.Name":              `"e1"`,
		"$$['Execution'].Input":          `{"kept":1,"list":[1]}`,
		"$$.Execution.Input.kept":        "1",
		"$$.Execution.Input['kept','x']": `{"kept":1}`,
		"$$..kept":                       "[1]",
		"$n":                             "2", // the value in the inner frame
		"$order":                         `{"id":7}`,
		"$order.id":                      "7",
		"$order[*]":                      "[7]",
	} {
		t.Run(text, func(t *testing.T) {
			p, err := CompilePath(text)
			require.NoError(t, err)
			v, err := p.Get(s)
			require.NoError(t, err)
			require.Equal(t, want, string(jsonvalue.Encode(v)))
			require.Equal(t, text, p.String())
		})
	}
}

func TestTheCauseSaysWhyAPathFindsNothing(t *testing.T) {
	s := testScope(t)
	for text, why := range map[string]string{
		"$.no":               "No results for path: $['no']",
		"$.no.such.path":     "Missing property in path $['no']",
		"$$.Task.Token":      "Missing property in path $['Task']",
		"$order.no":          "No results for path: $['no']",
		"$other":             "No variable of this name has been assigned",
		"$.want[0]":          "Filter: [0] can only be applied to arrays. Current context is: 2",
		"$.a.length()":       "Property ['length()'] not found in path $['a']",
		"$.nothing['a','b']": "Missing property in path $['nothing']",
	} {
		t.Run(text, func(t *testing.T) {
			p, err := CompilePath(text)
			require.NoError(t, err)
			_, err = p.Get(s)
			require.Equal(t, &Error{"States.Runtime", "Invalid path '" + text + "' : " + why}, err)
			_, found := p.lookup(s)
			require.False(t, found)
		})
	}
}

func TestLookupDistinguishesNullFromNothing(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]bool{
		"$":         true,
		"$.b.n":     true,
		"$.b.no":    false,
		"$.a[2].x":  true,
		"$.a[4]":    true,
		"$.a[5]":    false,
		"$.a[-1]":   false,
		"$.none[0]": false,
		"$n":        true,
		"$other":    false,
		"$.no[*]":   true, // an empty array
	} {
		t.Run(text, func(t *testing.T) {
			p, err := CompilePath(text)
			require.NoError(t, err)
			_, found := p.lookup(s)
			require.Equal(t, want, found)
		})
	}
}

func TestTheNumberOfValuesThatAPathVisitsIsLimited(t *testing.T) {
	deep := value(t, strings.Repeat(`[1,`, 900)+"1"+strings.Repeat("]", 900))
	p, err := CompilePath("$..*..*..*")
	require.NoError(t, err)
	_, err = p.Get(&Scope{Input: deep})
	require.ErrorContains(t, err, "It visits too many values")
}

func BenchmarkPath(b *testing.B) {
	s := testScope(b)
	p, _ := CompilePath("$.b.b.x")
	for b.Loop() {
		if _, err := p.Get(s); err != nil {
			b.Fatal(err)
		}
	}
}
