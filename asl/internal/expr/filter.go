package expr

import (
	"errors"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// filter is [?(…)]: the items of an array that meet a condition, or an object if it meets
// the condition. The criteria of a group are joined by &&, and the groups by ||. Jayway's
// JsonPath ignores parentheses.
type filter [][]criterion

func (f filter) eval(r *run, v any, at *place, rest []token) error {
	switch v := v.(type) {
	case *jsonvalue.Object:
		if ok, err := f.accepts(r, v); !ok || err != nil {
			return err
		}
		return r.follow(rest, v, at)
	case []any:
		for i, item := range v {
			ok, err := f.accepts(r, item)
			if ok && err == nil {
				err = r.item(v, i, at, rest)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return inapplicable(f, rest, "not be applied to primitives", v, at)
}

// accepts evaluates the condition. Like Jayway's JsonPath, it begins with the last
// criterion. The order matters if the evaluation of a criterion fails.
func (f filter) accepts(r *run, v any) (ok bool, err error) {
	for i := len(f) - 1; i >= 0 && !ok; i-- {
		group := f[i]
		ok = true
		for j := len(group) - 1; j >= 0 && ok; j-- {
			if r.visits++; r.visits > maxVisits {
				return false, errTooMuch
			}
			if ok, err = group[j].holds(r, v); err != nil {
				return false, err
			}
		}
	}
	return ok, nil
}

func (f filter) isDefinite() bool { return false }
func (f filter) String() string   { return "[?]" }

var errFilter = errors.New("a filter is written as [?(…)]")

// parseFilter parses a filter, which begins with its [.
func parseFilter(text string) (token, error) {
	end, err := filterEnd(text)
	if err != nil {
		return nil, err
	}
	condition := strings.TrimSpace(text[1 : end-1])
	condition, ok := strings.CutPrefix(condition, "?")
	condition, opened := strings.CutPrefix(strings.TrimSpace(condition), "(")
	condition, closed := strings.CutSuffix(condition, ")")
	if !ok || !opened || !closed {
		return nil, errFilter
	}
	var f filter
	for group := range strings.SplitSeq(condition, "||") {
		var criteria []criterion
		for text := range strings.SplitSeq(group, "&&") {
			c, err := parseCriterion(text)
			if err != nil {
				return nil, err
			}
			criteria = append(criteria, c)
		}
		f = append(f, criteria)
	}
	return f, nil
}

// filterEnd returns the length of a filter at the start of the text.
func filterEnd(text string) (int, error) {
	brackets, parentheses, quoted := 0, 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'':
			if i == 0 || text[i-1] != '\\' {
				quoted = !quoted
			}
		case quoted:
		case c == '(':
			parentheses++
		case c == ')':
			parentheses--
		case c == '[':
			brackets++
		case c == ']':
			if brackets--; parentheses == 0 {
				if brackets != 0 {
					return 0, errFilter
				}
				return i + 1, nil
			}
		}
	}
	return 0, errBracket
}
