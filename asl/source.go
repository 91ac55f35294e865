package asl

import (
	"regexp"
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// source is the text of a definition after substitution. It can map a position in that text
// to the position in the given text.
type source struct {
	text         []byte
	given        []byte
	replacements []replacement // in order
	places       []place       // of given's lines in the YAML; nil if given was not converted
}

// replacement has the offsets of a value in the text, and of its placeholder in given.
type replacement struct{ begin, end, givenBegin, givenEnd int }

var placeholder = regexp.MustCompile(`\$\{[A-Za-z0-9_]+\}`)

// newSource replaces each ${Name} that has a value. It does so only inside strings, because
// CloudFormation's substitutions are strings. The value is escaped for a JSON string.
func newSource(given []byte, values map[string]string) source {
	s := source{given: given}
	copied, inString := 0, false
	for _, at := range placeholder.FindAllIndex(given, -1) {
		value, ok := values[string(given[at[0]+2:at[1]-1])]
		if !ok {
			continue
		}
		inString = endsInString(given[copied:at[0]], inString)
		s.text = append(s.text, given[copied:at[0]]...)
		copied = at[0]
		if !inString {
			continue
		}
		quoted := jsonvalue.Encode(value)
		begin := len(s.text)
		s.text = append(s.text, quoted[1:len(quoted)-1]...)
		s.replacements = append(s.replacements, replacement{begin, len(s.text), at[0], at[1]})
		copied = at[1]
	}
	s.text = append(s.text, given[copied:]...)
	return s
}

// endsInString reports whether a part of a JSON text ends inside a string. inString says
// whether the part begins inside one.
func endsInString(part []byte, inString bool) bool {
	for i := 0; i < len(part); i++ {
		switch part[i] {
		case '\\':
			i++
		case '"':
			inString = !inString
		}
	}
	return inString
}

// isReplaced reports whether the text has a substitution between two offsets.
func (s *source) isReplaced(begin, end int) bool {
	return slices.ContainsFunc(s.replacements, func(r replacement) bool { return begin <= r.begin && r.end <= end })
}

// position returns the line and the column of an offset of the text in the given text. Both
// count from 1, and columns are bytes.
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
