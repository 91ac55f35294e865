package expr

import (
	"errors"
	"fmt"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// Path is a compiled JSONPath: "$…" into a state's input, "$$…" into the context
// object, or "$name…" into a variable.
type Path struct {
	*query
	text     string
	kind     rootKind
	variable string // of a "$name…" path
}

type rootKind byte

const (
	inputRoot rootKind = iota
	contextRoot
	variableRoot
)

// CompilePath compiles a JSONPath.
func CompilePath(text string) (*Path, error) {
	p := &Path{text: text}
	rest, err := p.root(text)
	if err == nil {
		p.query, err = parseQuery(rest)
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
		if rest = text[2:]; rest != "" && rest[0] != '.' && rest[0] != '[' {
			return "", errors.New("a . or [ is missing after $$")
		}
		return rest, nil
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

// Get returns what the path finds, or an *[Error].
func (p *Path) Get(s *Scope) (any, error) {
	if v, found := p.inContext(s); found {
		return v, nil
	}
	root, ok := p.document(s)
	if !ok {
		return nil, p.invalid("No variable of this name has been assigned")
	}
	if p.readsNull(s) {
		return nil, errNullDocument
	}
	v, err := p.get(root, root)
	if err != nil {
		return nil, p.invalid(err.Error())
	}
	return v, nil
}

func (p *Path) invalid(why string) *Error {
	return RuntimeError("Invalid path '%s' : %s", p.text, why)
}

// errNullDocument is the error of a path into a state's input, even "$", if the input is
// null.
var errNullDocument = RuntimeError("Unable to apply Path transformation to null or empty input.")

func (p *Path) readsNull(s *Scope) bool { return p.kind == inputRoot && s.Input == nil }

// Field returns what the path finds for the field with this name. The cause of an error
// has the context object for a "$$" path, and the state's input for any other, unless the
// input is null.
func (p *Path) Field(s *Scope, name string) (any, error) {
	v, err := p.Get(s)
	if err == nil || errors.Is(err, errNullDocument) {
		return v, err
	}
	searched := s.Input
	if p.kind == contextRoot {
		searched = s.Context().object()
	}
	return nil, RuntimeError("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
		p.text, name, jsonvalue.Encode(searched))
}

// operand returns what the path finds for a rule of a Choice. If it finds nothing, AWS
// has another message than for Get.
func (p *Path) operand(s *Scope) (any, error) {
	if p.readsNull(s) {
		return nil, errNullDocument
	}
	if v, found := p.lookup(s); found {
		return v, nil
	}
	return nil, RuntimeError("Invalid path '%s': The choice state's condition path references an invalid value.", p.text)
}

// argument returns what the path finds for a call. If it finds nothing, the cause has the
// state's input, even if the path reads another document.
func (p *Path) argument(s *Scope) (any, error) {
	if v, found := p.lookup(s); found {
		return v, nil
	}
	if root, ok := p.document(s); ok {
		if _, err := p.get(root, root); err != nil && !isMissing(err) {
			return nil, err
		}
	}
	inDocument := p.text
	if p.kind == contextRoot {
		inDocument = p.text[1:]
	}
	return nil, cause(fmt.Sprintf("The JsonPath argument for the field '%s' could not be found in the input '%s'",
		inDocument, jsonvalue.Encode(s.Input)))
}

// lookup returns what the path finds, and whether it finds anything. Unlike in Get, an
// index outside its array finds nothing, so that rules can test with IsPresent whether an
// item exists.
func (p *Path) lookup(s *Scope) (v any, found bool) {
	if v, found = p.inContext(s); v != nil {
		return v, found
	}
	root, ok := p.document(s)
	if !ok {
		return nil, false
	}
	v, err := p.get(root, root)
	return v, err == nil && (v != nil || !p.endsOutside(root))
}

// inContext returns what a path finds in the context object without creating all of it.
func (p *Path) inContext(s *Scope) (v any, found bool) {
	if p.kind != contextRoot {
		return nil, false
	}
	return s.Context().find(p.query)
}

// document returns the value that the path reads.
func (p *Path) document(s *Scope) (any, bool) {
	switch p.kind {
	case inputRoot:
		return s.Input, true
	case contextRoot:
		return s.Context().object(), true
	default:
		return s.Variables.Get(p.variable)
	}
}
