package bolt

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"pizzasaga/asl"
)

// execution is an execution without its history.
type execution struct {
	Definition string // its hash
	Status     asl.Status
	State      json.RawMessage
	Ended      []byte // its key in the bucket "ended"; nil while it is running
}

// Save stores a change of an execution. It is for [asl.Config].
func (s *Store) Save(c asl.Change) error {
	definition := c.Machine.Definition()
	hash := sha256.Sum256([]byte(definition))
	return s.update(func(t *tx) error {
		x := execution{Definition: hex.EncodeToString(hash[:]), Status: c.Status, State: c.State}
		if t.Bucket(definitions).Get([]byte(x.Definition)) == nil {
			t.put(definitions, []byte(x.Definition), definition)
		}
		if len(c.Events) > 0 {
			t.put(events, numbered(c.Name, uint64(c.Events[0].ID)), c.Events)
		}
		if c.Status != asl.Running {
			x.Ended = t.last(ended, "")
			t.put(ended, x.Ended, c.Name)
		}
		t.put(executions, []byte(c.Name), x)
		return nil
	})
}

// Forget removes an ended execution, its history, its order and the order's entries in
// the books. A repeated submission still returns the order, without its timeline. It
// returns nil for an execution or an order that does not exist.
func (s *Store) Forget(name string) error {
	return s.update(func(t *tx) error {
		var x execution
		if _, err := t.get(executions, []byte(name), &x); err != nil {
			return err
		}
		if err := t.forgetOrder(name); err != nil {
			return err
		}
		if x.Ended != nil {
			t.delete(ended, x.Ended)
		}
		t.delete(executions, []byte(name))
		return errors.Join(t.deleteAll(events, under(name)), t.deleteAll(books, under(name)))
	})
}

// Executions returns the names of all executions: first those that have ended, in the
// order in which they ended, then those that are running.
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

// Execution returns the last saved change of an execution, for [asl.Engine.Resume]. If
// the execution has ended, its events are left out.
func (s *Store) Execution(name string) (saved asl.Change, err error) {
	err = s.view(func(t *tx) error {
		var x execution
		if found, err := t.get(executions, []byte(name), &x); err != nil || !found {
			return cmp.Or(err, fmt.Errorf("there is no execution %s", name))
		}
		machine, err := s.machine(t, x.Definition)
		saved = asl.Change{Name: name, Machine: machine, Status: x.Status, State: x.State}
		return err
	})
	if err == nil && saved.Status == asl.Running {
		saved.Events, err = s.Events(name)
	}
	return saved, err
}

// machine returns the machine of a definition. It loads each definition once.
func (s *Store) machine(t *tx, hash string) (*asl.Machine, error) {
	if known, ok := s.machines.Load(hash); ok {
		return known.(*asl.Machine), nil
	}
	var text string
	if _, err := t.get(definitions, []byte(hash), &text); err != nil {
		return nil, err
	}
	loaded, err := asl.Load([]byte(text), nil)
	if err == nil {
		s.machines.Store(hash, loaded)
	}
	return loaded, err
}

// Events returns the history of an execution. It is for [asl.Config].
func (s *Store) Events(name string) (history []asl.Event, err error) {
	err = s.view(func(t *tx) error {
		return t.each(events, under(name), func(key, value []byte) error {
			var more []asl.Event
			if err := json.Unmarshal(value, &more); err != nil {
				return err
			}
			if first := binary.BigEndian.Uint64(key[len(name)+1:]); first != uint64(len(history)+1) {
				return fmt.Errorf("%w: the events before %d of execution %s are missing", errDamaged, first, name)
			}
			history = append(history, more...)
			return nil
		})
	})
	return history, err
}
