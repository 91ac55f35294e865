package asl

import (
	"cmp"
	"slices"
	"time"
)

// due is a time at which a frame wakes or, if frame is nil, at which the execution times
// out.
type due struct {
	at    time.Time
	frame *frame
}

func (d due) entered() int64 {
	if d.frame == nil {
		return 0
	}
	return d.frame.Entered
}

// latestFirst orders dues so that the next one is at the end. Of those with equal times,
// the execution's time-out is next, then the frames in the order in which they entered
// their states.
func latestFirst(a, b due) int {
	return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.entered(), a.entered()))
}

// dues are the dues of an execution, sorted by latestFirst. Each frame has at most one.
type dues []due

// add adds a time at which f wakes or, if f is nil, at which the execution times out.
func (list *dues) add(at time.Time, f *frame) {
	added := due{at, f}
	i, _ := slices.BinarySearchFunc(*list, added, latestFirst)
	*list = slices.Insert(*list, i, added)
}

// remove removes the due of a frame.
func (list *dues) remove(f *frame) {
	*list = slices.DeleteFunc(*list, func(d due) bool { return d.frame == f })
}

// pop removes and returns the next due if its time has come.
func (list *dues) pop(now time.Time) (due, bool) {
	last := len(*list) - 1
	if last < 0 || (*list)[last].at.After(now) {
		return due{}, false
	}
	first := (*list)[last]
	*list = slices.Delete(*list, last, last+1)
	return first, true
}

// earliest returns the time of the earliest due, or zero if there is none.
func (list dues) earliest() time.Time {
	if len(list) == 0 {
		return time.Time{}
	}
	return list[len(list)-1].at
}

// wake sets the time at which f wakes. It replaces an earlier setting. If at is zero, f does
// not wake.
func (x *execution) wake(f *frame, at time.Time) {
	if !f.Wake.IsZero() {
		x.due.remove(f)
	}
	if f.Wake = at; !at.IsZero() {
		x.due.add(at, f)
	}
}
