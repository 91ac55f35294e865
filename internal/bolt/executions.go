package bolt

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"pizzasaga/asl"
)

// execution is an execution without its history.
type execution struct {
	Definition string // its hash
	Status     asl.Status
	State      json.RawMessage
	Saved      time.Time
}

// Save stores a change of an execution. It is for [asl.Config].
func (s *Store) Save(c asl.Change) error {
	x := execution{s.hash(c.Machine), c.Status, c.State, time.Now()}
	return s.update(func(t *tx) error {
		if t.Bucket(definitions).Get([]byte(x.Definition)) == nil {
			t.put(definitions, []byte(x.Definition), c.Machine.Definition())
		}
		t.put(executions, []byte(c.Name), x)
		if len(c.Events) > 0 {
			t.put(events, numbered(c.Name, uint64(c.Events[0].ID)), c.Events)
		}
		return nil
	})
}

// hash returns the hash of a machine's definition. It computes each hash once.
func (s *Store) hash(m *asl.Machine) string {
	if known, ok := s.hashes.Load(m); ok {
		return known.(string)
	}
	sum := sha256.Sum256([]byte(m.Definition()))
	hash := hex.EncodeToString(sum[:])
	s.hashes.Store(m, hash)
	return hash
}

// Forget removes ended executions, their histories, their orders and the orders' entries
// in the books. A repeated submission still returns the order, without its timeline. A
// name that does not exist is ignored.
func (s *Store) Forget(names ...string) error {
	return s.update(func(t *tx) error {
		for _, name := range names {
			err := errors.Join(t.forgetOrder(name), t.deleteAll(events, under(name)), t.deleteAll(books, under(name)))
			if err != nil {
				return err
			}
			t.delete(executions, []byte(name))
		}
		return nil
	})
}

// Executions returns all executions as they were saved last, for [asl.Engine.Resume]:
// first those that have ended, in the order in which they ended and without their events,
// then those that are running.
func (s *Store) Executions() ([]asl.Change, error) {
	var ended, running []asl.Change
	at := map[string]time.Time{}
	err := s.view(func(t *tx) error {
		return t.each(executions, nil, func(name, value []byte) error {
			var x execution
			if err := json.Unmarshal(value, &x); err != nil {
				return err
			}
			machine, err := s.machine(t, x.Definition)
			if err != nil {
				return err
			}
			c := asl.Change{Name: string(name), Machine: machine, Status: x.Status, State: x.State}
			if c.Status != asl.Running {
				at[c.Name] = x.Saved
				ended = append(ended, c)
				return nil
			}
			c.Events, err = t.events(c.Name)
			running = append(running, c)
			return err
		})
	})
	slices.SortFunc(ended, func(a, b asl.Change) int { return at[a.Name].Compare(at[b.Name]) })
	return append(ended, running...), err
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
		history, err = t.events(name)
		return err
	})
	return history, err
}

func (t *tx) events(name string) (history []asl.Event, err error) {
	err = t.each(events, under(name), func(key, value []byte) error {
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
	return history, err
}
