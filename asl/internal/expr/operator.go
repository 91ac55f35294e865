package expr

import (
	"errors"
	"fmt"

	"pizzasaga/asl/internal/jsonvalue"
)

// operator makes a rule that tests the rule's Variable with the operator's value.
type operator func(variable *Path, value any) (Rule, error)

// operators are all operators that test a Variable:
// https://states-language.net/spec.html#data-test-expression
var operators = makeOperators()

// orders are the comparisons, by the suffixes of the operators' names.
var orders = []struct {
	name  string
	holds func(order int) bool
}{
	{"Equals", func(o int) bool { return o == 0 }},
	{"LessThan", func(o int) bool { return o < 0 }},
	{"LessThanEquals", func(o int) bool { return o <= 0 }},
	{"GreaterThan", func(o int) bool { return o > 0 }},
	{"GreaterThanEquals", func(o int) bool { return o >= 0 }},
}

func makeOperators() map[string]operator {
	all := map[string]operator{
		"IsPresent":     presence,
		"IsNull":        kindTest(isNull),
		"IsString":      kindTest(isString),
		"IsNumeric":     kindTest(isNumeric),
		"IsBoolean":     kindTest(isBoolean),
		"IsTimestamp":   kindTest(isTimestamp),
		"StringMatches": stringMatches,
	}
	kinds := []struct {
		name    string
		wanted  string
		is      func(any) bool
		compare comparison
		orders  int // how many of the orders it has
	}{
		{"String", "a string", isString, compareStrings, len(orders)},
		{"Numeric", "a number", isNumeric, jsonvalue.CompareNumbers, len(orders)},
		{"Timestamp", "an RFC 3339 timestamp", isTimestamp, compareTimestamps, len(orders)},
		{"Boolean", "true or false", isBoolean, compareBooleans, 1},
	}
	for _, kind := range kinds {
		for _, order := range orders[:kind.orders] {
			all[kind.name+order.name] = func(variable *Path, value any) (Rule, error) {
				if !kind.is(value) {
					return nil, fmt.Errorf("must be %s, not %s", kind.wanted, jsonvalue.Encode(value))
				}
				return &compareRule{variable, value, nil, kind.compare, order.holds}, nil
			}
			all[kind.name+order.name+"Path"] = func(variable *Path, value any) (Rule, error) {
				other, err := pathOf(value)
				return &compareRule{variable, nil, other, kind.compare, order.holds}, err
			}
		}
	}
	return all
}

func pathOf(value any) (*Path, error) {
	text, ok := value.(string)
	if !ok {
		return nil, errors.New("must be a path")
	}
	return CompileReference(text)
}

var errNotBoolean = errors.New("must be true or false")

func presence(variable *Path, value any) (Rule, error) {
	wanted, ok := value.(bool)
	if !ok {
		return nil, errNotBoolean
	}
	return presentRule{variable, wanted}, nil
}

func kindTest(is func(any) bool) operator {
	return func(variable *Path, value any) (Rule, error) {
		wanted, ok := value.(bool)
		if !ok {
			return nil, errNotBoolean
		}
		return isRule{variable, is, wanted}, nil
	}
}

func stringMatches(variable *Path, value any) (Rule, error) {
	text, ok := value.(string)
	if !ok {
		return nil, errors.New("must be a string")
	}
	pattern, err := compilePattern(text)
	return matchRule{variable, pattern}, err
}
