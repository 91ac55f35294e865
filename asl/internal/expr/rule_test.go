package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ruleOf compiles one rule, which has to be right.
func ruleOf(t testing.TB, text string) Rule {
	t.Helper()
	r, faults := CompileRule(node(t, text), "")
	require.Empty(t, faults, text)
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
		t.Run(c.variable+" "+c.operator+" "+c.operand, func(t *testing.T) {
			s := &Scope{Input: value(t, `{"v":`+c.variable+`,"o":`+c.operand+`}`)}
			for _, text := range []string{
				`{"Variable":"$.v","` + c.operator + `":` + c.operand + `}`,
				`{"Variable":"$.v","` + c.operator + `Path":"$.o"}`,
			} {
				matched, err := ruleOf(t, text).Match(s)
				require.NoError(t, err)
				require.Equal(t, c.want == "yes", matched, "%s with %s", text, c.variable)
			}
		})
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
		t.Run(variable, func(t *testing.T) {
			s := &Scope{Input: value(t, `{"v":`+variable+`}`)}
			for _, kind := range kinds {
				want := strings.Contains(is, kind)
				matched, err := ruleOf(t, `{"Variable":"$.v","`+kind+`":true}`).Match(s)
				require.NoError(t, err)
				require.Equal(t, want, matched, "%s of %s", kind, variable)
				matched, err = ruleOf(t, `{"Variable":"$.v","`+kind+`":false}`).Match(s)
				require.NoError(t, err)
				require.Equal(t, !want, matched, "not %s of %s", kind, variable)
			}
		})
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
		t.Run(text, func(t *testing.T) {
			matched, err := ruleOf(t, text).Match(s)
			require.NoError(t, err)
			require.Equal(t, want, matched, text)
		})
	}
	for text, path := range map[string]string{
		`{"Variable":"$.no","IsNull":true}`:                                                    "$.no",
		`{"Variable":"$.a[9]","IsNull":true}`:                                                  "$.a[9]",
		`{"Variable":"$.want","NumericEqualsPath":"$.no"}`:                                     "$.no",
		`{"Variable":"$other","StringEquals":"x"}`:                                             "$other",
		`{"Not":{"Variable":"$.no","StringMatches":"*"}}`:                                      "$.no",
		`{"Or":[{"Variable":"$.want","NumericEquals":1},{"Variable":"$.no","IsString":true}]}`: "$.no",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := ruleOf(t, text).Match(s)
			require.Equal(t, &Error{"States.Runtime",
				"Invalid path '" + path + "': The choice state's condition path references an invalid value."}, err, text)
		})
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
		t.Run(c.text+" with "+c.pattern, func(t *testing.T) {
			r := ruleOf(t, `{"Variable":"$","StringMatches":"`+c.pattern+`"}`)
			matched, err := r.Match(&Scope{Input: value(t, `"`+c.text+`"`)})
			require.NoError(t, err)
			require.Equal(t, c.want, matched, "%s with %s", c.text, c.pattern)
		})
	}
	matched, err := ruleOf(t, `{"Variable":"$","StringMatches":"*"}`).Match(&Scope{Input: int64(1)})
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
		t.Run(text, func(t *testing.T) {
			matched, err := ruleOf(t, text).Match(&Scope{Input: int64(1)})
			require.NoError(t, err)
			require.Equal(t, want, matched, text)
		})
	}
}

func TestEverythingWrongWithARuleIsReportedOnce(t *testing.T) {
	for text, want := range map[string]map[string]string{
		`{}`:                                             {"R": "needs an operator, such as StringEquals"},
		`1`:                                              {"R": "must be an object: a rule"},
		`{"Variable":"$.a","Next":"X"}`:                  {"R": "needs an operator, such as StringEquals"},
		`{"IsNull":true}`:                                {"R": "needs the field Variable: the path to what IsNull tests"},
		`{"Variable":"a","IsNull":"no"}`:                 {"R.Variable": "it has to start with $", "R.IsNull": "must be true or false"},
		`{"Variable":1,"IsPresent":1}`:                   {"R.Variable": "must be a path", "R.IsPresent": "must be true or false"},
		`{"Variable":"$","NumericEquals":"5"}`:           {"R.NumericEquals": `must be a number, not "5"`},
		`{"Variable":"$","StringLessThan":5}`:            {"R.StringLessThan": "must be a string, not 5"},
		`{"Variable":"$","BooleanEquals":null}`:          {"R.BooleanEquals": "must be true or false, not null"},
		`{"Variable":"$","TimestampEquals":"nope"}`:      {"R.TimestampEquals": `must be an RFC 3339 timestamp, not "nope"`},
		`{"Variable":"$","StringEqualsPath":"nope"}`:     {"R.StringEqualsPath": "it has to start with $"},
		`{"Variable":"$","StringEqualsPath":5}`:          {"R.StringEqualsPath": "must be a path"},
		`{"Variable":"$","StringMatches":5}`:             {"R.StringMatches": "must be a string"},
		`{"Variable":"$","StringMatches":"a\\"}`:         {"R.StringMatches": `stands before neither`},
		`{"Variable":"$","BooleanLessThan":true}`:        {"R.BooleanLessThan": "is not a field of a rule"},
		`{"Variable":"$","StringEqual":"a"}`:             {"R.StringEqual": `is not a field of a rule; did you mean "StringEquals"?`},
		`{"Varable":"$","StringEquals":"a"}`:             {"R.Varable": `is not a field of a rule; did you mean "Variable"?`},
		`{"Variable":"$","IsNull":true,"IsString":true}`: {"R.IsString": "cannot stand beside IsNull: a rule has one operator"},
		`{"Variable":"$","IsNull":true,"Bogus":1}`:       {"R.Bogus": "is not a field of a rule"},
		`{"Condition":"{% true %}","Next":"X"}`:          {"R.Condition": "JSONata is not supported"},
		`{"And":[],"Variable":"$"}`:                      {"R.Variable": "cannot stand beside And", "R.And": "must be an array with at least one rule"},
		`{"Not":[]}`:                                     {"R.Not": "must be an object: a rule"},
		`{"Or":[1,{"Not":{"IsNull":true,"Variable":"$","Next":"X"}}]}`: {
			"R.Or[0]": "must be an object: a rule", "R.Or[1].Not.Next": "can only stand in the outermost rule",
		},
		strings.Repeat(`{"Not":`, maxRuleDepth+2) + `{}` + strings.Repeat(`}`, maxRuleDepth+2): {
			"R" + strings.Repeat(".Not", maxRuleDepth+1): "nested more than 100 deep",
		},
	} {
		t.Run(text, func(t *testing.T) {
			_, faults := CompileRule(node(t, text), "R")
			got := faultsAt(faults)
			require.Len(t, faults, len(want), "%v", got)
			for place, why := range want {
				require.Contains(t, got[place], why)
			}
		})
	}
}

func TestAFaultOfANestedRulePointsAtIt(t *testing.T) {
	const text = `{"And":[
		{"Variable":"$","IsNull":true},
		{"Variable":"$","NumericEquals":"5"}]}`
	_, faults := CompileRule(node(t, text), "R")
	require.Equal(t, []Fault{{strings.Index(text, `"5"`), "R.And[1].NumericEquals", `must be a number, not "5"`}}, faults)
}

func TestThereAre39Operators(t *testing.T) {
	require.Len(t, operators, 39)
}
