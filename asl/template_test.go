package asl

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTemplatesAreFilled(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]string{
		`{"a":1,"b":["$.want",{"c":"States.UUID()"}]}`: `{"a":1,"b":["$.want",{"c":"States.UUID()"}]}`, // constants
		`{"v.$":"$.want"}`:                             `{"v":2}`,
		`{"in.$":"$","ctx.$":"$$.Execution.Name"}`:     `{"in":` + string(encode(s.input)) + `,"ctx":"e1"}`,
		`{"b.$":"$.want","c":0,"a":{"v.$":"$n"}}`:      `{"c":0,"a":{"v":2},"b":2}`, // what is computed comes last
		`{"deep":{"er":[1,{"v.$":"$.b.x"}]}}`:          `{"deep":{"er":[1,{"v":2}]}}`,
		`{"v.$":"States.Format('{}', $n)","n.$":"$n"}`: `{"v":"2","n":2}`,
		`{"past.$":"$.a[9]"}`:                          `{"past":null}`,
		`{"many.$":"$.nothing[*]"}`:                    `{"many":[]}`,
		`[{"v.$":"$.want"},2]`:                         `[{"v":2},2]`,
		`"$.want"`:                                     `"$.want"`,
		`{"Comment":"c","x.$y":"$.want"}`:              `{"Comment":"c","x.$y":"$.want"}`,
	} {
		tpl, err := compileTemplate(value(t, text))
		require.NoError(t, err)
		got, err := tpl.eval(s)
		require.NoError(t, err, text)
		require.Equal(t, want, string(encode(got)), text)
	}
}

func TestFieldThatFindsNothingIsNamed(t *testing.T) {
	context := value(t, `{"State":{"Name":"P"}}`)
	s := &scope{input: value(t, `{"other":1}`), context: func() any { return context }}
	for text, why := range map[string]string{
		`{"missing.$":"$.nope.deep"}`:           `The JSONPath '$.nope.deep' specified for the field 'missing.$' could not be found in the input '{"other":1}'`,
		`{"outer":[{"missing.$":"$.other.x"}]}`: `The JSONPath '$.other.x' specified for the field 'missing.$' could not be found in the input '{"other":1}'`,
		`{"missing.$":"$$.Nope.Deep"}`:          `The JSONPath '$$.Nope.Deep' specified for the field 'missing.$' could not be found in the input '{"State":{"Name":"P"}}'`,
		`{"missing.$":"$v"}`:                    `The JSONPath '$v' specified for the field 'missing.$' could not be found in the input '{"other":1}'`,
	} {
		tpl, err := compileTemplate(value(t, text))
		require.NoError(t, err)
		_, err = tpl.eval(s)
		require.Equal(t, &runtimeError{"States.Runtime", why}, err, text)
	}
}

func TestEveryFieldThatIsWrongIsReported(t *testing.T) {
	_, err := compileTemplate(value(t, `{"a.$":"$.","b":{"c.$":"nothing","d":[0,{"e.$":1}],"ok.$":"$.x"}}`))
	var joined interface{ Unwrap() []error }
	require.ErrorAs(t, err, &joined)
	fields := map[string]string{}
	for _, problem := range joined.Unwrap() {
		var f *fieldError
		require.True(t, errors.As(problem, &f))
		fields[f.Field] = f.Err.Error()
	}
	require.Equal(t, map[string]string{
		"a.$":        `"$." is not a valid path: a name is missing, at "."`,
		"b.c.$":      `"nothing" must be a valid JSONPath or a valid intrinsic function call`,
		"b.d[1].e.$": "its value must be a string: a JSONPath or an intrinsic function call",
	}, fields)
}

func BenchmarkTemplate(b *testing.B) {
	s := testScope(b)
	tpl, err := compileTemplate(value(b, `{"action":"createOrder","order.$":"$$.Execution.Input","x.$":"$.b.x"}`))
	require.NoError(b, err)
	for b.Loop() {
		if _, err := tpl.eval(s); err != nil {
			b.Fatal(err)
		}
	}
}
