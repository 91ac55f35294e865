package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMalformedCallsAreRefused(t *testing.T) {
	for text, why := range map[string]string{
		"Format('{}', 1)":                  "must be a valid JSONPath or a valid intrinsic function call",
		"States.Nothing()":                 `there is no function "States.Nothing"`,
		"States.UUID":                      "the ( after the function's name is missing",
		"States.UUID(":                     "an argument is missing",
		"States.UUID(1)":                   "States.UUID takes 0 arguments, not 1",
		"States.UUID()[0]":                 `unexpected "[0]" at the end`,
		"States.UUID() ":                   `unexpected " " at the end`,
		"States.ArrayLength()":             "takes 1 argument, not 0",
		"States.MathAdd(1)":                "takes 2 arguments, not 1",
		"States.MathRandom(1, 2, 3, 4)":    "takes 2 or 3 arguments, not 4",
		"States.Format()":                  "takes 1 or more arguments, not 0",
		"States.Array(1,)":                 "an argument is missing",
		"States.Array(1 2)":                "a comma or a ) is missing after an argument",
		"States.Array(01)":                 "a comma or a ) is missing after an argument",
		"States.Array(\"x\")":              "an argument is missing",
		"States.Array('x)":                 "closing quote is missing",
		`States.Array('x\')`:               "closing quote is missing",
		`States.Array('x\n')`:              `a \ may only come before`,
		`States.StringToJson('{\"a\":1}')`: `a \ may only come before`,
		"States.Array($.)":                 "a name is missing",
		"States.Array($.a[?(@.x)":          "its [ is not closed",
		"States.Format('{} {}', 1)":        "number of arguments do not match",
		"States.Format('Hello {', 1)":      "matching '}' not found for '{'.",
		"States.Format('{{}}', 1)":         "matching '}' not found for '{'.",
		"States.Format('}')":               "matching '{' not found for '}'.",
	} {
		t.Run(text, func(t *testing.T) { refusesExpression(t, text, why) })
	}
	t.Run("an empty text", func(t *testing.T) {
		refusesExpression(t, "", "must be a valid JSONPath or a valid intrinsic function call")
	})
}

func TestTheNestingOfCallsIsLimited(t *testing.T) {
	nested := func(depth int) string {
		return strings.Repeat("States.Array(", depth) + strings.Repeat(")", depth)
	}
	_, err := compileExpression(nested(maxCallDepth))
	require.NoError(t, err)
	refusesExpression(t, nested(maxCallDepth+1), "nested more than 10 deep")
}

func refusesExpression(t *testing.T, text, why string) {
	t.Helper()
	e, err := compileExpression(text)
	require.ErrorContains(t, err, why)
	require.True(t, e == nil, "nil, not an interface that holds a nil pointer")
}
