package docs

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"

	"github.com/stretchr/testify/require"
)

// outcomesTable is the README's, from its head to its last row.
var outcomesTable = regexp.MustCompile(`(?m)^\| errorOnStep \| execution .*\n(?:\|.*\n)+`)

func TestTheReadmeShowsTheOutcomes(t *testing.T) {
	var table strings.Builder
	table.WriteString("| errorOnStep | execution | order | payment | loyalty | dead letter |\n|---|---|---|---|---|---|\n")
	for _, o := range outcomes.All() {
		loyalty := strings.ReplaceAll(strings.Trim(fmt.Sprint(o.Loyalty), "[]"), " ", " or ")
		var raced, second string // the marks of the two footnotes
		if len(o.Loyalty) > 1 {
			raced = "¹"
		}
		if len(o.Failed) > 1 {
			second = "²"
		}
		fmt.Fprintf(&table, "| %d %s%s | %s | %s | %s | %s%s | %s |\n", o.Fault, workflow.FaultStep(o.Fault), second,
			o.Execution, o.Status, o.Payment, loyalty, raced, cmp.Or(o.DeadLetter, "–"))
	}
	fmt.Fprintf(&table, "| %d | all of them, as eight orders | | | | |\n", workflow.AllFaults)
	const file = "../README.md"
	readme, err := os.ReadFile(file)
	require.NoError(t, err)
	if *update {
		readme = outcomesTable.ReplaceAllLiteral(readme, []byte(table.String()))
		require.NoError(t, os.WriteFile(file, readme, 0o644))
	}
	require.True(t, table.String() == string(outcomesTable.Find(readme)),
		"the README's table of outcomes is out of date; write it anew: go test ./docs -update\n%s", table.String())
}
