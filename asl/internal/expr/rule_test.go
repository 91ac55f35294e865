package expr

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyIsPresentMayFindNothing(t *testing.T) {
	s := testScope(t)
	for text, want := range map[string]bool{
		`{"Variable":"$.no.such","IsPresent":true}`:                                        false,
		`{"Variable":"$.no.such","IsPresent":false}`:                                       true,
		`{"Variable":"$.b.n","IsPresent":true}`:                                            true,
		`{"Variable":"$.a[9]","IsPresent":true}`:                                           false,
		`{"Variable":"$n","IsPresent":true}`:                                               true,
		`{"Variable":"$other","IsPresent":true}`:                                           false,
		`{"Variable":"$$.Execution.Input.list[0]","IsPresent":true}`:                       true,
		`{"Variable":"$$.Execution.Input.list[1]","IsPresent":true}`:                       false,
		`{"Variable":"$$.Execution.Name","IsPresent":true}`:                                true,
		`{"Variable":"$order.id","NumericEqualsPath":"$order.id"}`:                         true,
		`{"And":[{"Variable":"$.no","IsPresent":true},{"Variable":"$.no","IsNull":true}]}`: false, // the second is not evaluated
	} {
		t.Run(text, func(t *testing.T) {
			matched, err := ruleOf(t, text).Match(s)
			require.NoError(t, err)
			require.Equal(t, want, matched)
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
				"Invalid path '" + path + "': The choice state's condition path references an invalid value."}, err)
		})
	}
}

func TestRulesAreCombined(t *testing.T) {
	const yes, no = `{"Variable":"$","NumericEquals":1}`, `{"Variable":"$","NumericEquals":2}`
	for name, c := range map[string]struct {
		rule string
		want bool
	}{
		"And of one that holds":                          {`{"And":[` + yes + `]}`, true},
		"And of one that holds and one that does not":    {`{"And":[` + yes + `,` + no + `]}`, false},
		"Or of one that does not hold and one that does": {`{"Or":[` + no + `,` + yes + `]}`, true},
		"Or of one that does not hold":                   {`{"Or":[` + no + `]}`, false},
		"Not of one that does not hold":                  {`{"Not":` + no + `}`, true},
		"Not of one that holds":                          {`{"Not":` + yes + `}`, false},
		"all of them nested":                             {`{"Not":{"Or":[` + no + `,{"And":[` + yes + `,{"Not":` + yes + `}]}]},"Next":"X","Comment":"c"}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			matched, err := ruleOf(t, c.rule).Match(&Scope{Input: int64(1)})
			require.NoError(t, err)
			require.Equal(t, c.want, matched)
		})
	}
}
