package expr

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

// refused are paths that the library reads and we do not.
var refused = map[string]string{
	"$.items[?]":   "the condition is an argument of the library, which is missing on AWS: every execution would fail",
	"$.items[?,?]": "likewise",
}

// Each line of the table is a document, a path, what happens and the value or message, as
// the library with which AWS evaluates paths has it. The program that made the table is
// beside it. No execution recorded on AWS disagrees with a line.
func TestPathsAreEvaluatedAsByJaywaysJsonPath(t *testing.T) {
	text, err := os.ReadFile("testdata/jayway/documents.json")
	require.NoError(t, err)
	documents := value(t, string(text)).(*jsonvalue.Object)
	table, err := os.ReadFile("testdata/jayway/table.tsv")
	require.NoError(t, err)
	for line := range strings.Lines(string(table)) {
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		require.Len(t, row, 4, line)
		document, _ := documents.Get(row[0])
		t.Run(row[0]+" "+row[1], func(t *testing.T) {
			happens, answer := evaluate(row[1], document)
			if reason, ok := refused[row[1]]; ok {
				require.Equal(t, "refused", happens, reason)
				return
			}
			require.Equal(t, row[2], happens, "%s instead of %s", answer, row[3])
			switch {
			case happens == "found":
				require.Equal(t, string(jsonvalue.Encode(value(t, row[3]))), answer)
			case !strings.HasPrefix(row[3], "java.lang."): // an exception that the library did not foresee
				require.Equal(t, row[3], answer)
			}
		})
	}
}

// evaluate returns what happens with a path, and the value or message.
func evaluate(path string, document any) (happens, answer string) {
	p, err := CompilePath(path)
	if err != nil {
		return "refused", ""
	}
	v, err := p.get(document, document)
	switch {
	case isMissing(err):
		return "missing", err.Error()
	case err != nil:
		return "fails", err.Error()
	}
	return "found", string(jsonvalue.Encode(v))
}
