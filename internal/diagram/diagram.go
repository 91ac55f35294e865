// Package diagram draws a definition in the Amazon States Language: it lays the
// states out in lanes and rows, routes the transitions between them and writes
// the drawing as SVG. It knows no definition in particular.
//
// The way from StartAt runs down the first lane. What is reached only by
// catching a failure stands in the lanes to the right of it, so that a reader
// sees at once which states are the way forward and which are the way back.
package diagram

import (
	"encoding/json"
	"fmt"
)

// Options says how a drawing is to look.
type Options struct {
	// Title names the drawing for who cannot see it.
	Title string
	// Labels are what is written on the badge of a state, by its name.
	Labels map[string]string
	// Live leaves the colours to the page that the drawing stands in. Otherwise
	// the drawing is a file of its own, for light and dark surroundings.
	//
	// Either way each state is a group with the attribute data-state and with
	// its type as a class, and each transition one with data-from, data-to and
	// the class "next" or "catch". Both have the class "caught" where only a
	// failure leads. The states of a branch, the first one first, stand in a group
	// with data-branch-of: the name of the state around it.
	Live bool
}

// SVG draws a definition. Substitutions such as ${Name} may still stand in it.
func SVG(definition []byte, o Options) ([]byte, error) {
	var m machine
	if err := json.Unmarshal(definition, &m); err != nil {
		return nil, fmt.Errorf("read the definition: %w", err)
	}
	g, err := newGraph(m)
	if err != nil {
		return nil, err
	}
	g.layout()
	g.place(margin, margin+startGap)
	return write(g, o), nil
}
