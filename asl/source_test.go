package asl_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

func TestASubstitutionIsAlwaysAString(t *testing.T) {
	const hint = "; substitutions are strings, so read a number from the input"
	for _, test := range []struct {
		name, text string
		isYAML     bool
		problem    string
	}{
		{"a number in JSON", states(`"S": {"Type": "Wait", "Seconds": ${N}, "End": true}`), false,
			"not valid JSON: expected a value, found '$'; a placeholder must be inside a string, because substitutions are strings"},
		{"a number after strings with quotes and escapes", states(`"S": {"Type": "Wait", "Comment": "\"${N}\\", "Seconds": ${N}, "End": true}`), false,
			"; a placeholder must be inside a string, because substitutions are strings"},
		{"a string in JSON for a whole number", states(`"S": {"Type": "Wait", "Seconds": "${N}", "End": true}`), false, "must be a whole number from 0 to 99999999" + hint},
		{"a string in JSON for a number", taskWith(`, "Retry": [{"ErrorEquals": ["E"], "BackoffRate": "${N}"}]`), false, "must be a number of at least 1" + hint},
		{"a fault before a placeholder", `{"Comment" "${N}"}`, false, "expected a colon, found '\"'"},
		{"a fault before a placeholder without a value", `{"Comment" "${M}"}`, false, "expected a colon, found '\"'"},
		{"a string that was not a placeholder", states(`"S": {"Type": "Wait", "Seconds": "5", "End": true}`), false, "must be a whole number from 0 to 99999999"},
		{"a number in YAML", "StartAt: S\nStates:\n  S: {Type: Wait, Seconds: '${N}', End: true}\n", true, "3:28 States.S.Seconds: must be a whole number from 0 to 99999999" + hint},
	} {
		t.Run(test.name, func(t *testing.T) {
			load := asl.Load
			if test.isYAML {
				load = asl.LoadYAML
			}
			_, err := load([]byte(test.text), map[string]string{"N": "5"})
			require.Error(t, err)
			require.True(t, strings.HasSuffix(err.Error(), test.problem), err.Error())
		})
	}
}
