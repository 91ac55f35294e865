package asl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// rule is one rule of a Choice state, without its Next.
type rule interface {
	// match tells whether the rule holds. A path of it that finds nothing is
	// a *runtimeError, which no Default catches.
	match(s *scope) (bool, error)
}

type andRule []rule

func (r andRule) match(s *scope) (bool, error) {
	for _, each := range r {
		if ok, err := each.match(s); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

type orRule []rule

func (r orRule) match(s *scope) (bool, error) {
	for _, each := range r {
		if ok, err := each.match(s); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

type notRule struct{ not rule }

func (r notRule) match(s *scope) (bool, error) {
	ok, err := r.not.match(s)
	return !ok && err == nil, err
}

// presentRule is IsPresent, the one test for which a path may find nothing.
type presentRule struct {
	variable *path
	wanted   bool
}

func (r presentRule) match(s *scope) (bool, error) {
	_, found := r.variable.lookup(s)
	return found == r.wanted, nil
}

// isRule is IsNull, IsString, IsNumeric, IsBoolean or IsTimestamp.
type isRule struct {
	variable *path
	is       func(v any) bool
	wanted   bool
}

func (r isRule) match(s *scope) (bool, error) {
	v, err := r.variable.operand(s)
	return err == nil && r.is(v) == r.wanted, err
}

func isNull(v any) bool      { return v == nil }
func isString(v any) bool    { _, ok := v.(string); return ok }
func isNumeric(v any) bool   { _, ok := number(v); return ok }
func isBoolean(v any) bool   { _, ok := v.(bool); return ok }
func isTimestamp(v any) bool { text, _ := v.(string); _, ok := parseTimestamp(text); return ok }

// compareRule is an operator with something to compare to: a constant, or
// what another path finds. Values of another kind than the operator's match
// nothing, not even each other.
type compareRule struct {
	variable *path
	constant any
	other    *path // of a …Path operator, else nil
	compare  comparison
	holds    func(order int) bool
}

// comparison orders two values of a kind; ok is false when one is of another.
type comparison func(a, b any) (order int, ok bool)

func (r *compareRule) match(s *scope) (bool, error) {
	a, err := r.variable.operand(s)
	if err != nil {
		return false, err
	}
	b := r.constant
	if r.other != nil {
		if b, err = r.other.operand(s); err != nil {
			return false, err
		}
	}
	order, ok := r.compare(a, b)
	return ok && r.holds(order), nil
}

func compareStrings(a, b any) (int, bool) {
	x, ok := a.(string)
	y, ok2 := b.(string)
	return compareUTF16(x, y), ok && ok2
}

// compareUTF16 orders texts by the UTF-16 in which Java, and so AWS, holds them:
// 😀 comes before ～, whose code point is lower.
func compareUTF16(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			return slices.Compare(utf16.Encode([]rune{x}), utf16.Encode([]rune{y}))
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

func compareBooleans(a, b any) (int, bool) {
	x, ok := a.(bool)
	y, ok2 := b.(bool)
	if x != y {
		return 1, ok && ok2
	}
	return 0, ok && ok2
}

func compareTimestamps(a, b any) (int, bool) {
	x, ok := a.(string)
	y, ok2 := b.(string)
	if !ok || !ok2 {
		return 0, false
	}
	t, ok := parseTimestamp(x)
	u, ok2 := parseTimestamp(y)
	return t.Compare(u), ok && ok2
}

// operand gives a value to test. That a path finds none has its own wording
// in a Choice.
func (p *path) operand(s *scope) (any, error) {
	if p.ofNothing(s) {
		return nil, errNullDocument
	}
	if v, found := p.lookup(s); found {
		return v, nil
	}
	return nil, &runtimeError{runtimeName, fmt.Sprintf(
		"Invalid path '%s': The choice state's condition path references an invalid value.", p.text)}
}

// matchRule is StringMatches.
type matchRule struct {
	variable *path
	pattern  pattern
}

func (r matchRule) match(s *scope) (bool, error) {
	v, err := r.variable.operand(s)
	text, ok := v.(string)
	return ok && r.pattern.matches(text), err
}

// pattern is what has to stand, in this order, between its wildcards; without
// a wildcard it is one piece.
type pattern []string

// compilePattern reads a pattern in which * stands for any characters, \* for
// a star and \\ for a backslash.
func compilePattern(text string) (pattern, error) {
	var p pattern
	var piece strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '*':
			p = append(p, piece.String())
			piece.Reset()
		case '\\':
			if i++; i == len(text) || (text[i] != '*' && text[i] != '\\') {
				return nil, fmt.Errorf(`in %q a \ stands before neither * nor \`, text)
			}
			piece.WriteByte(text[i])
		default:
			piece.WriteByte(c)
		}
	}
	return append(p, piece.String()), nil
}

func (p pattern) matches(text string) bool {
	last := len(p) - 1
	if last == 0 {
		return text == p[0]
	}
	text, ok := strings.CutPrefix(text, p[0])
	if !ok {
		return false
	}
	for _, piece := range p[1:last] {
		if _, text, ok = strings.Cut(text, piece); !ok {
			return false
		}
	}
	return strings.HasSuffix(text, p[last])
}

// orders are the endings of the comparing operators' names.
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
