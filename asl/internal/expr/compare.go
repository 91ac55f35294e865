package expr

import (
	"fmt"
	"regexp"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// compare compares two values of a filter as Jayway's JsonPath does. It is not symmetric: a
// string on the right can be compared with a number, true, false or null.
func compare(comparison string, left, right any) (bool, error) {
	if comparison == "=~" {
		return matchesRegexp(left, right)
	}
	if comparison != "==" && comparison != "!=" && (left == nil) != (right == nil) {
		return false, nil
	}
	order, ok, err := orderOf(right, left)
	if !ok || err != nil {
		return false, err
	}
	switch comparison {
	case "==":
		return order == 0, nil
	case "!=":
		return order != 0, nil
	case ">":
		return order < 0, nil
	case ">=":
		return order <= 0, nil
	case "<":
		return order > 0, nil
	default:
		return order >= 0, nil
	}
}

// orderOf compares the wanted value with the found one. ok is false if they cannot be
// compared.
func orderOf(wanted, found any) (order int, ok bool, err error) {
	switch wantsNull, isNull := isNullish(wanted), isNullish(found); {
	case wantsNull && isNull:
		return 0, true, nil
	case wantsNull:
		return -1, true, nil
	case isNull:
		return 1, true, nil
	}
	text, isText := wanted.(string)
	switch f := found.(type) {
	case string:
		return compareUTF16(strings.ReplaceAll(text, `\'`, `'`), f), isText, nil
	case bool:
		if isText {
			wanted = strings.EqualFold(text, "true")
		}
		order, ok = orderBooleans(wanted, f)
		return order, ok, nil
	}
	if _, isNumber := jsonvalue.Number(found); isText && isNumber {
		number, ok := decimal(text)
		if !ok {
			return 0, false, cause(fmt.Sprintf("%q cannot be compared with the number %s", text, jsonvalue.Encode(found)))
		}
		wanted = number
	}
	order, ok = jsonvalue.CompareNumbers(wanted, found)
	return order, ok, nil
}

func isNullish(v any) bool { return v == nil || v == "null" }

func orderBooleans(a any, b bool) (order int, ok bool) {
	x, ok := a.(bool)
	switch {
	case x == b:
		return 0, ok
	case b:
		return -1, ok
	}
	return 1, ok
}

var decimals = regexp.MustCompile(`^([+-]?)([0-9]*)(\.?[0-9]*)((?:[eE][+-]?[0-9]+)?)$`)

// decimal parses a number as Java's BigDecimal does. Unlike in JSON, it can begin with + and
// with zeros, and the digits on one side of the point can be missing.
func decimal(text string) (number any, ok bool) {
	parts := decimals.FindStringSubmatch(text)
	if parts == nil || strings.Trim(parts[2]+parts[3], ".") == "" {
		return nil, false
	}
	whole, fraction := strings.TrimLeft(parts[2], "0"), strings.TrimRight(parts[3], ".")
	if whole == "" {
		whole = "0"
	}
	number, err := jsonvalue.Decode(strings.TrimPrefix(parts[1], "+") + whole + fraction + parts[4])
	return number, err == nil
}

// matchesRegexp reports whether the text of a value matches the pattern on the other side.
func matchesRegexp(left, right any) (bool, error) {
	pattern, ok := left.(*regexp.Regexp)
	target := right
	if !ok {
		pattern, ok = right.(*regexp.Regexp)
		target = left
	}
	if !ok {
		return false, cause("=~ needs a pattern between slashes")
	}
	return target != nil && pattern.MatchString(jsonvalue.Text(target)), nil
}
