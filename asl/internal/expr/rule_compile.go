package expr

import (
	"fmt"
	"maps"
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// maxRuleDepth is how deeply And, Or and Not can be nested.
const maxRuleDepth = 100

// CompileRule compiles the rule of a Choice at a place in the definition, except for its
// Next and Assign.
func CompileRule(n *jsonvalue.Node, place jsonvalue.Place) (Rule, []Fault) {
	var c ruleCompiler
	r := c.rule(n, place, 0)
	return r, c.faults
}

// ruleCompiler collects the faults of a rule and of its nested rules.
type ruleCompiler struct{ faults []Fault }

func (c *ruleCompiler) report(offset int, place jsonvalue.Place, format string, args ...any) {
	c.faults = append(c.faults, Fault{offset, place, fmt.Errorf(format, args...)})
}

// combinations combine other rules. They have no Variable.
var combinations = []string{"And", "Or", "Not"}

// ruleFields are the names of the fields of a rule. Only the outermost rule has a Next
// or an Assign.
var ruleFields = slices.Concat([]string{"Next", "Assign", "Variable", "Comment"}, combinations, slices.Sorted(maps.Keys(operators)))

func (c *ruleCompiler) rule(n *jsonvalue.Node, place jsonvalue.Place, depth int) Rule {
	if !n.IsObject() {
		c.report(n.Begin, place, "must be an object with a rule")
		return nil
	}
	if depth > maxRuleDepth {
		c.report(n.Begin, place, "rules are nested more than %d deep", maxRuleDepth)
		return nil
	}
	tests, ok := c.tests(n, place, depth)
	switch {
	case len(tests) == 1:
		return c.test(n, tests[0], place, depth, ok)
	case len(tests) > 1:
		c.report(tests[1].Node.Begin, place.Field(tests[1].Name), "cannot be used with %s: a rule has one operator", tests[0].Name)
	case ok: // otherwise the operator is probably misspelt
		c.report(n.Begin, place, "needs an operator, such as StringEquals")
	}
	return nil
}

// tests returns the operators and combinations of a rule, and whether all of its fields
// are known.
func (c *ruleCompiler) tests(n *jsonvalue.Node, place jsonvalue.Place, depth int) (tests []jsonvalue.Member, ok bool) {
	ok = true
	for _, m := range n.Members {
		switch _, isOperator := operators[m.Name]; {
		case isOperator, slices.Contains(combinations, m.Name):
			tests = append(tests, m)
		case m.Name == "Comment", m.Name == "Variable":
		case m.Name == "Next" || m.Name == "Assign":
			if depth > 0 {
				c.report(m.Begin, place.Field(m.Name), "is allowed in the outermost rule only")
			}
		case m.Name == "Condition":
			c.report(m.Begin, place.Field(m.Name), "is not a field of a rule in JSONPath (JSONata is not supported)")
			ok = false
		default:
			c.report(m.Begin, place.Field(m.Name), "is not a field of a rule%s", DidYouMean(m.Name, ruleFields))
			ok = false
		}
	}
	return tests, ok
}

// test compiles the only test of a rule. known says whether all fields of the rule are known;
// if not, one of them may be a misspelt Variable.
func (c *ruleCompiler) test(n *jsonvalue.Node, test jsonvalue.Member, place jsonvalue.Place, depth int, known bool) Rule {
	variable := n.Member("Variable")
	if slices.Contains(combinations, test.Name) {
		if variable != nil {
			c.report(variable.Begin, place.Field("Variable"), "cannot be used with %s", test.Name)
		}
		return c.combination(test, place.Field(test.Name), depth)
	}
	if variable == nil {
		if known {
			c.report(n.Begin, place, "needs the field Variable, the path to the value that %s tests", test.Name)
		}
		return nil
	}
	path, err := pathOf(variable.Value)
	if err != nil {
		c.faults = append(c.faults, Fault{variable.Begin, place.Field("Variable"), err})
	}
	r, err := operators[test.Name](path, test.Value)
	if err != nil {
		c.faults = append(c.faults, Fault{test.Node.Begin, place.Field(test.Name), err})
	}
	return r
}

func (c *ruleCompiler) combination(test jsonvalue.Member, place jsonvalue.Place, depth int) Rule {
	if test.Name == "Not" {
		return notRule{c.rule(test.Node, place, depth+1)}
	}
	if len(test.Items) == 0 {
		c.report(test.Node.Begin, place, "must be an array with at least one rule")
	}
	rules := make([]Rule, len(test.Items))
	for i, item := range test.Items {
		rules[i] = c.rule(item, place.Item(i), depth+1)
	}
	if test.Name == "And" {
		return andRule(rules)
	}
	return orRule(rules)
}
