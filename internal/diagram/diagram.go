// Package diagram draws a definition in the Amazon States Language as SVG: it arranges
// the states in lanes and rows and routes the transitions between them. It works for any
// definition.
//
// The path from StartAt runs down the first lane. States that are reached only by
// catching a failure are in the lanes to the right of it, so that the way forward and the
// way back are easy to tell apart.
package diagram

import (
	"encoding/json"
	"fmt"
)

// Options controls how a drawing looks.
type Options struct {
	// Title describes the drawing to screen readers.
	Title string
	// Labels are the texts of the states' badges, by state name.
	Labels map[string]string
	// Live leaves the colours to the page that contains the drawing. Otherwise the
	// drawing is a file of its own, in light and dark colours.
	//
	// Either way, each state is a group with the attribute data-state and its type as a
	// class. Each transition is a group with data-from, data-to and the class "next" or
	// "catch". Both have the class "caught" if only a failure leads there. The states of
	// a branch, in sequence, are in a group whose data-branch-of is the name of the
	// containing state.
	Live bool
}

// SVG draws a definition. It may contain substitutions such as ${Name}.
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
