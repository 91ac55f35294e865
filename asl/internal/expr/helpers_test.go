package expr

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

func value(t testing.TB, text string) any {
	t.Helper()
	v, err := jsonvalue.Decode(text)
	require.NoError(t, err, text)
	return v
}

// node parses a part of a definition.
func node(t testing.TB, text string) *jsonvalue.Node {
	t.Helper()
	n, err := jsonvalue.Parse([]byte(text))
	require.NoError(t, err, text)
	return n
}

// ruleOf compiles a rule that must be valid.
func ruleOf(t testing.TB, text string) Rule {
	t.Helper()
	r, faults := CompileRule(node(t, text), "")
	require.Empty(t, faults, text)
	return r
}

// faultsAt returns the messages of faults by their places.
func faultsAt(faults []Fault) map[string]string {
	messages := map[string]string{}
	for _, f := range faults {
		messages[string(f.Place)] = f.Err.Error()
	}
	return messages
}

// testScope returns a scope with an input, a context object and two variables.
func testScope(t testing.TB) *Scope {
	input := value(t, `{
		"a": [{"x": 1, "y": "k"}, {"x": 2.0}, {"x": null}, 3, {"z": 1}],
		"b": {"x": 2, "n": null, "b": {"x": 1}},
		"delivery-partner": [1, 2, 3], "s": "str", "want": 2, "é": true, "a.b": "dotted", "it's": "quoted", "empty": [],
		"pattern": ["k", "kk", "ok"], "flags": [{"on": false}, {}], "ns:name": 1
	}`)
	context := Context{ExecutionName: "e1", Input: value(t, `{"kept": 1, "list": [1]}`)}
	outer := (*Variables)(nil).Assign(jsonvalue.ObjectOf(jsonvalue.Prop("order", value(t, `{"id": 7}`)), jsonvalue.Prop("n", int64(1))))
	return &Scope{
		Input:     input,
		Context:   func() Context { return context },
		Variables: outer.Inner().Assign(jsonvalue.ObjectOf(jsonvalue.Prop("n", int64(2)))),
	}
}
