package asl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"
)

// maxNesting is how deep arrays and objects may be nested, as in AWS's parser.
const maxNesting = 1000

// decode reads one JSON text; anything after it is an error. Of a key that
// comes twice the last value counts, in the place of the first. Bytes that are no
// UTF-8 become U+FFFD.
func decode(data []byte) (any, error) {
	d := decoder{data: data}
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if d.space(); d.pos < len(data) {
		return nil, d.unexpected("the end")
	}
	return v, nil
}

// decoder exists beside encoding/json because the form of a number matters
// here (0 is not 0.0) and because every answer of every task passes it.
type decoder struct {
	data []byte
	pos  int
}

func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

func (d *decoder) unexpected(wanted string) error {
	if d.pos >= len(d.data) {
		return fmt.Errorf("not JSON: ends where %s should be", wanted)
	}
	r, _ := utf8.DecodeRune(d.data[d.pos:])
	return fmt.Errorf("not JSON: %q at offset %d where %s should be", r, d.pos, wanted)
}

// next skips space and tells the byte that follows, 0 at the end.
func (d *decoder) next() byte {
	d.space()
	if d.pos < len(d.data) {
		return d.data[d.pos]
	}
	return 0
}

var words = []struct {
	text  []byte
	value any
}{{[]byte("null"), nil}, {[]byte("true"), true}, {[]byte("false"), false}}

func (d *decoder) value(depth int) (any, error) {
	switch c := d.next(); {
	case c == '{', c == '[':
		if depth == maxNesting {
			return nil, fmt.Errorf("not JSON that can be read: nested more than %d deep", maxNesting)
		}
		d.pos++
		if c == '{' {
			return d.object(depth + 1)
		}
		return d.array(depth + 1)
	case c == '"':
		d.pos++
		return d.string()
	case c == '-' || isDigit(c):
		return d.number()
	}
	for _, w := range words {
		if bytes.HasPrefix(d.data[d.pos:], w.text) {
			d.pos += len(w.text)
			return w.value, nil
		}
	}
	return nil, d.unexpected("a value")
}

func (d *decoder) object(depth int) (any, error) {
	object := emptyObject(4)
	if d.next() == '}' {
		d.pos++
		return object, nil
	}
	for {
		if d.next() != '"' {
			return nil, d.unexpected("a key")
		}
		d.pos++
		key, err := d.string()
		if err != nil {
			return nil, err
		}
		if d.next() != ':' {
			return nil, d.unexpected("a colon")
		}
		d.pos++
		value, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		object.set(key, value)
		switch d.next() {
		case ',':
			d.pos++
		case '}':
			d.pos++
			return object, nil
		default:
			return nil, d.unexpected("a comma or }")
		}
	}
}

func (d *decoder) array(depth int) (any, error) {
	array := []any{}
	if d.next() == ']' {
		d.pos++
		return array, nil
	}
	for {
		v, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		array = append(array, v)
		switch d.next() {
		case ',':
			d.pos++
		case ']':
			d.pos++
			return array, nil
		default:
			return nil, d.unexpected("a comma or ]")
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (d *decoder) number() (any, error) {
	start := d.pos
	if d.data[d.pos] == '-' {
		d.pos++
	}
	if d.pos < len(d.data) && d.data[d.pos] == '0' {
		d.pos++
	} else if !d.digits() {
		return nil, d.unexpected("a digit")
	}
	whole := true
	if d.pos < len(d.data) && d.data[d.pos] == '.' {
		whole = false
		d.pos++
		if !d.digits() {
			return nil, d.unexpected("a digit")
		}
	}
	if d.pos < len(d.data) && d.data[d.pos]|0x20 == 'e' {
		whole = false
		d.pos++
		if d.pos < len(d.data) && (d.data[d.pos] == '+' || d.data[d.pos] == '-') {
			d.pos++
		}
		if !d.digits() {
			return nil, d.unexpected("a digit")
		}
	}
	return numberValue(string(d.data[start:d.pos]), whole), nil
}

// digits skips digits and tells whether there was one.
func (d *decoder) digits() bool {
	start := d.pos
	for d.pos < len(d.data) && isDigit(d.data[d.pos]) {
		d.pos++
	}
	return d.pos > start
}

func numberValue(text string, whole bool) any {
	if whole {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
		return json.Number(text)
	}
	if f, _ := strconv.ParseFloat(text, 64); !math.IsInf(f, 0) {
		return f
	}
	return json.Number(text)
}
