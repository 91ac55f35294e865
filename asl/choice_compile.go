package asl

import (
	"errors"
	"fmt"
)

// operator makes the rule of one operator. It gets the operator's value and
// the rule's compiled Variable.
type operator func(variable *path, value any) (rule, error)

// operators are all that test a Variable:
// https://states-language.net/spec.html#data-test-expression
var operators = makeOperators()

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
		orders  int // how many of orders it knows
	}{
		{"String", "a string", isString, compareStrings, len(orders)},
		{"Numeric", "a number", isNumeric, compareNumbers, len(orders)},
		{"Timestamp", "an RFC 3339 timestamp", isTimestamp, compareTimestamps, len(orders)},
		{"Boolean", "true or false", isBoolean, compareBooleans, 1},
	}
	for _, kind := range kinds {
		for _, order := range orders[:kind.orders] {
			all[kind.name+order.name] = func(variable *path, value any) (rule, error) {
				if !kind.is(value) {
					return nil, fmt.Errorf("its value must be %s, not %s", kind.wanted, encode(value))
				}
				return &compareRule{variable, value, nil, kind.compare, order.holds}, nil
			}
			all[kind.name+order.name+"Path"] = func(variable *path, value any) (rule, error) {
				other, err := pathOf(value)
				return &compareRule{variable, nil, other, kind.compare, order.holds}, err
			}
		}
	}
	return all
}

func pathOf(value any) (*path, error) {
	text, ok := value.(string)
	if !ok {
		return nil, errors.New("its value must be a path")
	}
	p, err := compilePath(text)
	if err == nil && !p.isReference() {
		err = fmt.Errorf("%q is not a reference path: it may only have names and indexes", text)
	}
	return p, err
}

var errBoolean = errors.New("its value must be true or false")

func presence(variable *path, value any) (rule, error) {
	wanted, ok := value.(bool)
	if !ok {
		return nil, errBoolean
	}
	return presentRule{variable, wanted}, nil
}

func kindTest(is func(any) bool) operator {
	return func(variable *path, value any) (rule, error) {
		wanted, ok := value.(bool)
		if !ok {
			return nil, errBoolean
		}
		return isRule{variable, is, wanted}, nil
	}
}

func stringMatches(variable *path, value any) (rule, error) {
	text, ok := value.(string)
	if !ok {
		return nil, errors.New("its value must be a string")
	}
	pattern, err := compilePattern(text)
	return matchRule{variable, pattern}, err
}

// maxRules is how deep And, Or and Not may be nested.
const maxRules = 100

// compileRule reads one rule of a Choice. It reports every problem as a
// *fieldError. Next, Assign and Comment are the caller's: they are passed over
// here, but a rule within a rule has none but a Comment.
func compileRule(raw *jsonObject) (rule, []error) {
	c := ruleCompiler{}
	r := c.rule(raw, "", 0)
	return r, c.problems
}

type ruleCompiler struct{ problems []error }

func (c *ruleCompiler) problem(place, field string, err error) {
	c.problems = append(c.problems, &fieldError{joinPlace(place, field), err})
}

func (c *ruleCompiler) rule(raw *jsonObject, place string, depth int) rule {
	if depth > maxRules {
		c.problem(place, "Not", fmt.Errorf("rules are nested more than %d deep", maxRules))
		return nil
	}
	var tests []string
	for _, p := range raw.properties {
		field := p.name
		switch _, known := operators[field]; {
		case known, field == "And", field == "Or", field == "Not":
			tests = append(tests, field)
		case field == "Comment", field == "Variable":
		case (field == "Next" || field == "Assign") && depth == 0:
		case field == "Next", field == "Assign":
			c.problem(place, field, errors.New("only the outermost rule may have it"))
		case field == "Condition":
			c.problem(place, field, errors.New("it belongs to JSONata, which is not supported; use JSONPath"))
		default:
			c.problem(place, field, errors.New("there is no such field or operator in a rule"))
		}
	}
	switch len(tests) {
	case 1:
		return c.test(raw, tests[0], place, depth)
	case 0:
		c.problem(place, "Variable", errors.New("no operator says what to test"))
	default:
		c.problem(place, tests[1], fmt.Errorf("a rule has one operator; %s is one already", tests[0]))
	}
	return nil
}

func (c *ruleCompiler) test(raw *jsonObject, name, place string, depth int) rule {
	text, has := raw.get("Variable")
	operand, _ := raw.get(name)
	if name == "And" || name == "Or" || name == "Not" {
		if has {
			c.problem(place, "Variable", fmt.Errorf("%s has no Variable of its own", name))
		}
		return c.combination(operand, name, place, depth)
	}
	variable, err := pathOf(text)
	if !has {
		err = fmt.Errorf("it is missing: %s needs a path to test", name)
	}
	if err != nil {
		c.problem(place, "Variable", err)
	}
	r, err := operators[name](variable, operand)
	if err != nil {
		c.problem(place, name, err)
	}
	return r
}

func (c *ruleCompiler) combination(value any, name, place string, depth int) rule {
	at := joinPlace(place, name)
	if name == "Not" {
		raw, ok := value.(*jsonObject)
		if !ok {
			c.problem(place, name, errors.New("its value must be a rule"))
			return nil
		}
		return notRule{c.rule(raw, at, depth+1)}
	}
	list, _ := value.([]any)
	if len(list) == 0 {
		c.problem(place, name, errors.New("its value must be a list of one rule or more"))
	}
	rules := make([]rule, len(list))
	for i, item := range list {
		raw, ok := item.(*jsonObject)
		if !ok {
			c.problem(place, fmt.Sprintf("%s[%d]", name, i), errors.New("it must be a rule"))
			continue
		}
		rules[i] = c.rule(raw, fmt.Sprintf("%s[%d]", at, i), depth+1)
	}
	if name == "And" {
		return andRule(rules)
	}
	return orRule(rules)
}
