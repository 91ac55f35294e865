package jsonvalue

// Node is a value with the place where it stands in its text. A definition is
// read as nodes, so that an error can point at what is wrong.
type Node struct {
	Value      any
	Begin, End int      // offsets of the value's own text, in bytes
	Members    []Member // of an object: in order, repeated names included
	Items      []*Node  // of an array
}

// Member is a name in an object and what stands there.
type Member struct {
	Name  string
	Begin int // offset of the name
	*Node
}

// IsObject reports whether the value is an object.
func (n *Node) IsObject() bool { _, ok := n.Value.(*Object); return ok }

// IsArray reports whether the value is an array.
func (n *Node) IsArray() bool { _, ok := n.Value.([]any); return ok }

// Member returns the node of an object's member, the first of this name, or nil.
func (n *Node) Member(name string) *Node {
	for _, m := range n.Members {
		if m.Name == name {
			return m.Node
		}
	}
	return nil
}

// addMember and addItem return a new node below n. Decoding without nodes calls
// them with a nil n: then they do nothing.
func (n *Node) addMember(name string, begin int) *Node {
	if n == nil {
		return nil
	}
	below := &Node{}
	n.Members = append(n.Members, Member{name, begin, below})
	return below
}

func (n *Node) addItem() *Node {
	if n == nil {
		return nil
	}
	below := &Node{}
	n.Items = append(n.Items, below)
	return below
}
