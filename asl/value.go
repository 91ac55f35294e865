package asl

import (
	"encoding/json"

	"pizzasaga/asl/internal/jsonvalue"
)

// Value is an immutable JSON value.
type Value struct{ tree any } // or packed

// packed is a value as its text, which takes a third of the memory.
type packed string

// ParseValue reads a JSON text.
func ParseValue(text []byte) (Value, error) {
	tree, err := jsonvalue.Decode(text)
	return Value{tree}, err
}

// String returns the value as compact JSON.
func (v Value) String() string {
	if text, ok := v.tree.(packed); ok {
		return string(text)
	}
	return string(jsonvalue.Encode(v.tree))
}

// Bytes returns the value as compact JSON.
func (v Value) Bytes() []byte { return []byte(v.String()) }

// Any returns the value as nil, bool, int64, float64, string, []any or
// map[string]any, made anew; a number that neither int64 nor float64 can hold
// is a json.Number.
func (v Value) Any() any {
	if text, ok := v.tree.(packed); ok {
		tree, _ := jsonvalue.Decode([]byte(text)) // encode wrote it
		return jsonvalue.Plain(tree)
	}
	return jsonvalue.Plain(v.tree)
}

// MarshalJSON returns the value as a JSON string that holds its text, which is how
// the Step Functions API carries inputs and outputs.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Value) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	var err error
	*v, err = ParseValue([]byte(text))
	return err
}
