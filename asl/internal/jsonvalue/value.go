// Package jsonvalue has JSON values like those of AWS Step Functions: objects keep the order
// of their properties, and 1.0 remains 1.0. The maps of encoding/json lose the order. Its
// token stream keeps both, but takes six times as long to read.
//
// A value is nil, bool, string, int64, float64, []any or [*Object], or a json.Number if
// neither an int64 nor a float64 can hold the number. Values never change, so inputs,
// outputs, variables and histories can share them.
package jsonvalue

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Equal reports whether two values are equal. 1 equals 1.0, and the order of properties
// does not matter.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case nil, bool, string:
		return a == b
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Equal)
	case *Object:
		b, ok := b.(*Object)
		if !ok || len(a.properties) != len(b.properties) {
			return false
		}
		for _, p := range a.properties {
			if other, has := b.Get(p.Name); !has || !Equal(p.Value, other) {
				return false
			}
		}
		return true
	}
	order, ok := CompareNumbers(a, b)
	return ok && order == 0
}

// CompareNumbers compares two numbers. ok is false if one of the values is not a number.
func CompareNumbers(a, b any) (order int, ok bool) {
	if a, isInt := a.(int64); isInt {
		if b, isInt := b.(int64); isInt {
			return cmp.Compare(a, b), true
		}
	}
	x, isNumber := Number(a)
	y, alsoNumber := Number(b)
	return cmp.Compare(x, y), isNumber && alsoNumber
}

// Number returns a JSON number as the nearest float64.
func Number(v any) (f float64, ok bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case json.Number:
		f, _ := v.Float64() // ±Inf when out of range
		return f, true
	}
	return 0, false
}

// Text returns a string as it is, and any other value as JSON.
func Text(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	return string(Encode(v))
}

// Canonical returns the value as JSON with the properties of all objects sorted by name. Two
// values that are equal in Java have the same canonical JSON.
func Canonical(v any) []byte { return Encode(sorted(v)) }

func sorted(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = sorted(item)
		}
		return list
	case *Object:
		properties := make([]Property, len(v.properties))
		for i, p := range v.properties {
			properties[i] = Property{p.Name, sorted(p.Value)}
		}
		slices.SortFunc(properties, func(a, b Property) int { return strings.Compare(a.Name, b.Name) })
		return ObjectOf(properties...)
	}
	return v
}

// Plain returns a copy of the value with maps instead of objects.
func Plain(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = Plain(item)
		}
		return list
	case *Object:
		object := make(map[string]any, len(v.properties))
		for _, p := range v.properties {
			object[p.Name] = Plain(p.Value)
		}
		return object
	}
	return v
}
