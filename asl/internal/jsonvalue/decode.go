package jsonvalue

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deeply arrays and objects can be nested, as in AWS's parser.
const maxDepth = 1000

// Decode parses a JSON text. If an object has a duplicate name, the last value is used, in
// the position of the first one. Each byte that is not UTF-8 becomes U+FFFD. The value's
// strings keep the text in memory. Errors are a *[SyntaxError].
func Decode[T []byte | string](text T) (any, error) {
	d := decoder{text: string(text)}
	return d.document(nil)
}

// Parse is like [Decode], but also returns the positions of all values.
func Parse(text []byte) (*Node, error) {
	d := decoder{text: string(text)}
	root := &Node{}
	_, err := d.document(root)
	return root, err
}

// Scan parses a number, true, false or null at the beginning of a text and returns its
// length.
func Scan(text string) (v any, length int, err error) {
	d := decoder{text: text}
	if v, ok := d.word(); ok {
		return v, d.pos, nil
	}
	v, err = d.number()
	return v, d.pos, err
}

// SyntaxError says why a text is not JSON. The offset is in bytes.
type SyntaxError struct {
	Offset  int
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("not JSON: %s at offset %d", e.Message, e.Offset)
}

// decoder parses JSON. Its methods store the value and its position in a node, unless that
// is nil.
type decoder struct {
	text string
	pos  int
}

func (d *decoder) document(n *Node) (any, error) {
	v, err := d.value(0, n)
	if err != nil {
		return nil, err
	}
	if d.next(); d.pos < len(d.text) {
		return nil, d.unexpected("the end")
	}
	return v, nil
}

func (d *decoder) unexpected(wanted string) error {
	found := "the end"
	if d.pos < len(d.text) {
		r, _ := utf8.DecodeRuneInString(d.text[d.pos:])
		found = strconv.QuoteRune(r)
	}
	return &SyntaxError{d.pos, fmt.Sprintf("expected %s, found %s", wanted, found)}
}

// next skips white space and returns the next byte, or 0 at the end.
func (d *decoder) next() byte {
	for d.pos < len(d.text) {
		switch c := d.text[d.pos]; c {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return c
		}
	}
	return 0
}

// word reads true, false or null.
func (d *decoder) word() (v any, ok bool) {
	for _, w := range words {
		if strings.HasPrefix(d.text[d.pos:], w.text) {
			d.pos += len(w.text)
			return w.value, true
		}
	}
	return nil, false
}

var words = []struct {
	text  string
	value any
}{{"null", nil}, {"true", true}, {"false", false}}

func (d *decoder) value(depth int, n *Node) (v any, err error) {
	first := d.next()
	begin := d.pos
	switch {
	case first == '{':
		v, err = d.object(depth+1, n)
	case first == '[':
		v, err = d.array(depth+1, n)
	case first == '"':
		d.pos++
		v, err = d.string()
	case first == '-' || isDigit(first):
		v, err = d.number()
	default:
		var ok bool
		if v, ok = d.word(); !ok {
			err = d.unexpected("a value")
		}
	}
	if n != nil {
		n.Value, n.Begin, n.End = v, begin, d.pos
	}
	return v, err
}

// open reads the opening bracket of an array or an object. If there are no items, open also
// reads the closing bracket.
func (d *decoder) open(depth int, end byte) (empty bool, err error) {
	if depth > maxDepth {
		return false, &SyntaxError{d.pos, fmt.Sprintf("arrays and objects are nested more than %d deep", maxDepth)}
	}
	d.pos++
	if d.next() != end {
		return false, nil
	}
	d.pos++
	return true, nil
}

// more reads the comma before the next item, or the bracket after the last one.
func (d *decoder) more(end byte) (bool, error) {
	c := d.next()
	if c != ',' && c != end {
		return false, d.unexpected("a comma or " + string(end))
	}
	d.pos++
	return c == ',', nil
}

func (d *decoder) object(depth int, n *Node) (any, error) {
	object := ObjectWithRoom(4)
	if empty, err := d.open(depth, '}'); empty || err != nil {
		return object, err
	}
	for more := true; more; {
		if d.next() != '"' {
			return nil, d.unexpected("a name in quotes")
		}
		begin := d.pos
		d.pos++
		name, err := d.string()
		if err != nil {
			return nil, err
		}
		if d.next() != ':' {
			return nil, d.unexpected("a colon")
		}
		d.pos++
		value, err := d.value(depth, n.addMember(name, begin))
		if err != nil {
			return nil, err
		}
		object.Set(name, value)
		if more, err = d.more('}'); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func (d *decoder) array(depth int, n *Node) (any, error) {
	array := []any{}
	if empty, err := d.open(depth, ']'); empty || err != nil {
		return array, err
	}
	for more := true; more; {
		v, err := d.value(depth, n.addItem())
		if err != nil {
			return nil, err
		}
		array = append(array, v)
		if more, err = d.more(']'); err != nil {
			return nil, err
		}
	}
	return array, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (d *decoder) number() (any, error) {
	start := d.pos
	if d.pos < len(d.text) && d.text[d.pos] == '-' {
		d.pos++
	}
	if d.pos < len(d.text) && d.text[d.pos] == '0' {
		d.pos++
	} else if !d.digits() {
		return nil, d.unexpected("a digit")
	}
	whole := true
	if d.pos < len(d.text) && d.text[d.pos] == '.' {
		whole = false
		d.pos++
		if !d.digits() {
			return nil, d.unexpected("a digit")
		}
	}
	if d.pos < len(d.text) && d.text[d.pos]|0x20 == 'e' {
		whole = false
		d.pos++
		if d.pos < len(d.text) && (d.text[d.pos] == '+' || d.text[d.pos] == '-') {
			d.pos++
		}
		if !d.digits() {
			return nil, d.unexpected("a digit")
		}
	}
	return numberValue(d.text[start:d.pos], whole), nil
}

// digits skips digits and reports whether there was one.
func (d *decoder) digits() bool {
	start := d.pos
	for d.pos < len(d.text) && isDigit(d.text[d.pos]) {
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
