package jsonvalue

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads the rest of a string after its opening quote.
func (d *decoder) string() (string, error) {
	start := d.pos
	for ; d.pos < len(d.text); d.pos++ {
		switch c := d.text[d.pos]; {
		case c == '"':
			s := ValidUTF8(d.text[start:d.pos])
			d.pos++
			return s, nil
		case c == '\\':
			return d.escapedString(start)
		case c < ' ':
			return "", d.unexpected("a printable character")
		}
	}
	return "", d.unexpected("a closing quote")
}

// ValidUTF8 returns s with each byte that is not UTF-8 replaced by U+FFFD.
func ValidUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

func (d *decoder) escapedString(start int) (string, error) {
	b := append(make([]byte, 0, 2*(d.pos-start)+16), d.text[start:d.pos]...)
	for d.pos < len(d.text) {
		c := d.text[d.pos]
		switch {
		case c == '"':
			d.pos++
			return ValidUTF8(string(b)), nil
		case c < ' ':
			return "", d.unexpected("a printable character")
		case c != '\\':
			b = append(b, c)
			d.pos++
			continue
		}
		d.pos++
		r, ok := d.escape()
		if !ok {
			return "", d.unexpected("an escape")
		}
		b = utf8.AppendRune(b, r)
	}
	return "", d.unexpected("a closing quote")
}

// escape reads the rest of an escape after its backslash. A surrogate without its other half
// becomes U+FFFD.
func (d *decoder) escape() (rune, bool) {
	if d.pos >= len(d.text) {
		return 0, false
	}
	c := d.text[d.pos]
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		d.pos++
		return rune("\"\\/\b\f\n\r\t"[i]), true
	}
	if c != 'u' {
		return 0, false
	}
	r, ok := d.hex(d.pos + 1)
	if !ok {
		return 0, false
	}
	d.pos += 5
	if utf16.IsSurrogate(r) {
		if low, ok := d.lowSurrogate(r); ok {
			d.pos += 6
			return low, true
		}
		return utf8.RuneError, true
	}
	return r, true
}

func (d *decoder) lowSurrogate(high rune) (rune, bool) {
	if d.pos+1 >= len(d.text) || d.text[d.pos] != '\\' || d.text[d.pos+1] != 'u' {
		return 0, false
	}
	low, ok := d.hex(d.pos + 2)
	if !ok {
		return 0, false
	}
	r := utf16.DecodeRune(high, low)
	return r, r != utf8.RuneError
}

func (d *decoder) hex(at int) (rune, bool) {
	if at+4 > len(d.text) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(d.text[at : at+4]) {
		switch {
		case isDigit(c):
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
