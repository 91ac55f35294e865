package expr

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// criterion is one comparison of a filter, or a path that must find something.
type criterion struct {
	left, right operand
	comparison  string // empty if left must find something or, if negated, must not
	negated     bool
}

// operand is a side of a criterion.
type operand struct {
	query   *query
	rooted  bool // the query begins with $, not with @
	pattern *regexp.Regexp
	text    string // anything else: a number, or a string with or without quotes
}

// filterOperators are the operators of criteria. A criterion is split at the first
// operator in this list that it contains, even inside a string.
var filterOperators = []string{"==", ">=", "<=", "!=", "<", ">", "=~"}

// parseCriterion parses a criterion. It skips parentheses around it.
func parseCriterion(text string) (criterion, error) {
	text = strings.TrimRight(strings.TrimLeft(strings.TrimSpace(text), "[?( "), ") ")
	for _, comparison := range filterOperators {
		left, right, ok := strings.Cut(text, comparison)
		if !ok {
			continue
		}
		left = strings.TrimSpace(left)
		if strings.HasPrefix(left, "!@") {
			left = left[1:] // the ! has no effect
		}
		a, err := parseOperand(left)
		b, err2 := parseOperand(strings.TrimSpace(right))
		return criterion{left: a, right: b, comparison: comparison}, errors.Join(err, err2)
	}
	path, negated := strings.CutPrefix(text, "!")
	a, err := parseOperand(path)
	if err == nil && (a.query == nil || negated && a.rooted) {
		err = fmt.Errorf("its condition %q is neither a comparison nor a path", text)
	}
	return criterion{left: a, negated: negated}, err
}

// parseOperand parses a path, a pattern between slashes, or a string.
func parseOperand(text string) (o operand, err error) {
	begins := func(prefix string) bool { return strings.HasPrefix(text, prefix) }
	ends := func(suffix string) bool { return len(text) > 1 && strings.HasSuffix(text, suffix) }
	switch {
	case begins("$"), begins("@"):
		o.rooted = begins("$")
		o.query, err = parseOperandQuery(text[1:])
	case begins("!@"):
		err = errors.New("its ! may only be used before a path without a comparison")
	case begins("'") && ends("'"):
		o.text = text[1 : len(text)-1]
	case begins("/") && (ends("/") || ends("/i")):
		o.pattern, err = compileRegexp(text)
	case text == "'" || text == "/":
		err = fmt.Errorf("its %s is not closed", text)
	default:
		o.text = text
	}
	return o, err
}

func parseOperandQuery(text string) (*query, error) {
	if text != "" && text[0] != '.' && text[0] != '[' {
		return nil, errors.New("its condition may only read the document, not variables or the context object")
	}
	q, err := parseQuery(text)
	if err == nil && !q.definite {
		err = errors.New("a path in its condition may only have names and indexes")
	}
	return q, err
}

// compileRegexp compiles a pattern, which must match the whole of a string.
func compileRegexp(text string) (*regexp.Regexp, error) {
	last := strings.LastIndexByte(text, '/')
	flags := ""
	if strings.HasSuffix(text, "i") {
		flags = "i"
	}
	if last == 0 {
		return nil, errors.New("its / is not closed")
	}
	return regexp.Compile("^(?" + flags + ":" + text[1:last] + ")$")
}

// holds reports whether an item meets the criterion. A comparison does not hold if a path
// finds nothing or the values cannot be compared.
func (c *criterion) holds(r *run, item any) (bool, error) {
	if c.comparison == "" {
		found, err := c.left.query.run(&run{root: r.root, strict: true}, item)
		if isMissing(err) {
			return c.negated, nil
		}
		return (found != nil) != c.negated, err
	}
	left, err := c.left.value(r, item)
	if err == nil {
		var right any
		if right, err = c.right.value(r, item); err == nil {
			return compare(c.comparison, left, right)
		}
	}
	if isMissing(err) {
		err = nil
	}
	return false, err
}

// value returns the string, the pattern or what the path finds.
func (o *operand) value(r *run, item any) (any, error) {
	switch {
	case o.pattern != nil:
		return o.pattern, nil
	case o.query == nil:
		return o.text, nil
	case o.rooted:
		return o.query.get(r.root, r.root)
	}
	return o.query.get(r.root, item)
}
