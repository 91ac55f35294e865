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
	case len(n) == 1 && !p.toEnd && !p.fromStart:
		return step{index: n[0], isIndex: true}, nil
	case p.several:
		return indexes(n), nil
	case p.toEnd:
		return slice{from: &n[0]}, nil
	case p.fromStart:
		return slice{to: &n[0]}, nil
	default:
		return slice{from: &n[0], to: &n[1]}, nil
	}
}

type indexParser struct {
	text      string
	pos       int
	numbers   []int
	several   bool // there is a comma
	toEnd     bool // a slice has only its first number
	fromStart bool // a slice has only its last number
}

// peek returns the character at the position, or 0 at the end.
func (p *indexParser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// number reads digits, signs and spaces up to anything else.
func (p *indexParser) number() string {
	begin := p.pos
	for c := p.peek(); isDigit(c) || c == ' ' || c == '-'; c = p.peek() {
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
		switch p.peek() {
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
	if p.fromStart = p.fromStart || first == ""; first != "" {
		err = p.add(first)
		p.toEnd = p.toEnd || second == ""
	}
	if err == nil && (first == "" || second != "") {
		err = p.add(second)
	}
	if c := p.peek(); c != ']' && c != 0 {
		p.pos++
	}
	return err
}
