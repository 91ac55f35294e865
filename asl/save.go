package asl

import (
	"encoding/json"
	"fmt"
	"time"
)

// Change has the changes of an execution since it was last saved.
type Change struct {
	Name    string   // of the execution
	Machine *Machine // the one that the execution was started with
	Status  Status

	// State is the execution without its history, as JSON. It replaces the previous one. It
	// has the inputs, variables and results that are still needed, so a turn costs more
	// while a Map of many items is running.
	State []byte

	Events []Event // new events of the history
}

// saveAgain is how long an execution that could not be saved waits before it tries again.
const saveAgain = time.Second

// save saves what has changed since the last time and passes the new events to Observe.
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
