package jsonvalue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNodesHaveTheirPositions(t *testing.T) {
	const text = ` {"a": [1, {"b.c": "x"}], "a": null}`
	root, err := Parse([]byte(text))
	require.NoError(t, err)
	require.Equal(t, value(t, text), root.Value)
	require.Len(t, root.Members, 2, "duplicate names are included")
	require.Equal(t, `"a": null`, text[root.Members[1].Begin:root.Members[1].End])

	list := root.Member("a")
	require.True(t, list.IsArray())
	require.Equal(t, `[1, {"b.c": "x"}]`, text[list.Begin:list.End])
	inner := list.Items[1]
	require.True(t, inner.IsObject())
	require.Equal(t, `"x"`, text[inner.Member("b.c").Begin:inner.Member("b.c").End])
	require.Nil(t, inner.Member("none"))
}
