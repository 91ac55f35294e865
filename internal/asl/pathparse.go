package asl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ohler55/ojg/jp"
)

// maxPath is how long a path may be; it also bounds how deep its filters nest.
const maxPath = 1000

// parseSteps reads what follows a path's root. It gives steps for a definite
// path and a query for any other.
func parseSteps(text string) ([]step, *query, error) {
	if len(text) > maxPath {
		return nil, nil, fmt.Errorf("it is longer than %d characters", maxPath)
	}
	var steps []step
	var fragments jp.Expr
	definite := true
	for rest := text; rest != ""; {
		s, fragment, tail, err := parseStep(rest)
		if err != nil {
			return nil, nil, fmt.Errorf("%w, at %q", err, rest)
		}
		if fragment == nil {
			steps = append(steps, s)
			fragment = s.child()
		} else {
			definite = false
		}
		fragments = append(fragments, fragment)
		rest = tail
	}
	if definite {
		return steps, nil, nil
	}
	if _, open := fragments[len(fragments)-1].(jp.Descent); open {
		return nil, nil, errors.New("nothing follows its ..")
	}
	return nil, newQuery(fragments, text), nil
}

// parseStep reads one step from the start of text. What is not a plain name
// or index comes as a fragment.
func parseStep(text string) (s step, fragment jp.Frag, rest string, err error) {
	switch {
	case strings.HasPrefix(text, ".."):
		rest = text[2:]
		if rest != "" && rest[0] != '[' && rest[0] != '.' {
			rest = "." + rest
		}
		return s, jp.Descent('.'), rest, nil
	case strings.HasPrefix(text, ".["):
		return parseBracket(text[1:])
	case strings.HasPrefix(text, ".*"):
		return s, jp.Wildcard('*'), text[2:], nil
	case text[0] == '.':
		end := strings.IndexAny(text[1:], ".[") + 1
		if end == 0 {
			end = len(text)
		}
		s.name = text[1:end]
		return s, nil, text[end:], checkName(s.name)
	case text[0] == '[':
		return parseBracket(text)
	}
	return s, nil, "", errors.New("a . or [ is missing")
}

// checkName refuses what has to stand in brackets.
func checkName(name string) error {
	if name == "" {
		return errors.New("a name is missing")
	}
	if i := strings.IndexFunc(name, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`()]*?,:"'`, r)
	}); i >= 0 {
		return fmt.Errorf("the name %q has to be written as ['…']", name)
	}
	return nil
}

// checkVariableName holds to AWS's rule for names of variables: those of
// Unicode's UAX 31, at most 80 characters.
func checkVariableName(name string) error {
	if utf8.RuneCountInString(name) > 80 {
		return errors.New("the name of a variable has at most 80 characters")
	}
	for i, r := range name {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.IsDigit(r)) {
			return fmt.Errorf("%q is not the name of a variable", name)
		}
	}
	return nil
}

func parseBracket(text string) (s step, fragment jp.Frag, rest string, err error) {
	end := closingBracket(text)
	if end < 0 {
		return s, nil, "", errors.New("its [ is not closed")
	}
	inside, rest := strings.TrimSpace(text[1:end]), text[end+1:]
	if name, ok := quotedName(inside); ok {
		return step{name: name}, nil, rest, nil
	}
	if index, err := strconv.Atoi(inside); err == nil || errors.Is(err, strconv.ErrRange) {
		return step{index: index, isIndex: true}, nil, rest, nil // Atoi saturates: past the end
	}
	fragment, err = parseFragment(text[:end+1])
	return s, fragment, rest, err
}

// closingBracket finds the ] of the [ that text starts with, -1 if there is none.
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

// quotedName reads 'name' or "name". A backslash hides the quote that follows
// it and is otherwise part of the name, as AWS has it.
func quotedName(text string) (string, bool) {
	if len(text) < 2 || (text[0] != '\'' && text[0] != '"') || text[len(text)-1] != text[0] {
		return "", false
	}
	quote := text[:1]
	name := text[1 : len(text)-1]
	hidden := strings.ReplaceAll(name, `\`+quote, "")
	if strings.Contains(hidden, quote) {
		return "", false // ['a','b']
	}
	return strings.ReplaceAll(name, `\`+quote, quote), true
}

// parseFragment reads a wildcard, slice, union or filter in brackets.
func parseFragment(text string) (jp.Frag, error) {
	expr, err := jp.ParseString("$" + text)
	if err != nil || len(expr) != 2 {
		return nil, errors.New("it cannot be read")
	}
	switch f := expr[1].(type) {
	case jp.Wildcard, *jp.Filter:
		return f, nil
	case jp.Slice:
		if f[2] != jp.SliceNotSet {
			return nil, errors.New("a slice has no step")
		}
		return f, nil
	case jp.Union:
		for i, member := range f {
			for _, earlier := range f[:i] {
				if member == earlier {
					return nil, fmt.Errorf("%v comes twice", member)
				}
			}
		}
		return f, nil
	}
	return nil, errors.New("it cannot be read")
}
