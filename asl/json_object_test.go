package asl

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAnObjectKeepsItsOrder is about few and about many properties.
func TestAnObjectKeepsItsOrder(t *testing.T) {
	for _, n := range []int{1, many - 1, many, 3 * many} {
		o := emptyObject(0)
		for i := range n {
			o.set(fmt.Sprint(n-i), int64(i))
		}
		before := string(encode(o))
		changed := o.with("1", "new").with("more", "last")
		require.Equal(t, before, string(encode(o)), "with leaves the object as it was")
		require.Len(t, changed.properties, n+1)
		for i, p := range changed.properties {
			found, ok := changed.get(p.name)
			require.True(t, ok)
			require.Equal(t, p.value, found)
			switch i {
			case n:
				require.Equal(t, property{"more", "last"}, p)
			case n - 1:
				require.Equal(t, property{"1", "new"}, p, "in the place of the old one")
			default:
				require.Equal(t, property{fmt.Sprint(n - i), int64(i)}, p)
			}
		}
		_, ok := changed.get("none")
		require.False(t, ok)
	}
}

func TestMergedObjectsKeepTheFirstOnesOrder(t *testing.T) {
	a, b := value(t, `{"z":1,"a":2}`).(*jsonObject), value(t, `{"b":3,"z":4}`).(*jsonObject)
	require.Equal(t, `{"z":4,"a":2,"b":3}`, string(encode(merge(a, b))))
	require.Equal(t, `{"z":1,"a":2}`, string(encode(a)))
}

func TestObjectsAreEqualInAnyOrder(t *testing.T) {
	a, b := value(t, `{"z":1,"a":{"y":2,"x":3}}`), value(t, `{"a":{"x":3,"y":2},"z":1}`)
	require.True(t, equal(a, b))
	require.Equal(t, canonical(a), canonical(b))
	for _, other := range []string{`{"a":{"x":3,"y":2}}`, `{"a":{"x":3,"y":2},"z":2}`, `{"a":{"x":3,"y":2},"y":1}`} {
		require.False(t, equal(a, value(t, other)))
	}
}
