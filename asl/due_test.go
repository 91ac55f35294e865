package asl

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// wake sets the time at which a frame wakes, as a turn does.
func wake(h *dueHeap, f *frame, at time.Time) {
	f.Wake = at
	h.add(at, f)
}

func TestWhatIsDueComesInOrder(t *testing.T) {
	soon, late := time.UnixMilli(1), time.UnixMilli(2)
	var h dueHeap
	wake(&h, &frame{Entered: 1}, late)
	h.add(soon, nil)
	for _, id := range []int64{9, 4, 6, 2} {
		wake(&h, &frame{Entered: id}, soon)
	}

	_, ok := h.pop(soon.Add(-1))
	require.False(t, ok, "nothing is due yet")
	first, ok := h.pop(soon)
	require.True(t, ok)
	require.Nil(t, first.frame, "the execution itself")
	var entered []int64
	for next, ok := h.pop(soon); ok; next, ok = h.pop(soon) {
		entered = append(entered, next.frame.Entered)
	}
	require.Equal(t, []int64{2, 4, 6, 9}, entered)

	require.Equal(t, late, h.earliest())
	_, ok = h.pop(late)
	require.True(t, ok)
	require.Zero(t, h.earliest(), "nothing is due any more")
}

func TestAFrameIsDueAtItsLatestWakeOnly(t *testing.T) {
	var h dueHeap
	f := &frame{}
	wake(&h, f, time.UnixMilli(1))
	wake(&h, f, time.UnixMilli(3))
	require.Equal(t, time.UnixMilli(3), h.earliest())
	_, ok := h.pop(time.UnixMilli(2))
	require.False(t, ok)

	f.Wake = time.Time{}
	require.Zero(t, h.earliest(), "it waits for no time any more")
}

func TestStaleTimesDoNotPileUp(t *testing.T) {
	var h dueHeap
	frames := make([]frame, 10)
	for beat := range 1000 {
		wake(&h, &frames[beat%len(frames)], time.UnixMilli(int64(beat)))
	}
	require.Less(t, len(h), 5*len(frames))
}
