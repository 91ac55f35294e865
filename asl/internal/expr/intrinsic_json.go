package expr

import (
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// jsonMerge returns an object with the properties of both objects. If both have a property,
// the second object's value is used. AWS refuses true, which is the deep mode, and treats
// any other value as the shallow mode.
func jsonMerge(args []any) (any, error) {
	a, ok := args[0].(*jsonvalue.Object)
	b, ok2 := args[1].(*jsonvalue.Object)
	if !ok || !ok2 || args[2] == true {
		return nil, errArguments
	}
	return jsonvalue.Merge(a, b), nil
}

// stringToJSON parses a JSON text. A blank text becomes null.
func stringToJSON(args []any) (any, error) {
	text, ok := args[0].(string)
	if !ok {
		return nil, errArguments
	}
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	v, err := jsonvalue.Decode(text)
	if err != nil {
		return nil, errArguments
	}
	return v, nil
}

func jsonToString(args []any) (any, error) {
	if jsonvalue.Size(args[0]) > maxTextBytes {
		return nil, errArguments
	}
	return string(jsonvalue.Encode(args[0])), nil
}
