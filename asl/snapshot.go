package asl

import (
	"encoding/json"
	"fmt"
)

// loadExecution reads a snapshot and finds what the snapshot only names.
func loadExecution(e *Engine, snapshot []byte) (*execution, error) {
	x := &execution{engine: e}
	if err := json.Unmarshal(snapshot, x); err != nil {
		return nil, err
	}
	if err := checkExecutionName(x.Name); err != nil {
		return nil, err
	}
	x.arn = e.ExecutionARN(x.Name)
	if x.Status != Running {
		return x, nil
	}
	if x.Root == nil {
		return nil, fmt.Errorf("%s is running, but stands in no state", x.Name)
	}
	if !x.Expires.IsZero() {
		x.due.add(x.Expires, nil)
	}
	return x, x.link(x.Root)
}

// link joins a frame that was read to the machine's states and to the frames
// below it.
func (x *execution) link(f *frame) error {
	if f.State == nil {
		return fmt.Errorf("%s stands in no state", x.Name)
	}
	st := x.engine.config.Machine.states[f.State.name]
	if st == nil {
		return fmt.Errorf("%s stands in the state %q, which the definition does not have", x.Name, f.State.name)
	}
	f.State = st
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
		if err := x.link(child); err != nil {
			return err
		}
	}
	return nil
}

// running returns the frames whose tasks are being called.
func (x *execution) running() []*frame {
	var frames []*frame
	if x.Root != nil {
		x.Root.walk(func(f *frame) {
			if f.Waits == forTask {
				frames = append(frames, f)
			}
		})
	}
	return frames
}

// MarshalText saves a state as its name.
func (st *state) MarshalText() ([]byte, error) { return []byte(st.name), nil }

// UnmarshalText makes a state that is no more than its name.
func (st *state) UnmarshalText(name []byte) error { st.name = string(name); return nil }
