package expr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parseFromEnd parses @.length-1 or @.size()-1 and the ) after it.
func parseFromEnd(text string) (token, error) {
	function, rest, ok := strings.Cut(text[min(len("@."), len(text)):], "-")
	function = strings.NewReplacer(" ", "", "(", "", ")", "").Replace(function)
	offset, _, closed := strings.Cut(rest, ")")
	if !ok || !closed || function != "size" && function != "length" {
		return nil, errors.New("an index from the end is written as [(@.length-1)]")
	}
	index, err := parseIndex("-" + strings.ReplaceAll(offset, " ", ""))
	return step{index: index, isIndex: true, fromEnd: true}, err
}

func parseIndex(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is not an index", text)
	}
	return int(n), nil
}

// parseIndexes parses an index, several indexes, or a slice.
func parseIndexes(text string) (token, error) {
	p := indexParser{text: text}
	if err := p.read(); err != nil {
		return nil, err
	}
	switch n := p.numbers; {
	case len(n) == 1 && !p.open && !p.closed:
		return step{index: n[0], isIndex: true}, nil
	case p.several:
		return indexes(n), nil
	case p.open:
		return slice{from: &n[0]}, nil
	case p.closed:
		return slice{to: &n[0]}, nil
	default:
		return slice{from: &n[0], to: &n[1]}, nil
	}
}

type indexParser struct {
	text         string
	pos          int
	numbers      []int
	several      bool // there is a comma
	open, closed bool // a slice has only its first number, or only its last
}

// next returns the character at the position, or 0 at the end.
func (p *indexParser) next() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// number reads digits, signs and spaces up to anything else.
func (p *indexParser) number() string {
	begin := p.pos
	for c := p.next(); isDigit(c) || c == ' ' || c == '-'; c = p.next() {
		p.pos++
	}
	return strings.ReplaceAll(p.text[begin:p.pos], " ", "")
}

func (p *indexParser) add(number string) error {
	n, err := parseIndex(number)
	p.numbers = append(p.numbers, n)
	return err
}

// read reads up to the ], or to anything that cannot be part of an index. Text after a slice
// has no effect, but must be numbers.
func (p *indexParser) read() (err error) {
	for err == nil {
		first := p.number()
		switch p.next() {
		case ',':
			p.several, err = true, p.add(first)
			p.pos++
		case ':':
			err = p.slice(first)
		case 0:
			return errBracket
		default:
			if first != "" {
				err = p.add(first)
			}
			return err
		}
	}
	return err
}

func (p *indexParser) slice(first string) (err error) {
	p.pos++
	second := p.number()
	if p.closed = p.closed || first == ""; first != "" {
		err = p.add(first)
		p.open = p.open || second == ""
	}
	if err == nil && (first == "" || second != "") {
		err = p.add(second)
	}
	if c := p.next(); c != ']' && c != 0 {
		p.pos++
	}
	return err
}
