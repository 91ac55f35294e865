package asl

import (
	"cmp"
	"slices"
	"time"
)

// due is a time at which a frame wakes, or at which the execution times out if
// there is no frame.
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

// latestFirst compares dues. Of the same time, the execution's own comes last and that of the
// frame which entered its state first comes before it, because they are taken from the end.
func latestFirst(a, b due) int {
	return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.entered(), a.entered()))
}

// dues are the dues of an execution, the latest one first. A frame has one at most.
type dues []due

// add adds a time at which a frame wakes, or the execution times out if f is nil.
func (list *dues) add(at time.Time, f *frame) {
	added := due{at, f}
	i, _ := slices.BinarySearchFunc(*list, added, latestFirst)
	*list = slices.Insert(*list, i, added)
}

// remove removes the time at which a frame wakes.
func (list *dues) remove(f *frame) {
	*list = slices.DeleteFunc(*list, func(d due) bool { return d.frame == f })
}

// pop removes the earliest due and returns it, if its time has come.
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

// wake lets f wake at a time, or never if that is zero, instead of when it was to wake
// before.
func (x *execution) wake(f *frame, at time.Time) {
	if !f.Wake.IsZero() {
		x.due.remove(f)
	}
	if f.Wake = at; !at.IsZero() {
		x.due.add(at, f)
	}
}
