package expr

import (
	"errors"
	"fmt"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// Path is a compiled JSONPath: "$…" into a state's input, "$$…" into the context
// object, or "$name…" into a variable.
//
// A path of names and indexes only is definite: it finds one value or none. Any other
// path is indefinite: it finds an array, which is empty if there is no value.
//
// AWS evaluates paths with Jayway's JsonPath over Jackson's tree. Causes have their
// words: https://github.com/json-path/JsonPath.
type Path struct {
	text     string
	kind     rootKind
	variable string // of a "$name…" path
	steps    []step // of a definite path
	query    *query // of an indefinite one, else nil
	length   bool   // ends in .length()
}

type rootKind byte

const (
	inputRoot rootKind = iota
	contextRoot
	variableRoot
)

// CompilePath reads a JSONPath.
func CompilePath(text string) (*Path, error) {
	p := &Path{text: text}
	rest, err := p.root(text)
	if err == nil {
		if trimmed, ok := strings.CutSuffix(rest, ".length()"); ok {
			rest, p.length = trimmed, true
		}
		p.steps, p.query, err = parseSteps(rest)
	}
	if err != nil {
		return nil, fmt.Errorf("%q is not a valid path: %w", text, err)
	}
	return p, nil
}

// root reads the root of the path and returns the rest of the text.
func (p *Path) root(text string) (rest string, err error) {
	switch {
	case !strings.HasPrefix(text, "$"):
		return "", errors.New("it must start with $")
	case strings.HasPrefix(text, "$$"):
		p.kind = contextRoot
		return text[2:], nil
	}
	rest = text[1:]
	if rest == "" || rest[0] == '.' || rest[0] == '[' {
		return rest, nil
	}
	p.kind = variableRoot
	end := strings.IndexAny(rest, ".[")
	if end < 0 {
		end = len(rest)
	}
	p.variable = rest[:end]
	return rest[end:], CheckVariableName(p.variable)
}

// String returns the path as it was written.
func (p *Path) String() string { return p.text }

// IsRoot reports whether the path is "$".
func (p *Path) IsRoot() bool { return p.text == "$" }

// Get returns what the path finds, or an *[Error]. As on AWS, a last index past the
// end of its array finds null.
func (p *Path) Get(s *Scope) (any, error) {
	root, ok := p.document(s)
	if !ok {
		return nil, p.invalid("No variable of this name has been assigned")
	}
	if p.readsNull(s) {
		return nil, errNullDocument
	}
	if p.query != nil {
		found, err := p.query.run(root)
		if err != nil {
			return nil, p.invalid(err.Error())
		}
		return p.measured(found)
	}
	v, failed := p.walk(root)
	if failed < len(p.steps) && !p.pastEnd(v, failed) {
		return nil, p.invalid(p.describe(v, failed))
	}
	if failed < len(p.steps) {
		v = nil
	}
	return p.measured(v)
}

// errNullDocument is the error of a path into a state's input, "$" included, if that
// is null.
var errNullDocument = RuntimeError("Unable to apply Path transformation to null or empty input.")

func (p *Path) readsNull(s *Scope) bool { return p.kind == inputRoot && s.Input == nil }

// Field returns what the path finds for the field of this name. If it finds nothing,
// the cause shows the document.
func (p *Path) Field(s *Scope, name string) (any, error) {
	v, err := p.Get(s)
	if err == nil || errors.Is(err, errNullDocument) {
		return v, err
	}
	searched := s.Input
	if p.kind == contextRoot {
		searched = s.Context()
	}
	return nil, RuntimeError("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
		p.text, name, jsonvalue.Encode(searched))
}

// operand returns what the path finds for a rule of a Choice. If it finds nothing, AWS
// has other words.
func (p *Path) operand(s *Scope) (any, error) {
	if p.readsNull(s) {
		return nil, errNullDocument
	}
	if v, found := p.lookup(s); found {
		return v, nil
	}
	return nil, RuntimeError("Invalid path '%s': The choice state's condition path references an invalid value.", p.text)
}

// argument returns what the path finds for a call. Here an index past the end of its
// array finds nothing, and the cause shows the state's input even if the path leads
// into another document.
func (p *Path) argument(s *Scope) (any, error) {
	if v, found := p.lookup(s); found {
		return v, nil
	}
	if root, ok := p.document(s); ok {
		if v, failed := p.walk(root); failed < len(p.steps) && p.steps[failed].isIndex {
			if _, isArray := v.([]any); !isArray {
				return nil, cause(p.describe(v, failed))
			}
		}
	}
	inDocument := p.text
	if p.kind == contextRoot {
		inDocument = p.text[1:]
	}
	return nil, cause(fmt.Sprintf("The JsonPath argument for the field '%s' could not be found in the input '%s'",
		inDocument, jsonvalue.Encode(s.Input)))
}

// lookup returns what the path finds, and whether it finds anything. An index past the
// end of its array finds nothing; an indefinite path always finds an array.
func (p *Path) lookup(s *Scope) (v any, found bool) {
	root, ok := p.document(s)
	if !ok {
		return nil, false
	}
	if p.query == nil {
		var failed int
		if v, failed = p.walk(root); failed < len(p.steps) {
			return nil, false
		}
	} else if list, err := p.query.run(root); err == nil {
		v = list
	} else {
		return nil, false
	}
	v, err := p.measured(v)
	return v, err == nil
}

// document returns the value that the path leads into.
func (p *Path) document(s *Scope) (any, bool) {
	switch p.kind {
	case inputRoot:
		return s.Input, true
	case contextRoot:
		return s.Context(), true
	default:
		return s.Variables.Get(p.variable)
	}
}

// walk follows the steps of a definite path. It returns what they find and
// len(p.steps), or the index of the step that finds nothing and the value before it.
func (p *Path) walk(v any) (last any, failed int) {
	for i := range p.steps {
		next, ok := p.steps[i].find(v)
		if !ok {
			return v, i
		}
		v = next
	}
	return v, len(p.steps)
}

// pastEnd reports whether the last step failed because its array is too short. In
// Jackson's tree it finds null.
func (p *Path) pastEnd(v any, failed int) bool {
	_, isArray := v.([]any)
	return isArray && p.steps[failed].isIndex && failed == len(p.steps)-1
}

// measured returns the length of v if the path ends in .length(), otherwise v.
func (p *Path) measured(v any) (any, error) {
	if !p.length {
		return v, nil
	}
	array, ok := v.([]any)
	if !ok {
		return nil, p.invalid("length() can only be applied to arrays")
	}
	return int64(len(array)), nil
}
