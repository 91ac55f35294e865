package diagram

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// definitions cover everything that a drawing must handle.
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

// each calls f for the graph and all graphs inside it.
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
		t.Run(name, func(t *testing.T) {
			each(root, func(g *graph) {
				for i, a := range g.nodes {
					assert.True(t, a.x >= g.x && a.y >= g.y && a.x+a.w <= g.x+g.w && a.y+a.h <= g.y+g.h, "%s stands outside", a.name)
					for _, b := range g.nodes[:i] {
						apart := a.x+a.w < b.x || b.x+b.w < a.x || a.y+a.h < b.y || b.y+b.h < a.y
						assert.True(t, apart, "%s and %s", a.name, b.name)
					}
				}
			})
		})
	}
}

func TestNoLineCrossesAState(t *testing.T) {
	for name, root := range all(t) {
		t.Run(name, func(t *testing.T) {
			each(root, func(g *graph) {
				for _, e := range g.edges {
					for i, p := range e.points[1:] {
						q := e.points[i]
						assert.True(t, p.x == q.x || p.y == q.y, "%s to %s is slanted", e.from.name, e.to.name)
						for _, n := range g.nodes {
							inside := max(p.x, q.x) > n.x && min(p.x, q.x) < n.x+n.w && max(p.y, q.y) > n.y && min(p.y, q.y) < n.y+n.h
							assert.False(t, inside, "%s to %s leads through %s", e.from.name, e.to.name, n.name)
						}
					}
				}
			})
		})
	}
}

func TestTheWayForwardRunsDownTheFirstLane(t *testing.T) {
	g := all(t)["catches that share a target"]
	lanes := map[string]int{}
	for _, n := range g.nodes {
		lanes[n.name] = n.lane
		assert.Equal(t, n.lane > 0, n.caught, n.name)
	}
	require.Equal(t, map[string]int{"A": 0, "B": 0, "C": 0, "X": 1, "Y": 1, "Q": 2}, lanes)
}

func TestEveryStateAndTransitionIsDrawnOnce(t *testing.T) {
	svg, err := SVG([]byte(definitions["catches that share a target"]), Options{})
	require.NoError(t, err)
	for _, s := range []string{"A", "B", "C", "X", "Y", "Q"} {
		t.Run(s, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(string(svg), `data-state="`+s+`"`))
		})
	}
	for _, e := range []struct{ from, to, class string }{
		{"A", "X", "catch caught"}, {"A", "Y", "catch caught"}, {"A", "B", "next"},
		{"B", "Y", "catch caught"}, {"X", "Y", "next caught"}, {"X", "Q", "catch caught"},
	} {
		t.Run(e.from+" to "+e.to, func(t *testing.T) {
			drawn := fmt.Sprintf(`%s" data-from=%q data-to=%q`, e.class, e.from, e.to)
			require.Equal(t, 1, strings.Count(string(svg), drawn))
		})
	}
}

func TestTheStatesOfABranchAreInOneGroup(t *testing.T) {
	svg, err := SVG([]byte(definitions["levels"]), Options{})
	require.NoError(t, err)
	around := map[string][]string{} // the states that contain a state, the outermost first
	var groups []string             // the open groups
	decoder := xml.NewDecoder(strings.NewReader(string(svg)))
	for token, err := decoder.Token(); err == nil; token, err = decoder.Token() {
		switch element := token.(type) {
		case xml.StartElement:
			groups = append(groups, "")
			for _, a := range element.Attr {
				if a.Name.Local == "data-branch-of" {
					groups[len(groups)-1] = a.Value
				}
				if a.Name.Local == "data-state" {
					around[a.Value] = slices.DeleteFunc(slices.Clone(groups), func(g string) bool { return g == "" })
				}
			}
		case xml.EndElement:
			groups = groups[:len(groups)-1]
		}
	}
	require.Equal(t, map[string][]string{"P": {}, "M": {"P"}, "I": {"P", "M"}, "S": {"P"}}, around)
}

func TestADrawingIsWellFormed(t *testing.T) {
	const markup = `{"StartAt":"<A & \"B\">","States":{"<A & \"B\">":{"Type":"Task","End":true}}}`
	labelled, live := Options{Title: "a < b", Labels: map[string]string{`<A & "B">`: "<1>"}}, Options{Live: true}
	for _, test := range []struct {
		name, definition string
		options          Options
	}{
		{"names with markup, labelled", markup, labelled},
		{"names with markup, live", markup, live},
		{"levels, labelled", definitions["levels"], labelled},
		{"levels, live", definitions["levels"], live},
	} {
		t.Run(test.name, func(t *testing.T) {
			svg, err := SVG([]byte(test.definition), test.options)
			require.NoError(t, err)
			decoder := xml.NewDecoder(strings.NewReader(string(svg)))
			for err == nil {
				_, err = decoder.Token()
			}
			require.True(t, errors.Is(err, io.EOF), "%v in %s", err, svg)
		})
	}
}

func TestADefinitionThatCannotBeDrawnIsRefused(t *testing.T) {
	for _, test := range []struct{ name, definition, says string }{
		{"no JSON", `{`, "read the definition"},
		{"an unknown first state", `{"StartAt":"A","States":{}}`, `no state "A"`},
		{"an unknown next state", `{"StartAt":"A","States":{"A":{"Catch":[{"Next":"B"}]}}}`, `no state "B"`},
		{"an unknown next state in a branch",
			`{"StartAt":"P","States":{"P":{"Branches":[{"StartAt":"A","States":{"A":{"Type":"T","Next":"B"}}}]}}}`,
			`in P: the definition has no state "B"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := SVG([]byte(test.definition), Options{})
			require.ErrorContains(t, err, test.says)
		})
	}
}

func TestNamesAreWrittenAsWords(t *testing.T) {
	for name, want := range map[string]string{
		"AddLoyaltyPointsDLQ": "Add Loyalty Points DLQ", "DLQSend": "DLQ Send", "pay by card": "pay by card", "Step2": "Step2",
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, want, words(name)) })
	}
	require.Equal(t, []string{"Add Loyalty", "Points DLQ"}, wrap("Add Loyalty Points DLQ", 15))
}
