package expr

import (
	"errors"
	"strconv"
	"strings"

	"pizzasaga/asl/internal/jsonvalue"
)

const onlyArrays = "only be applied to arrays"

// item applies the rest to the item at an index, which is null outside the array.
func (r *run) item(array []any, index int, at *place, rest []token) error {
	if index < 0 || index >= len(array) {
		return r.follow(rest, nil, at.item(index, false))
	}
	return r.follow(rest, array[index], at.item(index, true))
}

func (s step) eval(r *run, v any, at *place, rest []token) error {
	if s.isIndex {
		array, ok := v.([]any)
		if !ok {
			return notArray(s, v, at, rest)
		}
		return r.item(array, s.indexIn(array), at, rest)
	}
	object, ok := v.(*jsonvalue.Object)
	if !ok {
		return &missing{"Property " + s.String() + " not found in path", at, ""}
	}
	found, ok := object.Get(s.name)
	switch {
	case ok:
		return r.follow(rest, found, at.property(s.name))
	case len(rest) == 0:
		return &missing{"No results for path:", at.property(s.name), ""}
	case s.skips && !r.strict:
		return nil
	}
	return &missing{"Missing property in path", at.property(s.name), ""}
}

func notArray(t token, v any, at *place, rest []token) error {
	if at.isNull(v) {
		return &missing{"The path", at, " is null"}
	}
	return inapplicable(t, rest, onlyArrays, v, at)
}

func (s step) isDefinite() bool { return true }

func (s step) String() string {
	switch {
	case s.fromEnd:
		return "[@.size()" + strconv.Itoa(s.index) + "]"
	case s.isIndex:
		return "[" + strconv.Itoa(s.index) + "]"
	}
	return "['" + s.name + "']"
}

// selection is ['a','b']: an object with these properties. Nothing may follow it.
type selection []string

func (names selection) eval(r *run, v any, at *place, rest []token) error {
	object, ok := v.(*jsonvalue.Object)
	if !ok {
		return &missing{"Property " + names.String() + " not found in path", at, ""}
	}
	if len(rest) > 0 {
		return cause("Multi properties can only be used as path leafs: " + at.String() + names.String())
	}
	selected := jsonvalue.ObjectWithRoom(len(names))
	for _, name := range names {
		value, ok := object.Get(name)
		if ok {
			selected.Set(name, value)
		} else if r.strict {
			return &missing{"Missing property in path", at, names.String()}
		}
	}
	return r.follow(nil, selected, at)
}

func (names selection) isDefinite() bool { return true }

func (names selection) String() string {
	if len(names) == 0 {
		return "[]"
	}
	return "['" + strings.Join(names, "', '") + "']"
}

// indexes is [0,2].
type indexes []int

func (list indexes) eval(r *run, v any, at *place, rest []token) error {
	array, ok := v.([]any)
	if !ok {
		return notArray(list, v, at, rest)
	}
	for _, index := range list {
		if err := r.item(array, index, at, rest); err != nil {
			return err
		}
	}
	return nil
}

func (list indexes) isDefinite() bool { return false }

func (list indexes) String() string {
	texts := make([]string, len(list))
	for i, index := range list {
		texts[i] = strconv.Itoa(index)
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// slice is [from:to]. If it has both bounds, a negative one does not count from the end.
type slice struct{ from, to *int }

func (s slice) eval(r *run, v any, at *place, rest []token) error {
	array, ok := v.([]any)
	if !ok {
		return notArray(s, v, at, rest)
	}
	first, end := 0, len(array)
	switch {
	case s.to == nil:
		if first = *s.from; first < 0 {
			first = max(0, first+len(array))
		}
	case s.from == nil:
		if end = *s.to; end < 0 {
			end += len(array)
		}
	case len(array) > 0:
		first, end = *s.from, *s.to
	}
	for i := first; i < min(end, len(array)); i++ {
		if err := r.item(array, i, at, rest); err != nil {
			return err
		}
	}
	return nil
}

func (s slice) isDefinite() bool { return false }

func (s slice) String() string {
	bound := func(b *int) string {
		if b == nil {
			return ""
		}
		return strconv.Itoa(*b)
	}
	return "[" + bound(s.from) + ":" + bound(s.to) + "]"
}

// wildcard is * and [*]. It finds nothing in a value that is neither an object nor an
// array.
type wildcard struct{}

func (wildcard) eval(r *run, v any, at *place, rest []token) error {
	switch v := v.(type) {
	case []any:
		for i := range v {
			if err := r.item(v, i, at, rest); err != nil && !isMissing(err) {
				return err
			}
		}
	case *jsonvalue.Object:
		for _, p := range v.Properties() {
			if err := r.follow(rest, p.Value, at.property(p.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func isMissing(err error) bool { _, ok := errors.AsType[*missing](err); return ok }

func (wildcard) isDefinite() bool { return false }
func (wildcard) String() string   { return "[*]" }
