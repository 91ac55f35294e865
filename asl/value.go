package asl

import (
	"encoding/json"
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// Value is an immutable JSON value. The zero value is null.
type Value struct {
	form any // a tree of jsonvalue, or packed
}

// packed is a value as compact JSON, which takes a third of the memory of a tree. Histories
// have the parameters and outputs of tasks in this form.
type packed []byte

// tree returns the value as a tree of jsonvalue.
func (v Value) tree() any {
	if text, ok := v.form.(packed); ok {
		tree, _ := jsonvalue.Decode([]byte(text)) // cannot fail: jsonvalue.Encode returned the text
		return tree
	}
	return v.form
}

// ParseValue parses a JSON text.
func ParseValue(text []byte) (Value, error) {
	tree, err := jsonvalue.Decode(text)
	return Value{tree}, err
}

// String returns the value as compact JSON.
func (v Value) String() string {
	if text, ok := v.form.(packed); ok {
		return string(text)
	}
	return string(jsonvalue.Encode(v.form))
}

// Bytes returns the value as compact JSON, in a new slice.
func (v Value) Bytes() []byte {
	if text, ok := v.form.(packed); ok {
		return slices.Clone(text)
	}
	return jsonvalue.Encode(v.form)
}

// Any returns a new copy of the value: nil, bool, int64, float64, string, []any
// or map[string]any. A number that neither int64 nor float64 can hold is a
// json.Number.
func (v Value) Any() any { return jsonvalue.Plain(v.tree()) }

// MarshalJSON returns the value as JSON in a JSON string, which is the form of inputs and
// outputs in the Step Functions API.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.String()) }

// UnmarshalJSON reads what MarshalJSON returns.
func (v *Value) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	var err error
	*v, err = ParseValue([]byte(text))
	return err
}
