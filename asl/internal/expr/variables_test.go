package expr

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

func TestAssignDoesNotChangeOuterVariables(t *testing.T) {
	outer := (*Variables)(nil).Assign(jsonvalue.ObjectOf(jsonvalue.Prop("a", 1), jsonvalue.Prop("b", 1)))
	branch := outer.Inner().Assign(jsonvalue.ObjectOf(jsonvalue.Prop("b", 2), jsonvalue.Prop("c", 2)))
	for name, c := range map[string]struct {
		variable string
		want     any
	}{
		"only outside the branch":       {"a", 1},
		"outside and inside the branch": {"b", 2},
		"only inside the branch":        {"c", 2},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := branch.Get(c.variable)
			require.True(t, ok)
			require.Equal(t, c.want, got)
		})
	}
	got, _ := outer.Get("b")
	require.Equal(t, 1, got)
	_, ok := outer.Get("c")
	require.False(t, ok)
	_, ok = (*Variables)(nil).Get("a")
	require.False(t, ok)
}
