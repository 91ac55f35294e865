package asl

import (
	"container/heap"
	"slices"
	"time"
)

// due is a time at which a frame wakes, or at which the execution times out if
// there is no frame. It is stale if the frame has another time to wake by now.
type due struct {
	at    time.Time
	frame *frame
}

func (d due) stale() bool { return d.frame != nil && !d.frame.Wake.Equal(d.at) }

// dueHeap has the dues of an execution, the earliest one first.
type dueHeap []due

// add adds a time at which a frame wakes, or the execution times out if f is nil.
func (h *dueHeap) add(at time.Time, f *frame) {
	h.tidy()
	heap.Push(h, due{at, f})
}

// pop removes the earliest due and returns it, if its time has come.
func (h *dueHeap) pop(now time.Time) (due, bool) {
	at := h.earliest()
	if at.IsZero() || at.After(now) {
		return due{}, false
	}
	return heap.Pop(h).(due), true
}

// earliest returns the time of the earliest due, or zero if there is none.
func (h *dueHeap) earliest() time.Time {
	for len(*h) > 0 {
		if first := (*h)[0]; !first.stale() {
			return first.at
		}
		heap.Pop(h)
	}
	return time.Time{}
}

// tidy removes stale dues, which would keep ended frames in memory. It does so while
// the heap is small, and before it grows.
func (h *dueHeap) tidy() {
	const small = 4
	full := cap(*h)
	if len(*h) > small && len(*h) < full {
		return
	}
	*h = slices.DeleteFunc(*h, due.stale)
	if len(*h) > small && len(*h) > full/2 {
		*h = slices.Grow(*h, full+1)
	}
	heap.Init(h)
}

// The methods of heap.Interface.

func (h dueHeap) Len() int { return len(h) }
func (h dueHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[j].frame != nil && (h[i].frame == nil || h[i].frame.Entered < h[j].frame.Entered)
}
func (h dueHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *dueHeap) Push(x any)   { *h = append(*h, x.(due)) }
func (h *dueHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
