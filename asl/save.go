package asl

import (
	"encoding/json"
	"fmt"
	"time"
)

// Change is what turns have changed in an execution.
type Change struct {
	Name    string   // of the execution
	Machine *Machine // with which the execution began
	Status  Status

	// State is the execution without its history, as JSON. It takes the place of the
	// one before. It has the inputs, variables and results that are still needed, so
	// that a turn costs more while a Map of many items is open.
	State []byte

	// Events are those that the history has gained.
	Events []Event
}

// saveAgain is how long an execution that could not be saved waits until it tries
// again.
const saveAgain = time.Second

// save saves what has changed since the last time, and shows the new events to the
// observer.
func (x *execution) save() error {
	config := &x.engine.config
	if config.Save != nil && x.unsaved {
		state, err := json.Marshal(x)
		if err == nil {
			err = config.Save(Change{x.Name, x.machine, x.Status, state, x.Events.since(x.recorded)})
		}
		if err != nil {
			return fmt.Errorf("save %s: %w: %w", x.Name, ErrUnsaved, err)
		}
	}
	x.unsaved, x.shown = false, x.present()
	for ; x.recorded < len(x.Events); x.recorded++ {
		if config.Observe != nil {
			config.Observe(x.arn, x.Events.event(x.recorded))
		}
	}
	return nil
}
