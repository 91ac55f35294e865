package jsonvalue

// Node is a value with its position in the text, for errors in a definition.
type Node struct {
	Value      any
	Begin, End int      // offsets in the text, in bytes
	Members    []Member // of an object: in order, including duplicate names
	Items      []*Node  // of an array
}

// Member is a name and a value in an object.
type Member struct {
	Name  string
	Begin int // offset of the name
	*Node
}

// IsObject reports whether the value is an object.
func (n *Node) IsObject() bool { _, ok := n.Value.(*Object); return ok }

// IsArray reports whether the value is an array.
func (n *Node) IsArray() bool { _, ok := n.Value.([]any); return ok }

// Member returns the first member of this name, or nil.
func (n *Node) Member(name string) *Node {
	for _, m := range n.Members {
		if m.Name == name {
			return m.Node
		}
	}
	return nil
}

// addMember and addItem add a node below n and return it, or nil if n is nil.
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
