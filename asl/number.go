package asl

import (
	"math"
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// maxSeconds is the longest time that AWS accepts in a definition.
const maxSeconds = 99999999

// number is a whole number in a field, or found by the path in the field
// <Name>Path.
type number struct {
	*numberKind
	field    string
	constant int64      // 0 if the field is absent
	path     *expr.Path // nil if the constant counts
}

// numberKind says which numbers a path may find, and has AWS's words for anything
// else. They show the field [1], the path [2] and what it found [3].
type numberKind struct {
	low, high int64
	wrong     string
	negative  string // where AWS has other words for a number below 0
}

var (
	timeoutSeconds = &numberKind{low: 1, high: maxSeconds,
		wrong: "The %[1]sPath parameter cannot be parsed as a positive long value: %[2]s == %[3]s"}
	waitSeconds = &numberKind{low: 0, high: maxSeconds,
		wrong:    "The %[1]sPath parameter cannot be parsed as a long value: %[2]s == %[3]s",
		negative: "The %[1]sPath parameter references a negative value: %[2]s == %[3]s"}
	mapCount = &numberKind{low: 0, high: math.MaxInt64,
		wrong: "The %[1]sPath field refers to value \"%[3]s\" which is not a valid integer: %[2]s"}
)

// get returns the number. The input is what the path looks into.
func (n *number) get(t *turn, f *frame, input any) (int64, error) {
	if n.path == nil {
		return n.constant, nil
	}
	value, err := n.path.Get(t.scope(f, input))
	if err != nil {
		return 0, err
	}
	found, whole := value.(int64)
	if whole && n.low <= found && found <= n.high {
		return found, nil
	}
	message := n.wrong
	if whole && found < 0 && n.negative != "" {
		message = n.negative
	}
	return 0, expr.RuntimeError(message, n.field, n.path, jsonvalue.Text(value))
}

// duration returns the number as seconds.
func (n *number) duration(t *turn, f *frame, input any) (time.Duration, error) {
	seconds, err := n.get(t, f, input)
	return time.Duration(seconds) * time.Second, err
}
