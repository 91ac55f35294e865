package jsonvalue

// Object is a JSON object. As on AWS, its properties have an order, which wildcards and JSON
// texts follow. Only the code that creates an object may call Set.
type Object struct {
	properties []Property
	index      map[string]int // by name; nil if there are few
}

// Property is a name and its value.
type Property struct {
	Name  string
	Value any
}

// Prop returns a property.
func Prop(name string, value any) Property { return Property{name, value} }

// many is the smallest number of properties for which an object has an index.
const many = 16

// ObjectOf returns an object with these properties, which must have different names.
func ObjectOf(properties ...Property) *Object {
	o := &Object{properties: properties}
	if len(properties) >= many {
		o.makeIndex()
	}
	return o
}

// ObjectWithRoom returns an empty object with room for a number of properties.
func ObjectWithRoom(room int) *Object {
	return &Object{properties: make([]Property, 0, room)}
}

func (o *Object) makeIndex() {
	o.index = make(map[string]int, len(o.properties))
	for i := range o.properties {
		o.index[o.properties[i].Name] = i
	}
}

// Properties returns the properties in their order. The caller must not change the
// slice.
func (o *Object) Properties() []Property { return o.properties }

// find returns the index of a property, or -1.
func (o *Object) find(name string) int {
	if o.index != nil {
		if i, ok := o.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range o.properties {
		if o.properties[i].Name == name {
			return i
		}
	}
	return -1
}

// Get returns a property's value. A nil object has none.
func (o *Object) Get(name string) (any, bool) {
	if o == nil {
		return nil, false
	}
	if i := o.find(name); i >= 0 {
		return o.properties[i].Value, true
	}
	return nil, false
}

// Set replaces a property, or adds it as the last one.
func (o *Object) Set(name string, value any) {
	if i := o.find(name); i >= 0 {
		o.properties[i].Value = value
		return
	}
	o.properties = append(o.properties, Property{name, value})
	switch n := len(o.properties); {
	case o.index != nil:
		o.index[name] = n - 1
	case n >= many:
		o.makeIndex()
	}
}

// With returns a copy of the object with one property set.
func (o *Object) With(name string, value any) *Object {
	changed := ObjectWithRoom(len(o.properties) + 1)
	changed.properties = append(changed.properties, o.properties...)
	if o.index != nil {
		changed.makeIndex()
	}
	changed.Set(name, value)
	return changed
}

// Merge returns an object with the properties of both. If both have a property, it has the
// value from b and the position from a.
func Merge(a, b *Object) *Object {
	merged := ObjectWithRoom(len(a.properties) + len(b.properties))
	for _, o := range []*Object{a, b} {
		for _, p := range o.properties {
			merged.Set(p.Name, p.Value)
		}
	}
	return merged
}
