package asl

import "fmt"

// intrinsic is one of the States.… functions. max is -1 where any number of
// arguments may follow.
type intrinsic struct {
	min, max int
	apply    func(args []any) (any, error)
}

// intrinsics are all that there are:
// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
var intrinsics = map[string]intrinsic{
	"States.Array":          {0, -1, array},
	"States.ArrayContains":  {2, 2, arrayContains},
	"States.ArrayGetItem":   {2, 2, arrayGetItem},
	"States.ArrayLength":    {1, 1, arrayLength},
	"States.ArrayPartition": {2, 2, arrayPartition},
	"States.ArrayRange":     {3, 3, arrayRange},
	"States.ArrayUnique":    {1, 1, arrayUnique},
	"States.Base64Decode":   {1, 1, base64Decode},
	"States.Base64Encode":   {1, 1, base64Encode},
	"States.Format":         {1, -1, format},
	"States.Hash":           {2, 2, hash},
	"States.JsonMerge":      {3, 3, jsonMerge},
	"States.JsonToString":   {1, 1, jsonToString},
	"States.MathAdd":        {2, 2, mathAdd},
	"States.MathRandom":     {2, 3, mathRandom},
	"States.StringSplit":    {2, 2, stringSplit},
	"States.StringToJson":   {1, 1, stringToJSON},
	"States.UUID":           {0, 0, uuid},
}

// errArguments is what a function answers to arguments of a wrong kind or
// size; AWS says no more than that.
const errArguments = cause("Invalid arguments")

// maxText bounds the text that one function makes, well above what a state
// may hand on.
const maxText = 1 << 20

// call is a compiled call of an intrinsic function as it stands in a field.
type call struct {
	text string
	root argument
}

// argument is one argument of a call: a literal, a path or a nested call. Its
// error is the part of a cause that is its own.
type argument interface {
	value(s *scope) (any, error)
}

type literal struct{ v any }

type nestedCall struct {
	name string
	intrinsic
	args []argument
}

// get gives the call's value. All that goes wrong in it is States.Runtime,
// whose cause shows the whole field's text.
func (c *call) get(s *scope) (any, error) {
	v, err := c.root.value(s)
	if err != nil {
		return nil, &runtimeError{runtimeName,
			fmt.Sprintf("The function '%s' had the following error: %s", c.text, err)}
	}
	return v, nil
}

func (c *call) field(s *scope, _ string) (any, error) { return c.get(s) }

func (c *call) String() string { return c.text }

func (l literal) value(*scope) (any, error) { return l.v, nil }

// value gives what the path finds, as an argument. Other than in a field of
// its own, an index past the end of its array is a miss, and the cause shows
// the state's input whatever was searched.
func (p *path) value(s *scope) (any, error) {
	if v, found := p.lookup(s); found {
		return v, nil
	}
	if root, ok := p.document(s); ok {
		if v, failed := p.walk(root); failed < len(p.steps) && p.steps[failed].isIndex {
			if _, isArray := v.([]any); !isArray {
				return nil, cause(p.describe(v, failed))
			}
		}
	}
	return nil, cause(fmt.Sprintf(
		"The JsonPath argument for the field '%s' could not be found in the input '%s'",
		p.inDocument(), encode(s.input)))
}

func (c *nestedCall) value(s *scope) (any, error) {
	args := make([]any, len(c.args))
	for i, arg := range c.args {
		var err error
		if args[i], err = arg.value(s); err != nil {
			return nil, err
		}
	}
	v, err := c.apply(args)
	if err == errArguments {
		return nil, cause("Invalid arguments in " + c.name)
	}
	if text, ok := v.(string); ok && len(text) > maxText {
		return nil, cause("The result of " + c.name + " is too long")
	}
	return v, err
}
