package asl

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// A JSON value is nil, bool, string, int64, float64, []any or *jsonObject, and
// json.Number for a number that neither an int64 nor a float64 can hold.
// Whole numbers and those with a fraction or an exponent stay apart, as they
// do on AWS: 1.0 remains 1.0. A value is never changed once it is made, so
// that inputs, outputs, variables and history can share it.

// encode gives v as compact JSON.
func encode(v any) []byte { return appendJSON(make([]byte, 0, size(v)), v) }

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return appendFloat(b, v)
	case json.Number:
		return append(b, v...)
	case string:
		return appendString(b, v)
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, item)
		}
		return append(b, ']')
	case *jsonObject:
		b = append(b, '{')
		for i := range v.properties {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, v.properties[i].name), ':')
			b = appendJSON(b, v.properties[i].value)
		}
		return append(b, '}')
	}
	panic("asl: not a JSON value")
}

const hexDigits = "0123456789ABCDEF"

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	plain := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[plain:i]...)
		plain = i + 1
		if short := shortEscape(c); short != 0 {
			b = append(b, '\\', short)
		} else {
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(b, s[plain:]...), '"')
}

// shortEscape gives the letter that follows the backslash, 0 for \u00XX.
func shortEscape(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case '\b':
		return 'b'
	case '\t':
		return 't'
	case '\n':
		return 'n'
	case '\f':
		return 'f'
	case '\r':
		return 'r'
	}
	return 0
}

// appendFloat writes a number with a fraction as AWS does, which is as Java
// does: 0.0, 1.5, 1.0E10.
func appendFloat(b []byte, f float64) []byte {
	if a := math.Abs(f); a == 0 || (a >= 1e-3 && a < 1e7) {
		start := len(b)
		b = strconv.AppendFloat(b, f, 'f', -1, 64)
		if !slices.Contains(b[start:], '.') {
			b = append(b, '.', '0')
		}
		return b
	}
	var digits [32]byte
	text := strconv.AppendFloat(digits[:0], f, 'e', -1, 64)
	e := slices.Index(text, 'e')
	b = append(b, text[:e]...)
	if !slices.Contains(text[:e], '.') {
		b = append(b, '.', '0')
	}
	exponent, _ := strconv.Atoi(string(text[e+1:]))
	return strconv.AppendInt(append(b, 'E'), int64(exponent), 10)
}

// size is the length of encode(v), without building it.
func size(v any) int {
	switch v := v.(type) {
	case nil:
		return len("null")
	case bool:
		if v {
			return len("true")
		}
		return len("false")
	case string:
		return stringSize(v)
	case int64:
		var digits [20]byte
		return len(strconv.AppendInt(digits[:0], v, 10))
	case float64:
		var digits [32]byte
		return len(appendFloat(digits[:0], v))
	case json.Number:
		return len(v)
	case []any:
		n := 2 + max(0, len(v)-1)
		for _, item := range v {
			n += size(item)
		}
		return n
	case *jsonObject:
		n := 2 + max(0, len(v.properties)-1)
		for _, p := range v.properties {
			n += stringSize(p.name) + 1 + size(p.value)
		}
		return n
	}
	panic("asl: not a JSON value")
}

func stringSize(s string) int {
	n := len(s) + 2
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			if shortEscape(c) != 0 {
				n++
			} else {
				n += len(`\u0000`) - 1
			}
		}
	}
	return n
}

// equal tells whether two values are the same JSON, numbers by their value and
// objects in any order.
func equal(a, b any) bool {
	switch a := a.(type) {
	case nil, bool, string:
		return a == b
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case *jsonObject:
		b, ok := b.(*jsonObject)
		if !ok || len(a.properties) != len(b.properties) {
			return false
		}
		for _, p := range a.properties {
			if other, has := b.get(p.name); !has || !equal(p.value, other) {
				return false
			}
		}
		return true
	}
	order, ok := compareNumbers(a, b)
	return ok && order == 0
}

// compareNumbers orders two numbers; ok is false if one is not a number.
func compareNumbers(a, b any) (order int, ok bool) {
	if a, isInt := a.(int64); isInt {
		if b, isInt := b.(int64); isInt {
			return cmp.Compare(a, b), true
		}
	}
	x, isNumber := number(a)
	y, alsoNumber := number(b)
	return cmp.Compare(x, y), isNumber && alsoNumber
}

// number gives a JSON number as the nearest float64.
func number(v any) (f float64, ok bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case json.Number:
		f, _ := v.Float64() // ±Inf when out of range
		return f, true
	}
	return 0, false
}
