package asl

import (
	"regexp"

	"pizzasaga/asl/internal/jsonvalue"
)

// source is the text of a definition with its substitutions. It knows where each
// part of the text stands in the text as it was given.
type source struct {
	text         []byte
	given        []byte
	replacements []replacement // in order
	places       []place       // of the lines in a text from which this one was made; nil if there is none
}

// replacement is a value in the text and the placeholder that it replaces.
type replacement struct{ begin, end, givenBegin, givenEnd int }

var placeholder = regexp.MustCompile(`\$\{[A-Za-z0-9_]+\}`)

// newSource replaces each ${Name} that has a value. The value is escaped for a JSON
// string.
func newSource(given []byte, values map[string]string) source {
	s := source{given: given}
	copied := 0
	for _, at := range placeholder.FindAllIndex(given, -1) {
		value, ok := values[string(given[at[0]+2:at[1]-1])]
		if !ok {
			continue
		}
		quoted := jsonvalue.Encode(value)
		s.text = append(s.text, given[copied:at[0]]...)
		begin := len(s.text)
		s.text = append(s.text, quoted[1:len(quoted)-1]...)
		s.replacements = append(s.replacements, replacement{begin, len(s.text), at[0], at[1]})
		copied = at[1]
	}
	s.text = append(s.text, given[copied:]...)
	return s
}

// position returns the line and the column, in bytes and from 1, of an offset of the
// text in the text that was given.
func (s *source) position(offset int) (line, column int) {
	for i := len(s.replacements) - 1; i >= 0; i-- {
		if r := s.replacements[i]; offset >= r.end {
			offset += r.givenEnd - r.end
			break
		} else if offset >= r.begin {
			offset = r.givenBegin
			break
		}
	}
	line, column = jsonvalue.Position(s.given, offset)
	if s.places != nil {
		at := s.places[min(line, len(s.places))-1]
		return at.line, at.column
	}
	return line, column
}
