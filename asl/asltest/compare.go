package asltest

import (
	"fmt"

	"pizzasaga/asl"
	"pizzasaga/asl/internal/jsonvalue"
)

// anything is an expected value that equals every value.
const anything = "*"

// unlike returns how a value differs from an expected one, or an empty text.
func unlike(expected string, actual asl.Value) string {
	want, err := jsonvalue.Decode(expected)
	if err != nil {
		return fmt.Sprintf("the test expects something that is not JSON (%v): %s", err, expected)
	}
	got, _ := jsonvalue.Decode(actual.Bytes()) // Bytes returned it
	d := differ("$", want, got, func(want, got any) bool { return want == anything || jsonvalue.Equal(want, got) })
	if d == nil {
		return ""
	}
	return fmt.Sprintf("at %s\nwant %s\ngot  %s\nof   %s", d.place, d.want, d.got, actual)
}

// difference is the first place at which two values differ.
type difference struct{ place, want, got string }

// nothing represents a missing value.
const nothing = "nothing"

// differ returns the first difference between two values, or nil. same compares values that
// are not both objects or both arrays.
func differ(place jsonvalue.Place, want, got any, same func(want, got any) bool) *difference {
	switch wanted := want.(type) {
	case *jsonvalue.Object:
		if actual, ok := got.(*jsonvalue.Object); ok {
			return differObjects(place, wanted, actual, same)
		}
	case []any:
		actual, ok := got.([]any)
		if !ok {
			break
		}
		for i := range max(len(wanted), len(actual)) {
			switch at := place.Item(i); {
			case i >= len(actual):
				return &difference{string(at), text(wanted[i]), nothing}
			case i >= len(wanted):
				return &difference{string(at), nothing, text(actual[i])}
			default:
				if d := differ(at, wanted[i], actual[i], same); d != nil {
					return d
				}
			}
		}
		return nil
	}
	if same(want, got) {
		return nil
	}
	return &difference{string(place), text(want), text(got)}
}

func differObjects(place jsonvalue.Place, want, got *jsonvalue.Object, same func(want, got any) bool) *difference {
	for _, p := range want.Properties() {
		actual, ok := got.Get(p.Name)
		if !ok {
			return &difference{string(place.Field(p.Name)), text(p.Value), nothing}
		}
		if d := differ(place.Field(p.Name), p.Value, actual, same); d != nil {
			return d
		}
	}
	for _, p := range got.Properties() {
		if _, ok := want.Get(p.Name); !ok {
			return &difference{string(place.Field(p.Name)), nothing, text(p.Value)}
		}
	}
	return nil
}

func text(v any) string { return string(jsonvalue.Encode(v)) }
