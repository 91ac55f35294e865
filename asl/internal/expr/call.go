package expr

import (
	"cmp"
	"errors"
)

// call is a call of an intrinsic function in a field, including nested calls.
type call struct {
	text string
	root *nestedCall
}

// argument is one argument of a call: a literal, a path or a nested call. Its errors
// are a [cause].
type argument interface {
	argument(s *Scope) (any, error)
}

type literal struct{ value any }

type nestedCall struct {
	name string
	intrinsic
	args []argument
}

// Field returns the call's value. The error is States.Runtime, with the text of the whole
// call in the cause.
func (c *call) Field(s *Scope, _ string) (any, error) {
	v, err := c.root.argument(s)
	if err != nil {
		return nil, RuntimeError("The function '%s' had the following error: %s", c.text, err)
	}
	return v, nil
}

func (l literal) argument(*Scope) (any, error) { return l.value, nil }

func (c *nestedCall) argument(s *Scope) (any, error) {
	args := make([]any, len(c.args))
	for i, arg := range c.args {
		var err error
		if args[i], err = arg.argument(s); err != nil {
			return nil, err
		}
	}
	if c.has(isRandom) {
		args = append(args, cmp.Or(s.Random, Secret))
	}
	v, err := c.apply(args)
	if errors.Is(err, errArguments) {
		return nil, cause("Invalid arguments in " + c.name)
	}
	if text, ok := v.(string); ok && len(text) > maxTextBytes {
		return nil, cause("The result of " + c.name + " is too long")
	}
	return v, err
}
