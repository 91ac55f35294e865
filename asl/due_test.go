package asl

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDuesArePoppedInOrder(t *testing.T) {
	soon, late := time.UnixMilli(1), time.UnixMilli(2)
	var x execution
	x.wake(&frame{Entered: 1}, late)
	x.due.add(soon, nil)
	for _, id := range []int64{9, 4, 6, 2} {
		x.wake(&frame{Entered: id}, soon)
	}

	_, ok := x.due.pop(soon.Add(-1))
	require.False(t, ok, "nothing is due yet")
	first, ok := x.due.pop(soon)
	require.True(t, ok)
	require.Nil(t, first.frame, "the execution itself")
	var entered []int64
	for next, ok := x.due.pop(soon); ok; next, ok = x.due.pop(soon) {
		entered = append(entered, next.frame.Entered)
	}
	require.Equal(t, []int64{2, 4, 6, 9}, entered)

	require.Equal(t, late, x.due.earliest())
	_, ok = x.due.pop(late)
	require.True(t, ok)
	require.Zero(t, x.due.earliest(), "nothing is due any more")
}

func TestAFrameHasOnlyItsLatestDue(t *testing.T) {
	var x execution
	f := &frame{}
	x.wake(f, time.UnixMilli(1))
	x.wake(f, time.UnixMilli(3))
	require.Equal(t, time.UnixMilli(3), x.due.earliest())
	require.Len(t, x.due, 1)

	x.wake(f, time.Time{})
	require.Empty(t, x.due, "it no longer waits for a time")
}
