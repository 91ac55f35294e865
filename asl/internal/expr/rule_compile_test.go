package expr

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEachFaultOfARuleIsReportedOnce(t *testing.T) {
	for text, want := range map[string]map[string]string{
		`{}`:                                             {"R": "needs an operator, such as StringEquals"},
		`1`:                                              {"R": "must be an object with a rule"},
		`{"Variable":"$.a","Next":"X"}`:                  {"R": "needs an operator, such as StringEquals"},
		`{"IsNull":true}`:                                {"R": "needs the field Variable, the path to the value that IsNull tests"},
		`{"Variable":"a","IsNull":"no"}`:                 {"R.Variable": "it must start with $", "R.IsNull": "must be true or false"},
		`{"Variable":1,"IsPresent":1}`:                   {"R.Variable": "must be a path", "R.IsPresent": "must be true or false"},
		`{"Variable":"$","NumericEquals":"5"}`:           {"R.NumericEquals": `must be a number, not "5"`},
		`{"Variable":"$","StringLessThan":5}`:            {"R.StringLessThan": "must be a string, not 5"},
		`{"Variable":"$","BooleanEquals":null}`:          {"R.BooleanEquals": "must be true or false, not null"},
		`{"Variable":"$","TimestampEquals":"nope"}`:      {"R.TimestampEquals": `must be an RFC 3339 timestamp, not "nope"`},
		`{"Variable":"$","StringEqualsPath":"nope"}`:     {"R.StringEqualsPath": "it must start with $"},
		`{"Variable":"$","StringEqualsPath":5}`:          {"R.StringEqualsPath": "must be a path"},
		`{"Variable":"$","StringMatches":5}`:             {"R.StringMatches": "must be a string"},
		`{"Variable":"$","StringMatches":"a\\"}`:         {"R.StringMatches": `that is not before`},
		`{"Variable":"$","BooleanLessThan":true}`:        {"R.BooleanLessThan": "is not a field of a rule"},
		`{"Variable":"$","StringEqual":"a"}`:             {"R.StringEqual": `is not a field of a rule; did you mean "StringEquals"?`},
		`{"Varable":"$","StringEquals":"a"}`:             {"R.Varable": `is not a field of a rule; did you mean "Variable"?`},
		`{"Variable":"$","IsNull":true,"IsString":true}`: {"R.IsString": "cannot be used with IsNull: a rule has one operator"},
		`{"Variable":"$","IsNull":true,"Bogus":1}`:       {"R.Bogus": "is not a field of a rule"},
		`{"Condition":"{% true %}","Next":"X"}`:          {"R.Condition": "JSONata is not supported"},
		`{"And":[],"Variable":"$"}`:                      {"R.Variable": "cannot be used with And", "R.And": "must be an array with at least one rule"},
		`{"Not":[]}`:                                     {"R.Not": "must be an object with a rule"},
		`{"Or":[1,{"Not":{"IsNull":true,"Variable":"$","Next":"X"}}]}`: {
			"R.Or[0]": "must be an object with a rule", "R.Or[1].Not.Next": "is allowed in the outermost rule only",
		},
	} {
		t.Run(text, func(t *testing.T) {
			_, faults := CompileRule(node(t, text), "R")
			got := faultsAt(faults)
			require.Len(t, faults, len(want))
			for place, why := range want {
				require.Contains(t, got[place], why)
			}
		})
	}
}

func TestAFaultOfANestedRuleHasItsPlace(t *testing.T) {
	const text = `{"And":[
		{"Variable":"$","IsNull":true},
		{"Variable":"$","NumericEquals":"5"}]}`
	_, faults := CompileRule(node(t, text), "R")
	require.Equal(t, map[string]string{"R.And[1].NumericEquals": `must be a number, not "5"`}, faultsAt(faults))
	require.Equal(t, strings.Index(text, `"5"`), faults[0].Offset)
}

func TestTheNestingOfRulesIsLimited(t *testing.T) {
	nested := func(depth int) string {
		return strings.Repeat(`{"Not":`, depth) + `{"Variable":"$","IsNull":true}` + strings.Repeat(`}`, depth)
	}
	ruleOf(t, nested(maxRuleDepth))
	_, faults := CompileRule(node(t, nested(maxRuleDepth+1)), "R")
	require.Equal(t, map[string]string{
		"R" + strings.Repeat(".Not", maxRuleDepth+1): "rules are nested more than 100 deep",
	}, faultsAt(faults))
}
