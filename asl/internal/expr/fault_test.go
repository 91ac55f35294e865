package expr

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheNearestNameIsSuggested(t *testing.T) {
	names := []string{"A", "End", "InputPath", "Next", "OutputPath", "Type"}
	for name, c := range map[string]struct{ misspelt, want string }{
		"a letter is missing":         {"Nxt", "Next"},
		"two letters are swapped":     {"Tpye", "Type"},
		"only the case differs":       {"END", "End"},
		"the first of two is nearer":  {"nputPath", "InputPath"},
		"the second of two is nearer": {"utputPath", "OutputPath"},
		"every letter differs":        {"B", ""},
		"no name is similar":          {"Colour", ""},
		"the name is empty":           {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			nearest, ok := Nearest(c.misspelt, names)
			require.Equal(t, c.want, nearest)
			require.Equal(t, c.want != "", ok)
		})
	}
	require.Equal(t, `; did you mean "Next"?`, DidYouMean("Nxt", names))
	require.Empty(t, DidYouMean("Colour", names))
}
