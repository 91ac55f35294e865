package asl

import (
	"slices"
	"strings"
)

// jsonObject is a JSON object. Its properties stay in the order in which they
// came, as on AWS: a wildcard finds them in it, and a text shows them in it.
// Like every value it is not changed once it is made; until then set makes it.
type jsonObject struct {
	properties []property
	index      map[string]int // of the names, when there are many
}

type property struct {
	name  string
	value any
}

// many is from how many properties on an object has an index.
const many = 16

// newObject gives an object with these properties.
func newObject(properties ...property) *jsonObject {
	o := &jsonObject{properties: properties}
	if len(properties) >= many {
		o.makeIndex()
	}
	return o
}

// emptyObject gives an object with room for some properties.
func emptyObject(room int) *jsonObject {
	return &jsonObject{properties: make([]property, 0, room)}
}

func (o *jsonObject) makeIndex() {
	o.index = make(map[string]int, len(o.properties))
	for i := range o.properties {
		o.index[o.properties[i].name] = i
	}
}

// find gives a property's place, -1 if the object has none of this name.
func (o *jsonObject) find(name string) int {
	if o.index != nil {
		if i, ok := o.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range o.properties {
		if o.properties[i].name == name {
			return i
		}
	}
	return -1
}

// get gives a property's value. A nil object has none.
func (o *jsonObject) get(name string) (any, bool) {
	if o == nil {
		return nil, false
	}
	if i := o.find(name); i >= 0 {
		return o.properties[i].value, true
	}
	return nil, false
}

// set gives the object that is being made a property: in place of the one of
// this name, or as its last.
func (o *jsonObject) set(name string, value any) {
	if i := o.find(name); i >= 0 {
		o.properties[i].value = value
		return
	}
	o.properties = append(o.properties, property{name, value})
	switch n := len(o.properties); {
	case o.index != nil:
		o.index[name] = n - 1
	case n >= many:
		o.makeIndex()
	}
}

// with gives an object that differs from o in one property.
func (o *jsonObject) with(name string, value any) *jsonObject {
	changed := emptyObject(len(o.properties) + 1)
	changed.properties = append(changed.properties, o.properties...)
	if o.index != nil {
		changed.makeIndex()
	}
	changed.set(name, value)
	return changed
}

// merge gives an object with the properties of both, where both have one that
// of b, in the place that it has in a.
func merge(a, b *jsonObject) *jsonObject {
	merged := emptyObject(len(a.properties) + len(b.properties))
	for _, o := range []*jsonObject{a, b} {
		for _, p := range o.properties {
			merged.set(p.name, p.value)
		}
	}
	return merged
}

// canonical gives a value's text with the properties of its objects in the
// order of their names: two values that Java finds equal have the same.
func canonical(v any) []byte { return encode(sorted(v)) }

func sorted(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = sorted(item)
		}
		return list
	case *jsonObject:
		properties := make([]property, len(v.properties))
		for i, p := range v.properties {
			properties[i] = property{p.name, sorted(p.value)}
		}
		slices.SortFunc(properties, func(a, b property) int { return strings.Compare(a.name, b.name) })
		return newObject(properties...)
	}
	return v
}

// plainly gives a value with its objects as Go's maps.
func plainly(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = plainly(item)
		}
		return list
	case *jsonObject:
		object := make(map[string]any, len(v.properties))
		for _, p := range v.properties {
			object[p.name] = plainly(p.value)
		}
		return object
	}
	return v
}
