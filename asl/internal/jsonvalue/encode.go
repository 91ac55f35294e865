package jsonvalue

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// Encode returns v as compact JSON.
func Encode(v any) []byte { return Append(make([]byte, 0, Size(v)), v) }

// Append appends v to b as compact JSON.
func Append(b []byte, v any) []byte {
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
			b = Append(b, item)
		}
		return append(b, ']')
	case *Object:
		b = append(b, '{')
		for i := range v.properties {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, v.properties[i].Name), ':')
			b = Append(b, v.properties[i].Value)
		}
		return append(b, '}')
	}
	panic("jsonvalue: not a JSON value")
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

// shortEscape returns the character after the backslash, or 0 if the escape is \u00XX.
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

// appendFloat appends a number with a fraction as AWS and Java write it: 0.0, 1.5,
// 1.0E10.
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

// Size returns the length of Encode(v) without building it.
func Size(v any) int {
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
			n += Size(item)
		}
		return n
	case *Object:
		n := 2 + max(0, len(v.properties)-1)
		for _, p := range v.properties {
			n += stringSize(p.Name) + 1 + Size(p.Value)
		}
		return n
	}
	panic("jsonvalue: not a JSON value")
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
