package expr

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

func TestResultPathSetsTheResult(t *testing.T) {
	for _, c := range []struct{ path, input, want string }{
		{"$", `{"a":1}`, `"R"`},
		{"$.r", `{"a":1}`, `{"a":1,"r":"R"}`},
		{"$.a", `{"a":1,"b":2}`, `{"a":"R","b":2}`},
		{"$.a.b.c", `{}`, `{"a":{"b":{"c":"R"}}}`},
		{"$.a.b.c", `{"a":{"x":1,"b":{"y":2}}}`, `{"a":{"x":1,"b":{"y":2,"c":"R"}}}`},
		{"$['a b'].c", `{}`, `{"a b":{"c":"R"}}`},
		{"$.a[1]", `{"a":[1,2,3]}`, `{"a":[1,"R",3]}`},
		{"$[1].payload", `[{"a":1},{"id":7}]`, `[{"a":1},{"id":7,"payload":"R"}]`},
	} {
		t.Run(c.path+" in "+c.input, func(t *testing.T) {
			r, err := CompileReferencePath(c.path)
			require.NoError(t, err)
			input := value(t, c.input)
			got, err := r.Set(input, "R")
			require.NoError(t, err)
			require.Equal(t, c.want, string(jsonvalue.Encode(got)))
			require.Equal(t, value(t, c.input), input, "the input is not changed")
		})
	}
}

func TestResultPathThatDoesNotFitFails(t *testing.T) {
	for _, c := range []struct{ path, input string }{
		{"$.x", `"text"`},
		{"$.x", "null"},
		{"$.x", "[1]"},
		{"$.a.b", `{"a":1}`},
		{"$.a.b", `{"a":null}`},
		{"$.a[0]", `{}`},
		{"$.a[1]", `{"a":[1]}`},
		{"$[10].payload", "[1]"},
	} {
		t.Run(c.path+" in "+c.input, func(t *testing.T) {
			r, err := CompileReferencePath(c.path)
			require.NoError(t, err)
			_, err = r.Set(value(t, c.input), 1)
			require.Equal(t, &Error{"States.ResultPathMatchFailure",
				"Unable to apply ReferencePath " + c.path + " to input " + c.input}, err)
		})
	}
}

func TestResultPathMustBeAReferencePath(t *testing.T) {
	for text, why := range map[string]string{
		"$.a[*]":            "only have names and indexes",
		"$..a":              "only have names and indexes",
		"$.a[0:1]":          "only have names and indexes",
		"$['a','b']":        "only have names and indexes",
		"$.a[(@.length-1)]": "only have names and indexes",
		"$$.a":              "must start with $. or $[",
		"$v.a":              "must start with $. or $[",
		"a":                 "it must start with $",
		"$.a[-1]":           "must not have negative indexes",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := CompileReferencePath(text)
			require.ErrorContains(t, err, why)
		})
	}
}
