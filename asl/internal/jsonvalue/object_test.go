package jsonvalue

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnObjectKeepsItsOrder(t *testing.T) {
	for _, n := range []int{1, many - 1, many, 3 * many} {
		t.Run(fmt.Sprint(n, " properties"), func(t *testing.T) {
			o := ObjectWithRoom(0)
			for i := range n {
				o.Set(fmt.Sprint(n-i), int64(i))
			}
			before := string(Encode(o))
			changed := o.With("1", "new").With("more", "last")
			require.Equal(t, before, string(Encode(o)), "With does not change the object")
			require.Len(t, changed.Properties(), n+1)
			for i, p := range changed.Properties() {
				found, ok := changed.Get(p.Name)
				require.True(t, ok)
				require.Equal(t, p.Value, found)
				switch i {
				case n:
					require.Equal(t, Property{"more", "last"}, p)
				case n - 1:
					require.Equal(t, Property{"1", "new"}, p, "in the position of the old value")
				default:
					require.Equal(t, Property{fmt.Sprint(n - i), int64(i)}, p)
				}
			}
			_, ok := changed.Get("none")
			require.False(t, ok)
		})
	}
}

func TestMergeKeepsTheOrderOfTheFirstObject(t *testing.T) {
	a, b := value(t, `{"z":1,"a":2}`).(*Object), value(t, `{"b":3,"z":4}`).(*Object)
	require.Equal(t, `{"z":4,"a":2,"b":3}`, string(Encode(Merge(a, b))))
	require.Equal(t, `{"z":1,"a":2}`, string(Encode(a)))
}
