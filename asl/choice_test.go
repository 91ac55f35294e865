package asl

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ruleOf compiles one rule, which has to be right.
func ruleOf(t testing.TB, text string) rule {
	t.Helper()
	r, problems := compileRule(value(t, text).(*jsonObject))
	require.Empty(t, problems, text)
	return r
}

// TestOperators holds each operator to all kinds of values, as a constant and
// as what a path finds.
func TestOperators(t *testing.T) {
	for _, c := range []struct{ operator, variable, operand, want string }{
		{"StringEquals", `"a"`, `"a"`, "yes"},
		{"StringEquals", `" "`, `"     "`, "no"},
		{"StringEquals", `"\t\n"`, `"\t\r\n"`, "no"},
		{"StringEquals", `1`, `"1"`, "no"},
		{"StringEquals", `null`, `"null"`, "no"},
		{"StringLessThan", `"A"`, `"AB"`, "yes"},
		{"StringLessThan", `"AB"`, `"A"`, "no"},
		{"StringLessThanEquals", `""`, `""`, "yes"},
		{"StringGreaterThan", `"a"`, `"B"`, "yes"},
		{"StringGreaterThan", `"～"`, `"😀"`, "yes"}, // by UTF-16
		{"StringGreaterThan", `"A"`, `"A\t"`, "no"},
		{"StringGreaterThanEquals", `"AB"`, `"A"`, "yes"},
		{"NumericEquals", `1`, `1.0`, "yes"},
		{"NumericEquals", `1`, `1.1`, "no"},
		{"NumericEquals", `"1"`, `1`, "no"},
		{"NumericEquals", `true`, `1`, "no"},
		{"NumericEquals", `[1]`, `1`, "no"},
		{"NumericLessThan", `0.5`, `1`, "yes"},
		{"NumericLessThan", `1`, `1`, "no"},
		{"NumericLessThanEquals", `0`, `0.0`, "yes"},
		{"NumericGreaterThan", `1`, `0`, "yes"},
		{"NumericGreaterThanEquals", `0`, `0.0`, "yes"},
		{"NumericGreaterThanEquals", `null`, `0`, "no"},
		{"BooleanEquals", `false`, `false`, "yes"},
		{"BooleanEquals", `true`, `false`, "no"},
		{"BooleanEquals", `0.0`, `false`, "no"},
		{"BooleanEquals", `"true"`, `true`, "no"},
		{"TimestampEquals", `"2016-08-18T17:33:00Z"`, `"2016-08-18T18:33:00+01:00"`, "yes"},
		{"TimestampEquals", `"2016-08-18T17:33:00.000Z"`, `"2016-08-18T17:33:00Z"`, "yes"},
		{"TimestampEquals", `"2016-08-18 17:33:00Z"`, `"2016-08-18T17:33:00Z"`, "no"},
		{"TimestampEquals", `""`, `"2016-08-18T17:33:00Z"`, "no"},
		{"TimestampEquals", `0`, `"2016-08-18T17:33:00Z"`, "no"},
		{"TimestampLessThan", `"2012-10-09T19:00:55Z"`, `"2012-10-09T19:00:56Z"`, "yes"},
		{"TimestampLessThanEquals", `"2012-10-09T19:00:56Z"`, `"2012-10-09T19:00:55Z"`, "no"},
		{"TimestampGreaterThan", `"2012-10-09T19:00:56Z"`, `"2012-10-09T19:00:55Z"`, "yes"},
		{"TimestampGreaterThanEquals", `"2012-10-09T19:00:55Z"`, `"2012-10-09T19:00:55Z"`, "yes"},
	} {
		s := &scope{input: value(t, `{"v":`+c.variable+`,"o":`+c.operand+`}`)}
		for _, text := range []string{
			`{"Variable":"$.v","` + c.operator + `":` + c.operand + `}`,
			`{"Variable":"$.v","` + c.operator + `Path":"$.o"}`,
		} {
			matched, err := ruleOf(t, text).match(s)
			require.NoError(t, err)
			require.Equal(t, c.want == "yes", matched, "%s with %s", text, c.variable)
		}
	}
}

