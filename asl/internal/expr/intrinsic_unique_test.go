package expr

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

// TestArrayUniqueHasTheOrderOfAHashSet has orders that were observed on AWS.
func TestArrayUniqueHasTheOrderOfAHashSet(t *testing.T) {
	for list, want := range map[string]string{
		"[true,false,true,false]":       "[false,true]",
		"[[1,2],[1,2],[2,1]]":           "[[2,1],[1,2]]",
		"[null,null,1,null]":            "[null,1]",
		`[1,"1",1,"01"]`:                `[1,"1","01"]`,
		`["a","b","a","c","b"]`:         `["a","b","c"]`,
		`[{"a":1,"b":2},{"b":2,"a":1}]`: `[{"a":1,"b":2}]`,
		"[1,1.0]":                       "[1.0,1]",
		"[]":                            "[]",
	} {
		t.Run(list, func(t *testing.T) {
			got, err := arrayUnique([]any{value(t, list)})
			require.NoError(t, err)
			require.ElementsMatch(t, value(t, want), got)
			require.Equal(t, want, string(jsonvalue.Encode(got)))
		})
	}
}
