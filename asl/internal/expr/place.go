package expr

import (
	"fmt"
	"strconv"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

// place is where a query has found a value. It is converted to text only for errors.
type place struct {
	up      *place // nil is the root
	name    string // of a property
	index   int    // of an item
	isIndex bool
	inTree  bool // the value is a node of Jackson's tree, not a Java value
}

func (at *place) property(name string) *place { return &place{up: at, name: name} }

func (at *place) item(index int, inTree bool) *place {
	return &place{up: at, index: index, isIndex: true, inTree: inTree}
}

// String returns the place in brackets: $['a'][0].
func (at *place) String() string {
	switch {
	case at == nil:
		return "$"
	case at.isIndex:
		return at.up.String() + "[" + strconv.Itoa(at.index) + "]"
	}
	return at.up.String() + "['" + at.name + "']"
}

// isNull reports whether the value at the place is Java's null. A null in an array is a node.
func (at *place) isNull(v any) bool { return v == nil && (at == nil || !at.inTree) }

// show returns a value as Java writes it in a message.
func (at *place) show(v any) string {
	if at == nil || at.inTree {
		return string(jsonvalue.Encode(v))
	}
	return jsonvalue.Text(v)
}

// missing is the error of a query that finds nothing. Wildcards over arrays and the
// conditions of filters ignore it, but no other error.
type missing struct {
	what  string
	at    *place
	after string
}

func (m *missing) Error() string { return m.what + " " + m.at.String() + m.after }

// inapplicable is the error of a token that cannot be applied to a value.
func inapplicable(t token, rest []token, why string, v any, at *place) error {
	var text strings.Builder
	for _, t := range append([]token{t}, rest...) {
		text.WriteString(t.String())
	}
	return cause(fmt.Sprintf("Filter: %s can %s. Current context is: %s", text.String(), why, at.show(v)))
}
