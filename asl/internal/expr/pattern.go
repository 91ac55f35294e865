package expr

import (
	"fmt"
	"strings"
)

// pattern is a pattern of StringMatches, split at its wildcards.
type pattern []string

// compilePattern compiles a pattern in which * matches any characters, \* a star and \\ a
// backslash.
func compilePattern(text string) (pattern, error) {
	var p pattern
	var piece strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '*':
			p = append(p, piece.String())
			piece.Reset()
		case '\\':
			if i++; i == len(text) || (text[i] != '*' && text[i] != '\\') {
				return nil, fmt.Errorf(`%q has a \ that is not before * or \`, text)
			}
			piece.WriteByte(text[i])
		default:
			piece.WriteByte(c)
		}
	}
	return append(p, piece.String()), nil
}

func (p pattern) matches(text string) bool {
	last := len(p) - 1
	if last == 0 {
		return text == p[0]
	}
	text, ok := strings.CutPrefix(text, p[0])
	if !ok {
		return false
	}
	for _, piece := range p[1:last] {
		if _, text, ok = strings.Cut(text, piece); !ok {
			return false
		}
	}
	return strings.HasSuffix(text, p[last])
}
