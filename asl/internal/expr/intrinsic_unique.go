package expr

import (
	"encoding/json"
	"math"
	"slices"
	"unicode/utf16"

	"pizzasaga/asl/internal/jsonvalue"
)

// arrayUnique returns the distinct items of an array, in the order of the Java HashSet that
// AWS uses: [true,false,true] becomes [false,true].
func arrayUnique(args []any) (any, error) {
	list, ok := args[0].([]any)
	if !ok {
		return nil, errArguments
	}
	seen := make(map[string]bool, len(list))
	unique := []any{}
	for _, item := range list {
		if key := string(jsonvalue.Canonical(item)); !seen[key] {
			seen[key] = true
			unique = append(unique, item)
		}
	}
	buckets := uint32(16)
	for len(unique) > int(buckets)*3/4 {
		buckets *= 2
	}
	bucket := func(v any) uint32 {
		h := uint32(javaHash(v))
		return (h ^ h>>16) & (buckets - 1)
	}
	slices.SortStableFunc(unique, func(a, b any) int { return int(bucket(a)) - int(bucket(b)) })
	return unique, nil
}

// javaHash returns the value's hashCode in Java.
func javaHash(v any) int32 {
	switch v := v.(type) {
	case bool:
		if v {
			return 1231
		}
		return 1237
	case int64:
		if isInt32(v) {
			return int32(v)
		}
		return int32(v ^ int64(uint64(v)>>32))
	case float64:
		bits := math.Float64bits(v)
		return int32(uint32(bits ^ bits>>32))
	case json.Number:
		return javaHash(string(v))
	case string:
		var h int32
		for _, unit := range utf16.Encode([]rune(v)) {
			h = 31*h + int32(unit)
		}
		return h
	case []any:
		h := int32(1)
		for _, item := range v {
			h = 31*h + javaHash(item)
		}
		return h
	case *jsonvalue.Object:
		var h int32
		for _, p := range v.Properties() {
			h += javaHash(p.Name) ^ javaHash(p.Value)
		}
		return h
	}
	return 0 // null
}