func TestKindsOfValues(t *testing.T) {
	kinds := []string{"IsNull", "IsBoolean", "IsNumeric", "IsString", "IsTimestamp"}
	for variable, is := range map[string]string{
		`null`: "IsNull", `true`: "IsBoolean", `false`: "IsBoolean", `0`: "IsNumeric", `1.5`: "IsNumeric",
		`""`: "IsString", `"x"`: "IsString", `[]`: "", `{}`: "", `{"A":0}`: "",
		`"2016-08-18T17:33:00Z"`: "IsString IsTimestamp", `"2016-08-18T17:33:00.5+01:00"`: "IsString IsTimestamp",
		`"2016-08-18t17:33:00z"`: "IsString", `"2024-01-01"`: "IsString", `"2024-01-01T00:00Z"`: "IsString",
		`"2024-01-01T00:00:00+0100"`: "IsString", `"2024-01-01T00:00:00"`: "IsString", `"2024-13-01T00:00:00Z"`: "IsString",
		`"2024-01-01T24:00:00Z"`: "IsString", `"2024-01-01T1:00:00Z"`: "IsString", `"2024-01-01T01:00:00,5Z"`: "IsString",
	} {
		s := &scope{input: value(t, `{"v":`+variable+`}`)}
		for _, kind := range kinds {
			want := strings.Contains(is, kind)
			matched, err := ruleOf(t, `{"Variable":"$.v","`+kind+`":true}`).match(s)
			require.NoError(t, err)
			require.Equal(t, want, matched, "%s of %s", kind, variable)
			matched, err = ruleOf(t, `{"Variable":"$.v","`+kind+`":false}`).match(s)
			require.NoError(t, err)
			require.Equal(t, !want, matched, "not %s of %s", kind, variable)
		}
	}
}

func TestOnlyIsPresentMayFindNothing(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]bool{
		`{"Variable":"$.no.such","IsPresent":true}`:                                        false,
		`{"Variable":"$.no.such","IsPresent":false}`:                                       true,
		`{"Variable":"$.b.n","IsPresent":true}`:                                            true,
		`{"Variable":"$.a[9]","IsPresent":true}`:                                           false,
		`{"Variable":"$n","IsPresent":true}`:                                               true,
		`{"Variable":"$other","IsPresent":true}`:                                           false,
		`{"Variable":"$$.Execution.Name","IsPresent":true}`:                                true,
		`{"Variable":"$order.id","NumericEqualsPath":"$order.id"}`:                         true,
		`{"And":[{"Variable":"$.no","IsPresent":true},{"Variable":"$.no","IsNull":true}]}`: false, // the second is not looked at
	} {
		matched, err := ruleOf(t, text).match(s)
		require.NoError(t, err)
		require.Equal(t, want, matched, text)
	}
	for text, path := range map[string]string{
		`{"Variable":"$.no","IsNull":true}`:                                                    "$.no",
		`{"Variable":"$.a[9]","IsNull":true}`:                                                  "$.a[9]",
		`{"Variable":"$.want","NumericEqualsPath":"$.no"}`:                                     "$.no",
		`{"Variable":"$other","StringEquals":"x"}`:                                             "$other",
		`{"Not":{"Variable":"$.no","StringMatches":"*"}}`:                                      "$.no",
		`{"Or":[{"Variable":"$.want","NumericEquals":1},{"Variable":"$.no","IsString":true}]}`: "$.no",
	} {
		_, err := ruleOf(t, text).match(s)
		require.Equal(t, &runtimeError{"States.Runtime",
			"Invalid path '" + path + "': The choice state's condition path references an invalid value."}, err, text)
	}
}

func TestStringMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"foo*.log", "foo23.log", true}, {"foo*.log", "foo.log", true}, {"foo*.log", "foo.logs", false}, {"foo*.log", "xfoo.log", false},
		{"*", "", true}, {"", "", true}, {"", "a", false}, {"a", "a", true}, {"a", "ab", false},
		{"*.*.*", "a.b.c", true}, {"*.*.*", "a.b", false}, {"a*a", "a", false}, {"a*a", "aa", true}, {"**a**", "xax", true},
		{"*ab*ab", "abab", true}, {"*ab*ab", "ab", false}, {"*aab", "aaab", true},
		{`a\\*b`, `a*b`, true}, {`a\\*b`, `axb`, false}, {`\\\\*`, `\\x`, true}, {`\\\\`, `\\`, true},
		{"a.c", "abc", false}, {"a?c", "abc", false}, {"[a]", "a", false}, {"é*", "éa", true},
	} {
		r := ruleOf(t, `{"Variable":"$","StringMatches":"`+c.pattern+`"}`)
		matched, err := r.match(&scope{input: value(t, `"`+c.text+`"`)})
		require.NoError(t, err)
		require.Equal(t, c.want, matched, "%s with %s", c.text, c.pattern)
	}
	matched, err := ruleOf(t, `{"Variable":"$","StringMatches":"*"}`).match(&scope{input: int64(1)})
	require.NoError(t, err)
	require.False(t, matched, "a number is no string")
}

