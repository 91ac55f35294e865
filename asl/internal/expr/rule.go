package expr

import (
	"cmp"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"pizzasaga/asl/internal/jsonvalue"
)

// Rule is one rule of a Choice state, without its Next.
type Rule interface {
	// Match reports whether the rule matches. If one of its paths finds nothing, the
	// error is an *[Error].
	Match(s *Scope) (bool, error)
}

type andRule []Rule

func (r andRule) Match(s *Scope) (bool, error) {
	for _, each := range r {
		if ok, err := each.Match(s); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

type orRule []Rule

func (r orRule) Match(s *Scope) (bool, error) {
	for _, each := range r {
		if ok, err := each.Match(s); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

type notRule struct{ not Rule }

func (r notRule) Match(s *Scope) (bool, error) {
	ok, err := r.not.Match(s)
	return !ok && err == nil, err
}

// presentRule is IsPresent, the only operator whose path may find nothing.
type presentRule struct {
	variable *Path
	wanted   bool
}

func (r presentRule) Match(s *Scope) (bool, error) {
	if r.variable.readsNull(s) {
		return false, errNullDocument
	}
	_, found := r.variable.lookup(s)
	return found == r.wanted, nil
}

// isRule is IsNull, IsString, IsNumeric, IsBoolean or IsTimestamp.
type isRule struct {
	variable *Path
	is       func(v any) bool
	wanted   bool
}

func (r isRule) Match(s *Scope) (bool, error) {
	v, err := r.variable.operand(s)
	return err == nil && r.is(v) == r.wanted, err
}

func isNull(v any) bool      { return v == nil }
func isString(v any) bool    { _, ok := v.(string); return ok }
func isNumeric(v any) bool   { _, ok := jsonvalue.Number(v); return ok }
func isBoolean(v any) bool   { _, ok := v.(bool); return ok }
func isTimestamp(v any) bool { text, _ := v.(string); _, ok := ParseTimestamp(text); return ok }

// compareRule compares with a constant, or with what another path finds. It does not match if
// one of the values has the wrong type.
type compareRule struct {
	variable *Path
	constant any
	other    *Path // nil if the constant is used
	compare  comparison
	holds    func(order int) bool
}

// comparison compares two values of one type. ok is false if a value has another type.
type comparison func(a, b any) (order int, ok bool)

func (r *compareRule) Match(s *Scope) (bool, error) {
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

// compareUTF16 compares strings by their UTF-16, as Java and therefore AWS do: 😀 comes
// before ～, although its code point is higher.
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
	t, ok := ParseTimestamp(x)
	u, ok2 := ParseTimestamp(y)
	return t.Compare(u), ok && ok2
}

// matchRule is StringMatches.
type matchRule struct {
	variable *Path
	pattern  pattern
}

func (r matchRule) Match(s *Scope) (bool, error) {
	v, err := r.variable.operand(s)
	text, ok := v.(string)
	return ok && r.pattern.matches(text), err
}
