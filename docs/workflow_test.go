// Package docs holds what is written about the project.
package docs

import (
	"flag"
	"os"
	"strconv"
	"testing"

	"pizzasaga/internal/diagram"
	"pizzasaga/internal/workflow"
	"pizzasaga/statemachine"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "draw workflow.svg and write the README's table of outcomes anew")

// TestTheDrawingShowsTheDefinition draws the workflow with the number of each
// fault on the state that it makes fail.
func TestTheDrawingShowsTheDefinition(t *testing.T) {
	labels := map[string]string{}
	for _, f := range workflow.Faults() {
		labels[workflow.State(workflow.FaultStep(f))] = strconv.Itoa(int(f))
	}
	want, err := diagram.SVG(statemachine.Pizza, diagram.Options{Title: "The workflow of a pizza order", Labels: labels})
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile("workflow.svg", want, 0o644))
	}
	have, err := os.ReadFile("workflow.svg")
	require.NoError(t, err)
	require.True(t, string(want) == string(have), "docs/workflow.svg is out of date; draw it anew: go test ./docs -update")
}
