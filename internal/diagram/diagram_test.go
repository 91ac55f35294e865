package diagram

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// definitions have all that a drawing must cope with.
var definitions = map[string]string{
	"a straight way": `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}`,
	"a choice": `{"StartAt":"C","States":{
		"C":{"Type":"Choice","Choices":[{"Next":"X"},{"Next":"Y"}],"Default":"Z"},
		"X":{"Type":"Pass","Next":"Z"},"Y":{"Type":"Pass","End":true},"Z":{"Type":"Fail"}}}`,
	"a loop": `{"StartAt":"Poll","States":{
		"Poll":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Next":"Ready"},
		"Ready":{"Type":"Choice","Choices":[{"Next":"Done"}],"Default":"Poll"},"Done":{"Type":"Succeed"}}}`,
	"catches that share a target": `{"StartAt":"A","States":{
		"A":{"Type":"Task","Catch":[{"Next":"X"},{"Next":"Y"}],"Next":"B"},
		"B":{"Type":"Task","Catch":[{"Next":"Y"}],"Next":"C"},"C":{"Type":"Succeed"},
		"X":{"Type":"Task","Catch":[{"Next":"Q"}],"Next":"Y"},"Q":{"Type":"Pass","Next":"Y"},"Y":{"Type":"Fail"}}}`,
	"levels": `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Wait","End":true}}}}}},
		{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}]}}}`,
}

func laidOut(t *testing.T, definition []byte) *graph {
	var m machine
	require.NoError(t, json.Unmarshal(definition, &m))
	g, err := newGraph(m)
	require.NoError(t, err)
	g.layout()
	g.place(0, 0)
	return g
}

// each calls f for the graph and all inside it.
func each(g *graph, f func(*graph)) {
	f(g)
	for _, n := range g.nodes {
		for _, b := range n.branches {
			each(b, f)
		}
	}
}

func all(t *testing.T) map[string]*graph {
	graphs := map[string]*graph{}
	for name, d := range definitions {
		graphs[name] = laidOut(t, []byte(d))
	}
	pizza, err := os.ReadFile("../../statemachine/pizza.asl.json")
	require.NoError(t, err)
	graphs["the workflow of this repository"] = laidOut(t, pizza)
	return graphs
}

func TestNoStateCoversAnother(t *testing.T) {
	for name, root := range all(t) {
		each(root, func(g *graph) {
			for i, a := range g.nodes {
				require.True(t, a.x >= g.x && a.y >= g.y && a.x+a.w <= g.x+g.w && a.y+a.h <= g.y+g.h, "%s: %s stands outside", name, a.name)
				for _, b := range g.nodes[:i] {
					apart := a.x+a.w < b.x || b.x+b.w < a.x || a.y+a.h < b.y || b.y+b.h < a.y
					require.True(t, apart, "%s: %s and %s", name, a.name, b.name)
				}
			}
		})
	}
}

func TestNoLineLeadsThroughAState(t *testing.T) {
	for name, root := range all(t) {
		each(root, func(g *graph) {
			for _, e := range g.edges {
				for i, p := range e.points[1:] {
					q := e.points[i]
					require.True(t, p.x == q.x || p.y == q.y, "%s: %s to %s is slanted", name, e.from.name, e.to.name)
					for _, n := range g.nodes {
						inside := max(p.x, q.x) > n.x && min(p.x, q.x) < n.x+n.w && max(p.y, q.y) > n.y && min(p.y, q.y) < n.y+n.h
						require.False(t, inside, "%s: %s to %s leads through %s", name, e.from.name, e.to.name, n.name)
					}
				}
			}
		})
	}
}

func TestTheWayForwardRunsDownTheFirstLane(t *testing.T) {
	g := all(t)["catches that share a target"]
	lanes := map[string]int{}
	for _, n := range g.nodes {
		lanes[n.name] = n.lane
		require.Equal(t, n.lane > 0, n.caught, n.name)
	}
	require.Equal(t, map[string]int{"A": 0, "B": 0, "C": 0, "X": 1, "Y": 1, "Q": 2}, lanes)
}

func TestEveryStateAndTransitionIsDrawnOnce(t *testing.T) {
	svg, err := SVG([]byte(definitions["catches that share a target"]), Options{})
	require.NoError(t, err)
	for _, s := range []string{"A", "B", "C", "X", "Y", "Q"} {
		require.Equal(t, 1, strings.Count(string(svg), `data-state="`+s+`"`), s)
	}
	for _, s := range []string{
		`catch caught" data-from="A" data-to="X"`, `catch caught" data-from="A" data-to="Y"`, `next" data-from="A" data-to="B"`,
		`catch caught" data-from="B" data-to="Y"`, `next caught" data-from="X" data-to="Y"`, `catch caught" data-from="X" data-to="Q"`,
	} {
		require.Equal(t, 1, strings.Count(string(svg), s), s)
	}
}

func TestADrawingIsWellFormed(t *testing.T) {
	const odd = `{"StartAt":"<A & \"B\">","States":{"<A & \"B\">":{"Type":"Task","End":true}}}`
	for _, o := range []Options{{Title: "a < b", Labels: map[string]string{`<A & "B">`: "<1>"}}, {Live: true}} {
		for _, d := range []string{odd, definitions["levels"]} {
			svg, err := SVG([]byte(d), o)
			require.NoError(t, err)
			decoder := xml.NewDecoder(strings.NewReader(string(svg)))
			for err == nil {
				_, err = decoder.Token()
			}
			require.True(t, errors.Is(err, io.EOF), "%v in %s", err, svg)
		}
	}
}

func TestADefinitionThatCannotBeDrawnIsRefused(t *testing.T) {
	for definition, want := range map[string]string{
		`{`:                           "read the definition",
		`{"StartAt":"A","States":{}}`: `no state "A"`,
		`{"StartAt":"A","States":{"A":{"Catch":[{"Next":"B"}]}}}`:                                              `no state "B"`,
		`{"StartAt":"P","States":{"P":{"Branches":[{"StartAt":"A","States":{"A":{"Type":"T","Next":"B"}}}]}}}`: `in P: the definition has no state "B"`,
	} {
		_, err := SVG([]byte(definition), Options{})
		require.ErrorContains(t, err, want)
	}
}

func TestNamesAreWrittenAsWords(t *testing.T) {
	for name, want := range map[string]string{
		"AddLoyaltyPointsDLQ": "Add Loyalty Points DLQ", "DLQSend": "DLQ Send", "pay by card": "pay by card", "Step2": "Step2",
	} {
		require.Equal(t, want, words(name))
	}
	require.Equal(t, []string{"Add Loyalty", "Points DLQ"}, wrap("Add Loyalty Points DLQ", 15))
}
