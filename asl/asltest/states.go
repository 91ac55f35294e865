package asltest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pizzasaga/asl"
	"pizzasaga/asl/internal/expr"
)

// states are the types of a definition's states, by their names.
type states map[string]string

func statesOf(definition *asl.Machine) states {
	s := states{}
	for _, p := range definition.Parts() {
		if p.Kind == asl.StatePart {
			s[p.State] = p.Type
		}
	}
	return s
}

// check returns an error if there is no state of this name.
func (s states) check(name string) error {
	if _, ok := s[name]; ok {
		return nil
	}
	names := slices.Sorted(maps.Keys(s))
	hint := expr.DidYouMean(name, names)
	if hint == "" {
		hint = "; it has " + strings.Join(names, ", ")
	}
	return fmt.Errorf("the definition has no state %q%s", name, hint)
}

// checkTask returns an error if there is no Task state of this name.
func (s states) checkTask(name string) error {
	if err := s.check(name); err != nil {
		return err
	}
	if s[name] != "Task" {
		return fmt.Errorf("%s is a %s state; only Task states are called", name, s[name])
	}
	return nil
}

// checkMocks returns what is wrong with the names of mocks.
func (s states) checkMocks(mocks Mocks) error {
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(mocks)) {
		err := s.checkTask(name)
		if err == nil && mocks[name] == nil {
			err = fmt.Errorf("the mock of the state %s is nil", name)
		}
		if m, ok := mocks[name].(fileMock); ok && err != nil {
			err = fmt.Errorf("%s: %w", m.place, err)
		}
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}
