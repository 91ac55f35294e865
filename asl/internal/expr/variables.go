package expr

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"unicode"
	"unicode/utf8"

	"pizzasaga/asl/internal/jsonvalue"
)

// Variables are the variables that a frame can read: those that it has assigned, and
// those of the outer frame. Only UnmarshalJSON changes it; nil has no variables.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
type Variables struct {
	outer  *Variables
	values map[string]any
}

// Inner returns variables without values, whose outer variables are v. A branch or an
// iteration begins with these.
func (v *Variables) Inner() *Variables { return &Variables{outer: v} }

// Within returns v with other outer variables.
func (v *Variables) Within(outer *Variables) *Variables {
	inner := outer.Inner()
	if v != nil {
		inner.values = v.values
	}
	return inner
}

// Assign returns v with new values for some variables.
func (v *Variables) Assign(values *jsonvalue.Object) *Variables {
	next := &Variables{values: map[string]any{}}
	if v != nil {
		next.outer = v.outer
		maps.Copy(next.values, v.values)
	}
	for _, p := range values.Properties() {
		next.values[p.Name] = p.Value
	}
	return next
}

// Get returns the value of a variable.
func (v *Variables) Get(name string) (any, bool) {
	for ; v != nil; v = v.outer {
		if value, ok := v.values[name]; ok {
			return value, true
		}
	}
	return nil, false
}

// Size returns the length of all values as JSON, without the outer variables.
func (v *Variables) Size() (bytes int) {
	if v == nil {
		return 0
	}
	for _, value := range v.values {
		bytes += jsonvalue.Size(value)
	}
	return bytes
}

// MarshalJSON returns the values without the outer variables.
func (v *Variables) MarshalJSON() ([]byte, error) {
	texts := make(map[string]string, len(v.values))
	for name, value := range v.values {
		texts[name] = string(jsonvalue.Encode(value))
	}
	return json.Marshal(texts)
}

// UnmarshalJSON reads what MarshalJSON returns.
func (v *Variables) UnmarshalJSON(text []byte) error {
	var texts map[string]string
	if err := json.Unmarshal(text, &texts); err != nil {
		return err
	}
	v.values = make(map[string]any, len(texts))
	for name, text := range texts {
		value, err := jsonvalue.Decode(text)
		if err != nil {
			return fmt.Errorf("variable %s: %w", name, err)
		}
		v.values[name] = value
	}
	return nil
}

// CheckVariableName returns an error if a name is not a valid variable name: an identifier
// of Unicode's UAX 31 with at most 80 characters.
func CheckVariableName(name string) error {
	if utf8.RuneCountInString(name) > 80 {
		return errors.New("a variable name must have at most 80 characters")
	}
	for i, r := range name {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc)) {
			return fmt.Errorf("%q is not a valid variable name", name)
		}
	}
	if name == "" {
		return errors.New("a variable name is missing")
	}
	return nil
}
