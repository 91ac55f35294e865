package expr

import "pizzasaga/asl/internal/jsonvalue"

// scan is .. before another token. It applies the token to each object and array that has
// what the token selects.
type scan struct{}

func (s scan) eval(r *run, v any, at *place, rest []token) error {
	switch v := v.(type) {
	case []any:
		if err := s.array(r, v, at, rest); err != nil {
			return err
		}
		for i, item := range v {
			if err := s.below(r, item, at.item(i, false), rest); err != nil {
				return err
			}
		}
	case *jsonvalue.Object:
		ok, err := fits(rest[0], r, v)
		if ok && err == nil {
			err = r.follow(rest, v, at)
		}
		if err != nil {
			return err
		}
		for _, p := range v.Properties() {
			if err := s.below(r, p.Value, at.property(p.Name), rest); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s scan) below(r *run, v any, at *place, rest []token) error {
	if r.visits++; r.visits > maxVisits {
		return errTooMuch
	}
	return s.eval(r, v, at, rest)
}

// array applies the token to an array. If other tokens follow, they are applied to all items
// of the array, no matter what the token selects.
func (scan) array(r *run, array []any, at *place, rest []token) error {
	ok, err := fits(rest[0], r, array)
	if !ok || err != nil {
		return err
	}
	if len(rest) == 1 {
		return r.follow(rest, array, at)
	}
	for i, item := range array {
		if err := r.follow(rest[1:], item, at.item(i, false)); err != nil {
			return err
		}
	}
	return nil
}

// fits reports whether a scan applies a token to a value.
func fits(t token, r *run, v any) (bool, error) {
	object, _ := v.(*jsonvalue.Object)
	_, isArray := v.([]any)
	switch t := t.(type) {
	case step:
		_, has := object.Get(t.name)
		return t.isIndex && isArray || !t.isIndex && has, nil
	case selection:
		for _, name := range t {
			if _, has := object.Get(name); !has {
				return false, nil
			}
		}
		return object != nil, nil
	case indexes, slice:
		return isArray, nil
	case wildcard:
		return true, nil
	case filter:
		return t.accepts(r, v)
	}
	return false, nil
}

func (scan) isDefinite() bool { return false }
func (scan) String() string   { return ".." }
