package asl

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"time"
)

// Snapshot is an execution, history and all, as JSON from which Restore
// carries on.
func (e *Engine) Snapshot(executionARN string) ([]byte, error) {
	x, err := e.find(executionARN)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	text, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("save %s: %w", executionARN, err)
	}
	return text, nil
}

// Restore takes up an execution that Snapshot saved, under its name, which
// must be free here (ErrExecutionAlreadyExists). The engine must have been made
// with the same definition. A time that passed meanwhile has come at once;
// a task that was running then is called again, as its answer is lost.
func (e *Engine) Restore(snapshot []byte) (Execution, error) {
	x, err := e.load(snapshot)
	if err != nil {
		return Execution{}, fmt.Errorf("restore: %w", err)
	}
	x.mu.Lock()
	other, err := e.add(x)
	if other != nil {
		err = ErrExecutionAlreadyExists
	}
	if err != nil {
		x.mu.Unlock()
		return Execution{}, fmt.Errorf("restore %s: %w", x.Name, err)
	}
	interrupted := x.running()
	errands := x.take(time.Now(), nil)
	for _, f := range interrupted {
		if f.Waits == forTask {
			errands = append(errands, newErrand(x, f))
		}
	}
	described := x.described()
	x.release(errands)
	return described, nil
}

// load reads a snapshot, and finds what it only names.
func (e *Engine) load(snapshot []byte) (*execution, error) {
	x := &execution{engine: e}
	if err := json.Unmarshal(snapshot, x); err != nil {
		return nil, err
	}
	if err := checkExecutionName(x.Name); err != nil {
		return nil, err
	}
	x.arn = e.executionARN(x.Name)
	if x.Status != Running {
		return x, nil
	}
	if x.Root == nil {
		return nil, fmt.Errorf("%s is running, but stands in no state", x.Name)
	}
	if !x.Expires.IsZero() {
		heap.Push(&x.due, due{x.Expires, nil})
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
		heap.Push(&x.due, due{f.Wake, f})
	}
	if f.Group == nil {
		return nil
	}
	for i, child := range f.Group.Frames {
		if child == nil {
			continue
		}
		child.parent, child.index = f, i
		if child.Vars == nil {
			child.Vars = &variables{}
		}
		child.Vars.outer = f.Vars
		if err := x.link(child); err != nil {
			return err
		}
	}
	return nil
}

// running are the frames whose tasks are being called.
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

// A state is saved as its name.
func (st *state) MarshalText() ([]byte, error) { return []byte(st.name), nil }

// UnmarshalText gives a state that is no more than its name.
func (st *state) UnmarshalText(name []byte) error { st.name = string(name); return nil }

// Variables are saved without those around them.
func (v *variables) MarshalJSON() ([]byte, error) {
	saved := make(map[string]Value, len(v.values))
	for name, value := range v.values {
		saved[name] = Value{value}
	}
	return json.Marshal(saved)
}

func (v *variables) UnmarshalJSON(text []byte) error {
	var saved map[string]Value
	err := json.Unmarshal(text, &saved)
	v.values = make(map[string]any, len(saved))
	for name, value := range saved {
		v.values[name] = value.tree
	}
	return err
}

func (l list) MarshalJSON() ([]byte, error) { return encode([]any(l)), nil }

func (l *list) UnmarshalJSON(text []byte) error {
	items, err := decode(text)
	*l, _ = items.([]any)
	return err
}
