package asl

import (
	"encoding/json"
	"fmt"
	"time"
)

// Resume continues an execution that was saved. The change is its last one, but with
// all events of its history, which one that has ended need not have where
// Config.Events is set. The execution keeps its machine; if the engine's own one
// is equal, that should be given. If there is an execution of this name, the error is
// ErrExecutionAlreadyExists. Waits whose time has passed end at once. Tasks that were
// running are called again, since their answers are lost, and have all of their time
// again.
func (e *Engine) Resume(saved Change) (Execution, error) {
	x, err := e.load(saved)
	if err != nil {
		return Execution{}, fmt.Errorf("resume %s: %w", saved.Name, err)
	}
	x.mu.Lock()
	other, err := e.executions.add(x)
	if other != nil {
		err = ErrExecutionAlreadyExists
	}
	if err != nil {
		x.mu.Unlock()
		return Execution{}, fmt.Errorf("resume %s: %w", x.Name, err)
	}
	now, interrupted := time.Now(), x.running()
	for _, f := range interrupted {
		f.Task.begin(now)
		x.wake(f, f.Task.wake())
	}
	calls := x.take(now, nil)
	for _, f := range interrupted {
		if f.Waits == forTask {
			calls = append(calls, newTaskCall(x, f))
		}
	}
	x.shown = x.present()
	calls, _ = x.settle(calls) // what cannot be saved is tried again
	startAll(calls)
	return x.describe(), nil
}

// load returns an execution that was saved. It returns an error if that does not fit
// its definition.
func (e *Engine) load(saved Change) (*execution, error) {
	x := &execution{engine: e, machine: saved.Machine, recorded: len(saved.Events)}
	if err := json.Unmarshal(saved.State, x); err != nil {
		return nil, err
	}
	if err := checkExecutionName(x.Name); err != nil {
		return nil, err
	}
	if err := e.config.checkResources(x.machine); err != nil {
		return nil, err
	}
	var err error
	if x.Events, err = historyOf(saved.Events); err != nil {
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
	return x, link(x, x.Root, x.machine.flow)
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
