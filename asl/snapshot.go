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
	return x, link(x, x.Root, e.config.Machine.flow)
}

// link connects a frame that was read with the states of its flow and with the
// frames below it.
func link(x *execution, f *frame, fl *flow) error {
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
		if err := link(x, child, f.Group.work().flow(i)); err != nil {
			return err
		}
	}
	return nil
}
