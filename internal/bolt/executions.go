package bolt

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"pizzasaga/asl"
)

// execution is an execution without its history.
type execution struct {
	Definition string // its hash
	Status     asl.Status
	State      json.RawMessage
}

// Save stores what has changed in an execution, for [asl.Config].
func (s *Store) Save(c asl.Change) error {
	definition := c.Machine.Definition()
	hash := sha256.Sum256([]byte(definition))
	x := execution{hex.EncodeToString(hash[:]), c.Status, c.State}
	return s.update(func(t *tx) error {
		if t.Bucket(definitions).Get([]byte(x.Definition)) == nil {
			t.put(definitions, []byte(x.Definition), definition)
		}
		t.put(executions, []byte(c.Name), x)
		if len(c.Events) > 0 {
			t.put(events, numbered(c.Name, uint64(c.Events[0].ID)), c.Events)
		}
		if c.Status == asl.Running {
			return nil
		}
		t.put(ended, t.last(ended, ""), c.Name)
		return nil
	})
}

// Executions returns the names of all executions: first of those that have ended, in
// the order in which they did, then of those that run.
func (s *Store) Executions() (names []string, err error) {
	err = s.view(func(t *tx) error {
		err := t.each(ended, nil, func(_, value []byte) error {
			var name string
			err := json.Unmarshal(value, &name)
			names = append(names, name)
			return err
		})
		if err != nil {
			return err
		}
		return t.each(executions, nil, func(name, value []byte) error {
			var x struct{ Status asl.Status }
			err := json.Unmarshal(value, &x)
			if x.Status == asl.Running {
				names = append(names, string(name))
			}
			return err
		})
	})
	return names, err
}

// Execution returns an execution as it was saved last, for [asl.Engine.Resume]. One that
// has ended comes without its events.
func (s *Store) Execution(name string) (saved asl.Change, err error) {
	var x execution
	var definition string
	err = s.view(func(t *tx) error {
		if found, err := t.get(executions, []byte(name), &x); err != nil || !found {
			return cmp.Or(err, fmt.Errorf("there is no execution %s", name))
		}
		_, err := t.get(definitions, []byte(x.Definition), &definition)
		return err
	})
	saved = asl.Change{Name: name, Status: x.Status, State: x.State}
	if err == nil {
		saved.Machine, err = s.machine(definition)
	}
	if err == nil && x.Status == asl.Running {
		saved.Events, err = s.Events(name)
	}
	return saved, err
}

// machine returns the machine of a definition. It loads each once.
func (s *Store) machine(definition string) (*asl.Machine, error) {
	if known, ok := s.machines.Load(definition); ok {
		return known.(*asl.Machine), nil
	}
	loaded, err := asl.Load([]byte(definition), nil)
	if err == nil {
		s.machines.Store(definition, loaded)
	}
	return loaded, err
}

// Events returns the history of an execution, for [asl.Config].
func (s *Store) Events(name string) (history []asl.Event, err error) {
	err = s.view(func(t *tx) error {
		return t.each(events, append([]byte(name), 0), func(key, value []byte) error {
			var more []asl.Event
			if err := json.Unmarshal(value, &more); err != nil {
				return err
			}
			if first := binary.BigEndian.Uint64(key[len(name)+1:]); first != uint64(len(history)+1) {
				return fmt.Errorf("%w: execution %s lacks events before %d", errDamaged, name, first)
			}
			history = append(history, more...)
			return nil
		})
	})
	return history, err
}
