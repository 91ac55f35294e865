package expr

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"

	"pizzasaga/asl/internal/jsonvalue"
)

// maxRangeLength is how many numbers ArrayRange gives at most.
const maxRangeLength = 1000

func array(args []any) (any, error) { return args, nil }

func arrayLength(args []any) (any, error) {
	list, ok := args[0].([]any)
	if !ok {
		return nil, errArguments
	}
	return int64(len(list)), nil
}

// arrayContains compares as Java does: 1 is not 1.0.
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

// arrayGetItem counts from 0. In an empty array every item is null.
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

// arrayRange gives the numbers from the first to the second argument, that
// one included, in steps of the third.
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

// jsonMerge puts the second object over the first. AWS knows the shallow mode
// only, and takes whatever is not true for it.
func jsonMerge(args []any) (any, error) {
	a, ok := args[0].(*jsonvalue.Object)
	b, ok2 := args[1].(*jsonvalue.Object)
	if !ok || !ok2 || args[2] == true {
		return nil, errArguments
	}
	return jsonvalue.Merge(a, b), nil
}

// mathAdd rounds its arguments and adds them as 32-bit integers.
func mathAdd(args []any) (any, error) {
	a, ok := rounded(args[0])
	b, ok2 := rounded(args[1])
	if !ok || !ok2 || !isInt32(a) || !isInt32(b) || !isInt32(a+b) {
		return nil, errArguments
	}
	return a + b, nil
}

// mathRandom gives a number from the first argument up to, not including, the
// second. The same seed gives the same number, though not AWS's.
func mathRandom(args []any) (any, error) {
	first, ok := truncated(args[0])
	end, ok2 := truncated(args[1])
	if !ok || !ok2 || first >= end {
		return nil, errArguments
	}
	if len(args) < 3 {
		return first + rand.Int64N(end-first), nil
	}
	seed, ok := truncated(args[2])
	if !ok {
		return nil, errArguments
	}
	return first + rand.New(rand.NewPCG(uint64(seed), 0)).Int64N(end-first), nil
}

// truncated gives a number without its fraction. That is how AWS reads every
// argument that has to be an integer, but for those of MathAdd; its
// documentation says that they are rounded.
func truncated(v any) (int64, bool) { return integer(v, math.Trunc) }

// rounded gives the nearest integer, halves upwards: -1.5 becomes -1.
func rounded(v any) (int64, bool) {
	return integer(v, func(f float64) float64 { return math.Floor(f + 0.5) })
}

func integer(v any, whole func(float64) float64) (int64, bool) {
	const exact = 1 << 53
	f, ok := jsonvalue.Number(v)
	f = whole(f)
	return int64(f), ok && f >= -exact && f <= exact
}

func isInt32(n int64) bool { return n == int64(int32(n)) }
