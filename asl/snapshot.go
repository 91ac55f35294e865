package asl

import (
	"encoding/json"
	"fmt"
)

// loadExecution reads a snapshot. It returns an error if the snapshot does not fit
// the engine's definition.
func loadExecution(e *Engine, snapshot []byte) (*execution, error) {
	x := &execution{engine: e}
	if err := json.Unmarshal(snapshot, x); err != nil {
		return nil, err
	}
	if err := checkExecutionName(x.Name); err != nil {
		return nil, err
	}
	x.arn = e.ExecutionARN(x.Name)
	switch x.Status {
	case Running:
	case Succeeded, Failed, TimedOut, Aborted:
		x.Root = nil
		return x, nil
	default:
		return nil, fmt.Errorf("%s has the unknown status %q", x.Name, x.Status)
	}
	if x.Root == nil {
		return nil, fmt.Errorf("%s is running, but is in no state", x.Name)
	}
	if !x.Expires.IsZero() {
		x.due.add(x.Expires, nil)
	}
	return x, x.link(x.Root, e.config.Machine.flow)
}

// link connects a frame that was read with the states of its flow and with the
// frames below it.
func (x *execution) link(f *frame, fl *flow) error {
	if f.State == nil {
		return fmt.Errorf("%s is in no state", x.Name)
	}
	st := fl.states[f.State.name]
	if st == nil {
		return fmt.Errorf("%s is in the state %q, which the definition does not have there", x.Name, f.State.name)
	}
	f.State = st
	if !f.fits() {
		return fmt.Errorf("%s waits for %q in the state %q, which does not fit the definition", x.Name, f.Waits, st.name)
	}
	if !f.Wake.IsZero() {
		x.due.add(f.Wake, f)
	}
	if f.Group == nil {
		return nil
	}
	f.Group.owner = f
	for i, child := range f.Group.Frames {
		if child == nil {
			continue
		}
		child.parent, child.index = f, i
		child.Vars = child.Vars.Within(f.Vars)
		if err := x.link(child, f.Group.work().flow(i)); err != nil {
			return err
		}
	}
	return nil
}

// fits reports whether the frame can wait in its state for what it waits for.
func (f *frame) fits() bool {
	if retries := len(f.Retries); retries > 0 && retries != len(f.State.retry) {
		return false
	}
	if f.Waits == forGroup {
		w, ok := f.State.work.(groupWork)
		return ok && f.Group != nil && f.Group.fits(w)
	}
	if f.Group != nil {
		return false
	}
	switch f.Waits {
	case forTask, forToken:
		w, ok := f.State.work.(*taskWork)
		return ok && f.Task != nil && (f.Waits == forTask || w.byToken)
	case forTime:
		_, ok := f.State.work.(*waitWork)
		return ok && !f.Wake.IsZero()
	case forRetry:
		return len(f.Retries) > 0 && !f.Wake.IsZero()
	}
	return false
}

// fits reports whether the group has as many children as its state has branches or
// items, and has counted right those that have started and ended.
func (g *group) fits(w groupWork) bool {
	running := 0
	for i, child := range g.Frames {
		if child == nil {
			continue
		}
		if i >= g.Started {
			return false
		}
		running++
	}
	size := w.size(g)
	return len(g.Frames) == size && len(g.Results) == size && g.Started <= size &&
		running > 0 && running == g.Started-g.Ended
}
