package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

func TestTemplatesAreEvaluated(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]string{
		`{"a":1,"b":["$.want",{"c":"States.UUID()"}]}`: `{"a":1,"b":["$.want",{"c":"States.UUID()"}]}`, // constants
		`{"v.$":"$.want"}`:                             `{"v":2}`,
		`{"in.$":"$","ctx.$":"$$.Execution.Name"}`:     `{"in":` + string(jsonvalue.Encode(s.Input)) + `,"ctx":"e1"}`,
		`{"b.$":"$.want","c":0,"a":{"v.$":"$n"}}`:      `{"c":0,"a":{"v":2},"b":2}`, // ".$" fields come last
		`{"deep":{"er":[1,{"v.$":"$.b.x"}]}}`:          `{"deep":{"er":[1,{"v":2}]}}`,
		`{"v.$":"States.Format('{}', $n)","n.$":"$n"}`: `{"v":"2","n":2}`,
		`{"past.$":"$.a[9]"}`:                          `{"past":null}`,
		`{"many.$":"$.nothing[*]"}`:                    `{"many":[]}`,
		`[{"v.$":"$.want"},2]`:                         `[{"v":2},2]`,
		`"$.want"`:                                     `"$.want"`,
		`{"Comment":"c","x.$y":"$.want"}`:              `{"Comment":"c","x.$y":"$.want"}`,
	} {
		t.Run(text, func(t *testing.T) {
			tpl, faults := CompileTemplate(node(t, text), "")
			require.Empty(t, faults)
			got, err := tpl.Eval(s)
			require.NoError(t, err)
			require.Equal(t, want, string(jsonvalue.Encode(got)))
		})
	}
}

func TestTheCauseNamesAFieldThatFindsNothing(t *testing.T) {
	context := Context{State: "P"}
	s := &Scope{Input: value(t, `{"other":1}`), Context: func() Context { return context }}
	for text, why := range map[string]string{
		`{"missing.$":"$.nope.deep"}`:           `The JSONPath '$.nope.deep' specified for the field 'missing.$' could not be found in the input '{"other":1}'`,
		`{"outer":[{"missing.$":"$.other.x"}]}`: `The JSONPath '$.other.x' specified for the field 'missing.$' could not be found in the input '{"other":1}'`,
		`{"missing.$":"$$.Nope.Deep"}`:          `The JSONPath '$$.Nope.Deep' specified for the field 'missing.$' could not be found in the input '` + string(jsonvalue.Encode(context.object())) + `'`,
		`{"missing.$":"$v"}`:                    `The JSONPath '$v' specified for the field 'missing.$' could not be found in the input '{"other":1}'`,
	} {
		t.Run(text, func(t *testing.T) {
			tpl, faults := CompileTemplate(node(t, text), "")
			require.Empty(t, faults)
			_, err := tpl.Eval(s)
			require.Equal(t, &Error{"States.Runtime", why}, err)
		})
	}
}

func TestEveryFaultOfATemplateIsReported(t *testing.T) {
	const text = `{"a.$":"$.","b":{"c.$":"nothing","d":[0,{"e.$":1}],"ok.$":"$.x"}}`
	_, faults := CompileTemplate(node(t, text), "T")
	require.Equal(t, map[string]string{
		`T["a.$"]`:        `"$." is not a valid path: a name is missing, at "."`,
		`T.b["c.$"]`:      `"nothing" must be a valid JSONPath or a valid intrinsic function call`,
		`T.b.d[1]["e.$"]`: "must be a string: a JSONPath or an intrinsic function call",
	}, faultsAt(faults))
	require.Equal(t, strings.Index(text, `"nothing"`), faults[1].Offset)
}

func BenchmarkTemplate(b *testing.B) {
	s := testScope(b)
	tpl, faults := CompileTemplate(node(b, `{"action":"createOrder","order.$":"$$.Execution.Input","x.$":"$.b.x"}`), "")
	require.Empty(b, faults)
	for b.Loop() {
		if _, err := tpl.Eval(s); err != nil {
			b.Fatal(err)
		}
	}
}
