package expr

import (
	"math"
	"math/rand/v2"

	"pizzasaga/asl/internal/jsonvalue"
)

// mathAdd rounds its arguments and adds them as 32-bit integers.
func mathAdd(args []any) (any, error) {
	a, ok := rounded(args[0])
	b, ok2 := rounded(args[1])
	if !ok || !ok2 || !isInt32(a) || !isInt32(b) || !isInt32(a+b) {
		return nil, errArguments
	}
	return a + b, nil
}

// mathRandom returns a number from the first argument up to the second, which is excluded.
// The same seed always returns the same number, but not the number that AWS returns.
func mathRandom(args []any) (any, error) {
	first, ok := truncated(args[0])
	end, ok2 := truncated(args[1])
	if !ok || !ok2 || first >= end {
		return nil, errArguments
	}
	random := args[len(args)-1].(*rand.Rand)
	if len(args) > 3 {
		seed, ok := truncated(args[2])
		if !ok {
			return nil, errArguments
		}
		random = rand.New(rand.NewPCG(uint64(seed), 0))
	}
	return first + random.Int64N(end-first), nil
}

// truncated returns a number without its fraction. AWS truncates arguments that must be
// integers, although its documentation says that they are rounded. AWS rounds only the
// arguments of MathAdd.
func truncated(v any) (int64, bool) { return integer(v, math.Trunc) }

// rounded returns the nearest integer. Halves are rounded up: -1.5 becomes -1.
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
