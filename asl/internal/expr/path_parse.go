package expr

import (
	"errors"
	"fmt"
	"strings"
)

// maxPathLength is the limit for a path, in bytes. It also limits the nesting in
// filters.
const maxPathLength = 1000

// parseQuery parses the part of a path after its root. Like Jayway's JsonPath, it accepts
// many paths that look wrong.
func parseQuery(text string) (*query, error) {
	text = strings.TrimRight(text, " ")
	switch {
	case len(text) > maxPathLength:
		return nil, fmt.Errorf("it is longer than %d bytes", maxPathLength)
	case strings.HasSuffix(text, ".."):
		return nil, errors.New("its .. is not followed by anything")
	}
	var tokens []token
	for rest := text; rest != ""; {
		t, length, err := parseToken(rest)
		if err != nil {
			return nil, fmt.Errorf("%w, at %q", err, rest)
		}
		if t != nil {
			tokens = append(tokens, t)
		}
		rest = rest[length:]
	}
	return newQuery(tokens), nil
}

// parseToken parses the first token of a text and returns its length. The token is nil for a
// dot or a $ without a meaning.
func parseToken(text string) (t token, length int, err error) {
	switch {
	case text[0] == '[':
		length = closingBracket(text)
		t, err = parseBracket(text[:length])
		return t, length, err
	case strings.HasPrefix(text, ".."):
		return scan{}, len(".."), nil
	case text[0] == '*':
		return wildcard{}, 1, nil
	case text[0] == '$':
		return nil, 1, nil
	}
	name := strings.TrimPrefix(text, ".")
	length = len(text)
	if end := strings.IndexAny(name, ".[ "); end >= 0 {
		length -= len(name) - end
		name = name[:end]
	}
	switch {
	case text == ".":
		return nil, 0, errors.New("a name is missing")
	case text[0] == ' ':
		return nil, 0, errors.New("a name with a space must be written as ['…']")
	case name == "":
		return nil, length, nil
	case name == "*" && text[0] == '.':
		return wildcard{}, length, nil
	}
	t, err = parseNames("'" + name + "']")
	return t, length, err
}

// closingBracket returns the length of a text up to the ] that closes the [ at its start.
// Brackets inside quotes are counted, too.
func closingBracket(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

var errBracket = errors.New("its [ is not closed")

// parseBracket parses a token in brackets. The first character that has a meaning determines
// the kind of token. Characters before it are skipped.
func parseBracket(text string) (token, error) {
	if text == "[*]" {
		return wildcard{}, nil
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c == '?':
			return parseFilter(text[strings.LastIndexByte(text[:i], '['):])
		case c == '\'':
			return parseNames(text[i:])
		case c == '@':
			return parseFromEnd(text[i:])
		case isDigit(c) || c == ':' || c == '-':
			return parseIndexes(text[i:])
		}
	}
	return nil, errors.New("its brackets have neither an index nor a name in single quotes")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// parseNames parses names in quotes up to a ]. It skips any text between them. A backslash is
// part of a name.
func parseNames(text string) (token, error) {
	quoted, _, closed := strings.Cut(text, "]")
	if !closed {
		return nil, errBracket
	}
	parts := strings.Split(quoted, "'")
	names := selection{}
	for i := 1; i < len(parts)-1; i += 2 {
		names = append(names, parts[i])
	}
	if len(names) == 1 {
		return step{name: names[0]}, nil
	}
	return names, nil
}