func TestRulesCombine(t *testing.T) {
	const yes, no = `{"Variable":"$","NumericEquals":1}`, `{"Variable":"$","NumericEquals":2}`
	for text, want := range map[string]bool{
		`{"And":[` + yes + `]}`: true, `{"And":[` + yes + `,` + no + `]}`: false, `{"Or":[` + no + `,` + yes + `]}`: true,
		`{"Or":[` + no + `]}`: false, `{"Not":` + no + `}`: true, `{"Not":` + yes + `}`: false,
		`{"Not":{"Or":[` + no + `,{"And":[` + yes + `,{"Not":` + yes + `}]}]},"Next":"X","Comment":"c"}`: true,
	} {
		matched, err := ruleOf(t, text).match(&scope{input: int64(1)})
		require.NoError(t, err)
		require.Equal(t, want, matched, text)
	}
}

func TestEverythingWrongWithARuleIsReported(t *testing.T) {
	for text, want := range map[string]map[string]string{
		`{}`:                                             {"Variable": "no operator says what to test"},
		`{"Variable":"$.a","Next":"X"}`:                  {"Variable": "no operator says what to test"},
		`{"IsNull":true}`:                                {"Variable": "it is missing: IsNull needs a path to test"},
		`{"Variable":"a","IsNull":"no"}`:                 {"Variable": "it has to start with $", "IsNull": "its value must be true or false"},
		`{"Variable":1,"IsPresent":1}`:                   {"Variable": "its value must be a path", "IsPresent": "its value must be true or false"},
		`{"Variable":"$","NumericEquals":"5"}`:           {"NumericEquals": `its value must be a number, not "5"`},
		`{"Variable":"$","StringLessThan":5}`:            {"StringLessThan": "its value must be a string, not 5"},
		`{"Variable":"$","BooleanEquals":null}`:          {"BooleanEquals": "its value must be true or false, not null"},
		`{"Variable":"$","TimestampEquals":"nope"}`:      {"TimestampEquals": `its value must be an RFC 3339 timestamp, not "nope"`},
		`{"Variable":"$","StringEqualsPath":"nope"}`:     {"StringEqualsPath": "it has to start with $"},
		`{"Variable":"$","StringEqualsPath":5}`:          {"StringEqualsPath": "its value must be a path"},
		`{"Variable":"$","StringMatches":5}`:             {"StringMatches": "its value must be a string"},
		`{"Variable":"$","StringMatches":"a\\"}`:         {"StringMatches": `stands before neither`},
		`{"Variable":"$","BooleanLessThan":true}`:        {"BooleanLessThan": "no such field or operator", "Variable": "no operator"},
		`{"Variable":"$","IsNull":true,"IsString":true}`: {"IsString": "a rule has one operator; IsNull is one already"},
		`{"Variable":"$","IsNull":true,"Bogus":1}`:       {"Bogus": "no such field or operator"},
		`{"Condition":"{% true %}","Next":"X"}`:          {"Condition": "it belongs to JSONata", "Variable": "no operator"},
		`{"And":[],"Variable":"$"}`:                      {"Variable": "And has no Variable of its own", "And": "a list of one rule or more"},
		`{"Not":[]}`:                                     {"Not": "its value must be a rule"},
		`{"Or":[1,{"Not":{"IsNull":true,"Next":"X"}}]}`: {
			"Or[0]": "it must be a rule", "Or[1].Not.Variable": "it is missing", "Or[1].Not.Next": "only the outermost rule may have it",
		},
		strings.Repeat(`{"Not":`, maxRules+2) + `{}` + strings.Repeat(`}`, maxRules+2): {
			strings.Repeat("Not.", maxRules+1) + "Not": "nested more than 100 deep",
		},
	} {
		_, problems := compileRule(value(t, text).(*jsonObject))
		got := map[string]string{}
		for _, problem := range problems {
			var f *fieldError
			require.True(t, errors.As(problem, &f))
			got[f.Field] = f.Err.Error()
		}
		require.Len(t, got, len(want), "%s: %v", text, got)
		for field, why := range want {
			require.Contains(t, got[field], why, "%s: %s", text, field)
		}
	}
}

func TestThereAre39Operators(t *testing.T) {
	require.Len(t, operators, 39)
}
