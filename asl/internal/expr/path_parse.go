package expr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxPathLength is the limit for a path, in bytes. It also limits the nesting in
// filters.
const maxPathLength = 1000

// parseSteps reads the part of a path after its root. It returns the steps of a definite
// path, or the query of any other.
func parseSteps(text string) ([]step, *query, error) {
	if len(text) > maxPathLength {
		return nil, nil, fmt.Errorf("it is longer than %d characters", maxPathLength)
	}
	var steps []step
	var fragments []fragment
	for rest := text; rest != ""; {
		f, tail, err := parseStep(rest)
		if err != nil {
			return nil, nil, fmt.Errorf("%w, at %q", err, rest)
		}
		if s, ok := f.(step); ok {
			steps = append(steps, s)
		}
		fragments = append(fragments, f)
		rest = tail
	}
	if len(steps) == len(fragments) {
		return steps, nil, nil
	}
	q, err := newQuery(fragments)
	return nil, q, err
}

// parseStep reads the first step and returns the rest of the text.
func parseStep(text string) (f fragment, rest string, err error) {
	switch {
	case strings.HasPrefix(text, "..."):
		return nil, "", errors.New("there is one . too many")
	case strings.HasPrefix(text, ".."):
		if rest = text[2:]; rest != "" && rest[0] != '[' {
			rest = text[1:]
		}
		return descent{}, rest, nil
	case strings.HasPrefix(text, ".["):
		return parseBracket(text[1:])
	case strings.HasPrefix(text, ".*"):
		return wildcard{}, text[2:], nil
	case text[0] == '.':
		end := strings.IndexAny(text[1:], ".[") + 1
		if end == 0 {
			end = len(text)
		}
		return step{name: text[1:end]}, text[end:], checkName(text[1:end])
	case text[0] == '[':
		return parseBracket(text)
	}
	return nil, "", errors.New("a . or [ is missing")
}

// checkName returns an error if a name must be in brackets.
func checkName(name string) error {
	if name == "" {
		return errors.New("a name is missing")
	}
	if i := strings.IndexFunc(name, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`()]*?,"'`, r)
	}); i >= 0 {
		return fmt.Errorf("the name %q must be written as ['…']", name)
	}
	return nil
}

func parseBracket(text string) (f fragment, rest string, err error) {
	end := closingBracket(text)
	if end < 0 {
		return nil, "", errors.New("its [ is not closed")
	}
	inside, rest := strings.TrimSpace(text[1:end]), text[end+1:]
	switch {
	case inside == "*":
		return wildcard{}, rest, nil
	case strings.HasPrefix(inside, "?"):
		f, err = newFilter("[" + inside + "]")
	default:
		f, err = parseSelector(inside)
	}
	return f, rest, err
}

// parseSelector reads an index, a slice, a name, or several of one kind.
func parseSelector(text string) (fragment, error) {
	if first, end, isSlice := strings.Cut(text, ":"); isSlice && !strings.ContainsAny(text, `'"`) {
		return parseSlice(first, end)
	}
	var steps []step
	for rest := text; ; {
		s, tail, err := parseMember(rest)
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
		if tail == "" {
			break
		}
		if tail[0] != ',' {
			return nil, errors.New("a , or ] is missing")
		}
		rest = strings.TrimSpace(tail[1:])
	}
	if len(steps) == 1 {
		return steps[0], nil
	}
	return newUnion(steps)
}

func parseSlice(first, end string) (fragment, error) {
	bounds := make([]*int, 2)
	for i, text := range []string{first, end} {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		n, err := parseIndex(text)
		if err != nil {
			return nil, err
		}
		bounds[i] = &n
	}
	return slice{bounds[0], bounds[1]}, nil
}

// parseIndex reads an index. One that is too large becomes the largest.
func parseIndex(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%q is neither an index nor a name in quotes", text)
	}
	return int(n), nil
}

// parseMember reads a quoted name or an index, and returns the rest of the text.
func parseMember(text string) (s step, rest string, err error) {
	if text != "" && (text[0] == '\'' || text[0] == '"') {
		end := closingQuote(text, 0)
		if end < 0 {
			return s, "", errors.New("its quote is not closed")
		}
		return step{name: unquote(text[:end+1])}, strings.TrimSpace(text[end+1:]), nil
	}
	end := strings.IndexByte(text, ',')
	if end < 0 {
		end = len(text)
	}
	index, err := parseIndex(strings.TrimSpace(text[:end]))
	return step{index: index, isIndex: true}, text[end:], err
}

// unquote returns a name without its quotes. As on AWS, a backslash before a quote is
// dropped and any other is part of the name.
func unquote(text string) string {
	quote := text[:1]
	return strings.ReplaceAll(text[1:len(text)-1], `\`+quote, quote)
}

// closingBracket returns the index of the ] that closes the [ at the start, or -1.
func closingBracket(text string) int {
	depth := 0
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
