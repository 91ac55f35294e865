package asl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnInvalidNumberFromAPathFailsWithAWSsCause(t *testing.T) {
	task := func(field string) string { return taskWith(`, "` + field + `Path": "$.n"`) }
	iterations := func(field string) string {
		return strings.Replace(mapOf(`, "`+field+`Path": "$.n"`), "$.items", "$.none", 1)
	}
	const nap = `{"StartAt": "T", "States": {"T": {"Type": "Wait", "SecondsPath": "$.n", "End": true}}}`
	for _, c := range []struct{ field, definition, n, cause string }{
		{"TimeoutSeconds", task("TimeoutSeconds"), `0`, "The TimeoutSecondsPath parameter cannot be parsed as a positive long value: $.n == 0"},
		{"TimeoutSeconds", task("TimeoutSeconds"), `1.0`, "The TimeoutSecondsPath parameter cannot be parsed as a positive long value: $.n == 1.0"},
		{"TimeoutSeconds", task("TimeoutSeconds"), `99999999`, ""},
		{"HeartbeatSeconds", task("HeartbeatSeconds"), `100000000`, "The HeartbeatSecondsPath parameter cannot be parsed as a positive long value: $.n == 100000000"},
		{"HeartbeatSeconds", task("HeartbeatSeconds"), `1`, ""},
		{"Seconds", nap, `-1`, "The SecondsPath parameter references a negative value: $.n == -1"},
		{"Seconds", nap, `-1.0`, "The SecondsPath parameter cannot be parsed as a long value: $.n == -1.0"},
		{"Seconds", nap, `"1"`, "The SecondsPath parameter cannot be parsed as a long value: $.n == 1"},
		{"Seconds", nap, `2147558400`, "Wait state delay is too long."},
		{"Seconds", nap, `9223372036854775807`, "Wait state delay is too long."},
		{"Seconds", nap, `0`, ""},
		{"MaxConcurrency", iterations("MaxConcurrency"), `-1`, `The MaxConcurrencyPath field refers to value "-1" which is not a valid integer: $.n`},
		{"MaxConcurrency", iterations("MaxConcurrency"), `"two"`, `The MaxConcurrencyPath field refers to value "two" which is not a valid integer: $.n`},
		{"MaxConcurrency", iterations("MaxConcurrency"), `"1"`, ""},
		{"MaxConcurrency", iterations("MaxConcurrency"), `9223372036854775807`, ""},
		{"ToleratedFailureCount", iterations("ToleratedFailureCount"), `1.5`, `The ToleratedFailureCountPath field refers to value "1.5" which is not a valid integer: $.n`},
		{"ToleratedFailurePercentage", iterations("ToleratedFailurePercentage"), `101`, ""},
	} {
		t.Run(c.field+" of "+c.n, func(t *testing.T) {
			l := newLab(t, c.definition, map[string]work{"do": echo})
			x := l.run(`{"none": [], "n": ` + c.n + `}`)
			if c.cause == "" {
				require.Empty(t, x.Cause)
				return
			}
			require.Equal(t, "States.Runtime", x.Error)
			_, cause, _ := strings.Cut(x.Cause, "#2). ")
			require.Equal(t, c.cause, cause)
		})
	}
}
