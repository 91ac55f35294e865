package expr

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStringMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"foo*.log", "foo23.log", true},
		{"foo*.log", "foo.log", true},
		{"foo*.log", "foo.logs", false},
		{"foo*.log", "xfoo.log", false},
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"a", "a", true},
		{"a", "ab", false},
		{"*.*.*", "a.b.c", true},
		{"*.*.*", "a.b", false},
		{"a*a", "a", false},
		{"a*a", "aa", true},
		{"**a**", "xax", true},
		{"*ab*ab", "abab", true},
		{"*ab*ab", "ab", false},
		{"*aab", "aaab", true},
		{`a\\*b`, `a*b`, true},
		{`a\\*b`, `axb`, false},
		{`\\\\*`, `\\x`, true},
		{`\\\\`, `\\`, true},
		{"a.c", "abc", false},
		{"a?c", "abc", false},
		{"[a]", "a", false},
		{"é*", "éa", true},
	} {
		t.Run(`"`+c.text+`" with "`+c.pattern+`"`, func(t *testing.T) {
			r := ruleOf(t, `{"Variable":"$","StringMatches":"`+c.pattern+`"}`)
			matched, err := r.Match(&Scope{Input: value(t, `"`+c.text+`"`)})
			require.NoError(t, err)
			require.Equal(t, c.want, matched)
		})
	}
}

func TestANumberMatchesNoPattern(t *testing.T) {
	matched, err := ruleOf(t, `{"Variable":"$","StringMatches":"*"}`).Match(&Scope{Input: int64(1)})
	require.NoError(t, err)
	require.False(t, matched)
}
