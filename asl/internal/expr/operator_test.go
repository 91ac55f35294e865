package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOperators compares with a constant, and with what a path finds.
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
				require.Equal(t, c.want == "yes", matched, text)
			}
		})
	}
}

func TestKindsOfValues(t *testing.T) {
	kinds := []string{"IsNull", "IsBoolean", "IsNumeric", "IsString", "IsTimestamp"}
	for variable, is := range map[string]string{
		`null`:                          "IsNull",
		`true`:                          "IsBoolean",
		`false`:                         "IsBoolean",
		`0`:                             "IsNumeric",
		`1.5`:                           "IsNumeric",
		`""`:                            "IsString",
		`"x"`:                           "IsString",
		`[]`:                            "",
		`{}`:                            "",
		`{"A":0}`:                       "",
		`"2016-08-18T17:33:00Z"`:        "IsString IsTimestamp",
		`"2016-08-18T17:33:00.5+01:00"`: "IsString IsTimestamp",
		`"2016-08-18t17:33:00z"`:        "IsString",
		`"2024-01-01"`:                  "IsString",
		`"2024-01-01T00:00Z"`:           "IsString",
		`"2024-01-01T00:00:00+0100"`:    "IsString",
		`"2024-01-01T00:00:00"`:         "IsString",
		`"2024-13-01T00:00:00Z"`:        "IsString",
		`"2024-01-01T24:00:00Z"`:        "IsString",
		`"2024-01-01T1:00:00Z"`:         "IsString",
		`"2024-01-01T01:00:00,5Z"`:      "IsString",
	} {
		t.Run(variable, func(t *testing.T) {
			s := &Scope{Input: value(t, `{"v":`+variable+`}`)}
			for _, kind := range kinds {
				want := strings.Contains(is, kind)
				matched, err := ruleOf(t, `{"Variable":"$.v","`+kind+`":true}`).Match(s)
				require.NoError(t, err)
				require.Equal(t, want, matched, kind)
				matched, err = ruleOf(t, `{"Variable":"$.v","`+kind+`":false}`).Match(s)
				require.NoError(t, err)
				require.Equal(t, !want, matched, "not %s", kind)
			}
		})
	}
}

func TestThereAre39Operators(t *testing.T) {
	require.Len(t, operators, 39)
}
