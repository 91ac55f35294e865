package diagram

import (
	"fmt"
	"strings"
)

// machine has the parts of a state machine, or a branch, that a drawing needs.
type machine struct {
	StartAt string
	States  map[string]state
}

type state struct {
	Type, Resource, Next, Default string
	End                           bool
	Choices, Catch                []struct{ Next string }
	Branches                      []machine
	ItemProcessor, Iterator       *machine
}

// graph is one level of a machine: its reachable states, in the sequence in which they
// are reached, and the transitions between them.
type graph struct {
	start *node
	nodes []*node
	edges []*edge
	box
}

type node struct {
	name, kind, service string
	branches            []*graph
	ends                bool // only catches leave it
	caught              bool // only a failure leads to it
	lane, row           int
	box
}

// edge is a transition. Several transitions between the same two states are drawn as one.
type edge struct {
	from, to *node
	catch    bool // only a failure leads this way
	aside    bool // it leaves the lane
	points   []point
}

type box struct{ x, y, w, h float64 }

type point struct{ x, y float64 }

func newGraph(m machine) (*graph, error) {
	g := &graph{}
	seen := map[string]*node{}
	var visit func(name string) (*node, error)
	visit = func(name string) (*node, error) {
		if n := seen[name]; n != nil {
			return n, nil
		}
		s, ok := m.States[name]
		if !ok {
			return nil, fmt.Errorf("the definition has no state %q", name)
		}
		n := &node{name: name, kind: s.Type, service: service(s.Resource), caught: true}
		seen[name], g.nodes = n, append(g.nodes, n)
		for _, b := range s.machines() {
			branch, err := newGraph(b)
			if err != nil {
				return nil, fmt.Errorf("in %s: %w", name, err)
			}
			n.branches = append(n.branches, branch)
		}
		next := s.next()
		n.ends = len(next) == 0
		for i, name := range next {
			to, err := visit(name)
			if err != nil {
				return nil, err
			}
			g.connect(edge{from: n, to: to, aside: i > 0})
		}
		for _, c := range s.Catch {
			to, err := visit(c.Next)
			if err != nil {
				return nil, err
			}
			g.connect(edge{from: n, to: to, catch: true, aside: !n.ends})
		}
		return n, nil
	}
	start, err := visit(m.StartAt)
	if err != nil {
		return nil, err
	}
	g.start = start
	g.forward(start)
	return g, nil
}

// forward marks the states that can be reached from n without a failure.
func (g *graph) forward(n *node) {
	n.caught = false
	for _, e := range g.edges {
		if e.from == n && !e.catch && e.to.caught {
			g.forward(e.to)
		}
	}
}

// connect adds an edge, unless the two states already have one.
func (g *graph) connect(e edge) {
	for _, other := range g.edges {
		if other.from == e.from && other.to == e.to {
			return
		}
	}
	g.edges = append(g.edges, &e)
}

func (s state) next() []string {
	var names []string
	for _, c := range s.Choices {
		names = append(names, c.Next)
	}
	for _, name := range []string{s.Default, s.Next} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (s state) machines() []machine {
	for _, m := range []*machine{s.ItemProcessor, s.Iterator} {
		if m != nil {
			return []machine{*m}
		}
	}
	return s.Branches
}

// service returns the service in a Task's resource, such as "lambda" or "sqs".
func service(resource string) string {
	parts := strings.Split(resource, ":")
	switch {
	case len(parts) > 6 && parts[2] == "states":
		return parts[5]
	case len(parts) > 2:
		return parts[2]
	default:
		return ""
	}
}
