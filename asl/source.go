package asl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// node is a JSON value that knows where in the definition's text it stands.
type node struct {
	begin, end int        // the value's own text
	literal    json.Token // string, json.Number, bool or nil; unset for the two below
	members    []member   // of an object, in order
	items      []*node    // of an array
	kind       json.Delim // '{', '[' or 0
}

type member struct {
	name string
	at   int // where the name stands
	node *node
}

// maxDepth bounds how deep a definition may nest, so that none exhausts the stack.
const maxDepth = 200

// source is the text of a definition.
type source struct{ text []byte }

var placeholder = regexp.MustCompile(`\$\{[A-Za-z0-9_]+\}`)

// substitute fills in each ${Name} that has a value, as JSON string content.
func substitute(text []byte, values map[string]string) []byte {
	return placeholder.ReplaceAllFunc(text, func(found []byte) []byte {
		value, ok := values[string(found[2:len(found)-1])]
		if !ok {
			return found
		}
		quoted := encode(value)
		return quoted[1 : len(quoted)-1]
	})
}

// parse reads the whole text as one JSON value.
func (s *source) parse() (*node, *Problem) {
	dec := json.NewDecoder(bytes.NewReader(s.text))
	dec.UseNumber()
	root, err := s.value(dec, 0)
	if err == nil {
		if rest := s.next(root.end); rest < len(s.text) {
			problem := s.problem(rest, "", "there is more text after the definition's end")
			return nil, &problem
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends too early")
	}
	if err != nil {
		at := int(dec.InputOffset())
		if syntax, ok := err.(*json.SyntaxError); ok {
			at = int(syntax.Offset)
		}
		problem := s.problem(at, "", "not valid JSON: "+err.Error())
		return nil, &problem
	}
	return root, nil
}

func (s *source) value(dec *json.Decoder, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	begin := s.next(int(dec.InputOffset()))
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	n := &node{begin: begin}
	switch n.kind, _ = token.(json.Delim); n.kind {
	case '{':
		for dec.More() {
			at := s.next(int(dec.InputOffset()))
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			value, err := s.value(dec, depth+1)
			if err != nil {
				return nil, err
			}
			n.members = append(n.members, member{name.(string), at, value})
		}
		_, err = dec.Token()
	case '[':
		n.items = []*node{}
		for dec.More() {
			item, err := s.value(dec, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		_, err = dec.Token()
	default:
		n.literal = token
	}
	n.end = int(dec.InputOffset())
	return n, err
}

// next is the first place from at where a value or a name can begin.
func (s *source) next(at int) int {
	for at < len(s.text) && strings.IndexByte(" \t\r\n,:", s.text[at]) >= 0 {
		at++
	}
	return at
}

func (s *source) problem(at int, place, message string) Problem {
	at = min(at, len(s.text))
	before := s.text[:at]
	return Problem{
		Place:   place,
		Line:    1 + bytes.Count(before, []byte("\n")),
		Column:  at - bytes.LastIndexByte(before, '\n'),
		Message: message,
	}
}

// tree is the node as a JSON value for the data layer.
func (s *source) tree(n *node) any {
	tree, err := decode(s.text[n.begin:n.end])
	if err != nil { // the text has been parsed before
		panic(fmt.Sprintf("asl: decode %q: %v", s.text[n.begin:n.end], err))
	}
	return tree
}
