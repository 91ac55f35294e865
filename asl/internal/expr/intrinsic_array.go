package expr

import (
	"bytes"
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// maxRangeLength is the largest number of items that ArrayRange can return.
const maxRangeLength = 1000

func array(args []any) (any, error) { return args, nil }

func arrayLength(args []any) (any, error) {
	list, ok := args[0].([]any)
	if !ok {
		return nil, errArguments
	}
	return int64(len(list)), nil
}

// arrayContains compares as Java does: 1 and 1.0 differ.
func arrayContains(args []any) (any, error) {
	list, ok := args[0].([]any)
	if !ok {
		return nil, errArguments
	}
	wanted := jsonvalue.Canonical(args[1])
	return slices.ContainsFunc(list, func(item any) bool {
		return bytes.Equal(jsonvalue.Canonical(item), wanted)
	}), nil
}

// arrayGetItem counts from 0. Every item of an empty array is null.
func arrayGetItem(args []any) (any, error) {
	list, ok := args[0].([]any)
	index, isNumber := truncated(args[1])
	if !ok || !isNumber || index < 0 {
		return nil, errArguments
	}
	if len(list) == 0 {
		return nil, nil
	}
	if index >= int64(len(list)) {
		return nil, errArguments
	}
	return list[index], nil
}

func arrayPartition(args []any) (any, error) {
	list, ok := args[0].([]any)
	length, isNumber := truncated(args[1])
	if !ok || !isNumber || length < 1 {
		return nil, errArguments
	}
	chunks := []any{}
	for chunk := range slices.Chunk(list, int(min(length, int64(len(list)+1)))) {
		chunks = append(chunks, chunk)
	}
	return chunks, nil
}

// arrayRange returns the numbers from the first argument to the second, both
// included, in steps of the third.
func arrayRange(args []any) (any, error) {
	first, ok := truncated(args[0])
	last, ok2 := truncated(args[1])
	step, ok3 := truncated(args[2])
	if !ok || !ok2 || !ok3 || step == 0 || (last-first)/step >= maxRangeLength {
		return nil, errArguments
	}
	list := []any{}
	for n := first; (step > 0 && n <= last) || (step < 0 && n >= last); n += step {
		list = append(list, n)
	}
	return list, nil
}
