package asl

import (
	"fmt"
	"strings"
)

// path is a compiled JSONPath: "$…" into a state's input, "$$…" into the
// context object, "$name…" into a variable.
//
// A path of names and indexes only is definite: it finds one value or none.
// Any other is indefinite and always gives a list, an empty one where its
// beginning is missing.
//
// AWS evaluates paths with Jayway's JsonPath over Jackson's tree, whose
// wording shows in the causes of failures: https://github.com/json-path/JsonPath.
type path struct {
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

// step is one .name or [index] of a definite path.
type step struct {
	name    string
	index   int
	isIndex bool
}

func (s step) String() string {
	if s.isIndex {
		return fmt.Sprintf("[%d]", s.index)
	}
	return "['" + s.name + "']"
}

// compilePath reads a JSONPath. Its error says what is wrong with the text.
func compilePath(text string) (*path, error) {
	p := &path{text: text}
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

// root reads what a path starts from and gives what follows.
func (p *path) root(text string) (rest string, err error) {
	switch {
	case !strings.HasPrefix(text, "$"):
		return "", fmt.Errorf("it has to start with $")
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
	return rest[end:], checkVariableName(p.variable)
}

// isReference tells whether the path names one place, as a reference path does.
func (p *path) isReference() bool { return p.query == nil && !p.length }

// String is the path as it was written.
func (p *path) String() string { return p.text }

// get gives what the path finds, or a *runtimeError. An index past the end of
// its array finds null, as on AWS.
func (p *path) get(s *scope) (any, error) {
	root, ok := p.document(s)
	if !ok {
		return nil, p.invalid("No variable of this name has been assigned")
	}
	if p.ofNothing(s) {
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

// errNullDocument is what AWS says of a path into a state's input that is null,
// the path "$" included.
var errNullDocument = &runtimeError{runtimeName, "Unable to apply Path transformation to null or empty input."}

func (p *path) ofNothing(s *scope) bool { return p.kind == inputRoot && s.input == nil }

// lookup tells whether the path finds a value. What is indefinite always does.
func (p *path) lookup(s *scope) (v any, found bool) {
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

// document is what the path goes through.
func (p *path) document(s *scope) (any, bool) {
	switch p.kind {
	case inputRoot:
		return s.input, true
	case contextRoot:
		return s.context(), true
	default:
		return s.vars.get(p.variable)
	}
}

// walk follows the steps of a definite path. It stops at the first one that
// fails and gives the value before it; failed is len(p.steps) when none does.
func (p *path) walk(v any) (last any, failed int) {
	for i := range p.steps {
		s := &p.steps[i]
		if !s.isIndex {
			object, _ := v.(*jsonObject)
			next, ok := object.get(s.name)
			if !ok {
				return v, i
			}
			v = next
			continue
		}
		array, _ := v.([]any)
		index := s.index
		if index < 0 {
			index += len(array)
		}
		if index < 0 || index >= len(array) {
			return v, i
		}
		v = array[index]
	}
	return v, len(p.steps)
}

// pastEnd tells whether the path's last step failed at an array that is too
// short, which Jackson's tree answers with null.
func (p *path) pastEnd(v any, failed int) bool {
	_, isArray := v.([]any)
	return isArray && p.steps[failed].isIndex && failed == len(p.steps)-1
}

// measured applies .length(), of which only arrays have one.
func (p *path) measured(v any) (any, error) {
	if !p.length {
		return v, nil
	}
	array, ok := v.([]any)
	if !ok {
		return nil, p.invalid("length() can only be applied to arrays")
	}
	return int64(len(array)), nil
}

func (p *path) invalid(why string) *runtimeError {
	return &runtimeError{
		Name:  runtimeName,
		Cause: fmt.Sprintf("Invalid path '%s' : %s", p.text, why),
	}
}

// describe says in Jayway's words why a step found nothing in v.
func (p *path) describe(v any, failed int) string {
	last := failed == len(p.steps)-1
	if p.steps[failed].isIndex {
		switch v := v.(type) {
		case []any: // a step follows: it is the one that fails, on the null found here
			return notObject(p.steps[failed+1], p.normal(failed+1), "null")
		default:
			return fmt.Sprintf("Filter: %s can only be applied to arrays. Current context is: %s",
				p.steps[failed], encode(v))
		}
	}
	switch v.(type) {
	case *jsonObject:
		if last {
			return "No results for path: " + p.normal(failed+1)
		}
		return "Missing property in path " + p.normal(failed+1)
	default:
		return notObject(p.steps[failed], p.normal(failed), jacksonClass(v))
	}
}

func notObject(s step, where, class string) string {
	return fmt.Sprintf("Expected to find an object with property %s in path %s but found '%s'. "+
		"This is not a json object according to the JsonProvider: "+
		"'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.", s, where, class)
}

// normal writes the first n steps in bracket notation.
func (p *path) normal(n int) string {
	var b strings.Builder
	b.WriteString("$")
	for _, s := range p.steps[:n] {
		b.WriteString(s.String())
	}
	return b.String()
}

func jacksonClass(v any) string {
	class := "DecimalNode"
	switch v := v.(type) {
	case nil:
		class = "NullNode"
	case bool:
		class = "BooleanNode"
	case string:
		class = "TextNode"
	case int64:
		class = "IntNode"
		if int64(int32(v)) != v {
			class = "LongNode"
		}
	case float64:
		class = "DoubleNode"
	case []any:
		class = "ArrayNode"
	}
	return "com.fasterxml.jackson.databind.node." + class
}
