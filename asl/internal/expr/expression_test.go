package expr

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompileTextAcceptsPathsAndCallsThatReturnStrings(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]string{
		"$.s": "str",
		"States.Format('{} items', States.ArrayLength($.delivery-partner))": "3 items", // any function can be nested
		"States.JsonToString($.b.b)":                                        `{"x":1}`,
		"States.ArrayGetItem($.pattern, 1)":                                 "kk",
		"States.Base64Decode('c3Ry')":                                       "str",
		"States.Base64Encode($.s)":                                          "c3Ry",
		"States.Hash($.s, 'MD5')":                                           "341be97d9aff90c9978347f66f945b77",
		"States.Format('{}', $$.Execution.Name)":                            "e1",
	} {
		t.Run(text, func(t *testing.T) {
			e, err := CompileText(text)
			require.NoError(t, err)
			got, err := e.Field(s, "CausePath")
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
	for text, why := range map[string]string{
		"States.Array($.s)":     "States.Array cannot be used here: it does not return a string",
		"States.MathAdd(1, 2)":  "States.MathAdd cannot be used here: it does not return a string",
		"States.StringToJson(1": `"States.StringToJson(1" is not a valid intrinsic function call: a comma or a ) is missing after an argument`,
		"$.":                    `"$." is not a valid path: a name is missing, at "."`,
		"plain":                 `"plain" must be a valid JSONPath or a valid intrinsic function call`,
	} {
		t.Run(text, func(t *testing.T) {
			_, err := CompileText(text)
			require.EqualError(t, err, why)
		})
	}
}
