package asl

import (
	"math"
	"strconv"
	"time"

	"pizzasaga/asl/internal/expr"
	"pizzasaga/asl/internal/jsonvalue"
)

// maxSeconds is the longest time that AWS accepts in a definition.
const maxSeconds = 99999999

// maxWait is the longest possible Wait. AWS is known to accept 24,855 days but not 24,856.
const maxWait = math.MaxInt32 * time.Second

// number is a whole number: the value of a field, or the value that the path in the field
// <Name>Path finds.
type number struct {
	*numberKind
	field    string
	constant int64      // 0 if the field is absent
	path     *expr.Path // nil if the constant is used
}

// numberKind has the range of the numbers that a path may find, and AWS's messages for other
// values. Their arguments are the field [1], the path [2] and the value [3].
type numberKind struct {
	low, high int64
	wrong     string
	negative  string // if AWS has another message for negative numbers
	missing   string // if AWS has another message for a path that finds nothing
	texts     bool   // "1" is accepted as 1
}

var (
	timeoutSeconds = &numberKind{low: 1, high: maxSeconds,
		wrong: "The %[1]sPath parameter cannot be parsed as a positive long value: %[2]s == %[3]s"}
	waitSeconds = &numberKind{low: 0, high: math.MaxInt64,
		wrong:    "The %[1]sPath parameter cannot be parsed as a long value: %[2]s == %[3]s",
		negative: "The %[1]sPath parameter references a negative value: %[2]s == %[3]s",
		missing:  missingWait}
	mapCount = &numberKind{low: 0, high: math.MaxInt64, texts: true,
		wrong: "The %[1]sPath field refers to value \"%[3]s\" which is not a valid integer: %[2]s"}
)

// missingWait is AWS's message for a path of a Wait that finds nothing. Its arguments are
// the field [1] and the path [2].
const missingWait = "The %[1]sPath parameter does not reference an input value: %[2]s"

// get returns the number. The path is applied to input.
func (n *number) get(t *turn, f *frame, input any) (int64, error) {
	if n.path == nil {
		return n.constant, nil
	}
	value, err := n.path.Get(t.scope(f, input))
	switch {
	case err != nil && n.missing != "":
		return 0, expr.RuntimeError(n.missing, n.field, n.path)
	case err != nil:
		return 0, err
	}
	found, whole := value.(int64)
	if text, isText := value.(string); isText && n.texts {
		found, err = strconv.ParseInt(text, 10, 64)
		whole = err == nil
	}
	if whole && n.low <= found && found <= n.high {
		return found, nil
	}
	message := n.wrong
	if whole && found < 0 && n.negative != "" {
		message = n.negative
	}
	return 0, expr.RuntimeError(message, n.field, n.path, jsonvalue.Text(value))
}

// duration returns the number of seconds as a duration. A number that is too large becomes
// the longest duration.
func (n *number) duration(t *turn, f *frame, input any) (time.Duration, error) {
	seconds, err := n.get(t, f, input)
	return time.Duration(min(seconds, int64(math.MaxInt64/time.Second))) * time.Second, err
}
