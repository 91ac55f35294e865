package jsonvalue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEqualityIsByValue(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"1", "1.0", true},
		{"0", "-0.0", true},
		{"1", "2", false},
		{"1", "true", false},
		{"0", "false", false},
		{"null", "null", true},
		{"null", "0", false},
		{`"1"`, "1", false},
		{`"a"`, `"a"`, true},
		{"[1,2]", "[1.0,2]", true},
		{"[1,2]", "[2,1]", false},
		{"[]", "{}", false},
		{`{"a":1,"b":[]}`, `{"b":[],"a":1}`, true},
		{`{"a":1}`, `{"b":1}`, false},
		{`{"a":null}`, `{}`, false},
	} {
		t.Run(c.a+" and "+c.b, func(t *testing.T) {
			require.Equal(t, c.want, Equal(value(t, c.a), value(t, c.b)))
			require.Equal(t, c.want, Equal(value(t, c.b), value(t, c.a)))
		})
	}
}

func TestObjectsAreEqualInAnyOrder(t *testing.T) {
	a, b := value(t, `{"z":1,"a":{"y":2,"x":3}}`), value(t, `{"a":{"x":3,"y":2},"z":1}`)
	require.True(t, Equal(a, b))
	require.Equal(t, Canonical(a), Canonical(b))
	for name, other := range map[string]string{
		"a property is missing":     `{"a":{"x":3,"y":2}}`,
		"a value differs":           `{"a":{"x":3,"y":2},"z":2}`,
		"a property's name differs": `{"a":{"x":3,"y":2},"y":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			require.False(t, Equal(a, value(t, other)))
		})
	}
}

func TestTextReturnsAStringWithoutQuotesAndAnythingElseAsJSON(t *testing.T) {
	require.Equal(t, `a "b"`, Text(`a "b"`))
	require.Equal(t, `["a"]`, Text([]any{"a"}))
}
