package asl

import (
	"encoding/json"
	"fmt"
	"time"
)

// Resume continues a saved execution. saved is its last Change, but with all events of
// its history; an ended execution needs no events if Config.Events is set. The execution
// keeps saved.Machine. If its definition equals that of Engine.Machine, set saved.Machine
// to that first. Waits whose time has passed end at once. Tasks that were running are
// called again, because their answers are lost, and their time-outs start again.
//
// The error is ErrExecutionAlreadyExists if an execution with this name exists, ErrClosed
// if the engine is closed, a [Problems] if a task has no resource, or says what is wrong
// with saved.
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
	calls := x.runTurn(now, nil)
	for _, f := range interrupted {
		if f.Waits == forTask {
			calls = append(calls, newTaskCall(x, f))
		}
	}
	x.shown = x.present()
	calls, _ = x.settleAndUnlock(calls) // if it fails, the timer tries again
	startAll(calls)
	return x.describe(), nil
}

// load returns a saved execution. It returns an error if the execution does not fit its
// definition.
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
		return nil, fmt.Errorf("%s is running, but has no state", x.Name)
	}
	if !x.Expires.IsZero() {
		x.due.add(x.Expires, nil)
	}
	return x, link(x, x.Root, x.machine.flow)
}

// link connects a loaded frame with the states of its flow and with the frames below it.
func link(x *execution, f *frame, fl *flow) error {
	if f.State == nil {
		return fmt.Errorf("%s has a frame without a state", x.Name)
	}
	st := fl.states[f.State.name]
	if st == nil {
		return fmt.Errorf("%s is in the state %q, which does not exist at that place in the definition", x.Name, f.State.name)
	}
	f.State = st
	if !f.fits() {
		return fmt.Errorf("%s waits in the state %q for %q, which does not fit the definition", x.Name, st.name, f.Waits)
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
