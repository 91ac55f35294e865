package expr

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl/internal/jsonvalue"
)

// refused are paths that the library accepts and we do not, with the reasons.
var refused = map[string]string{
	"$.items[?]":   "the caller of the library must pass the condition, and AWS does not: every execution would fail",
	"$.items[?,?]": "the same",
}

// Each line of the table has a document, a path, what happens, and the value or message. The
// results are those of the library that AWS uses; Table.java wrote them. No execution
// recorded on AWS contradicts the table.
func TestPathsAgreeWithJaywaysJsonPath(t *testing.T) {
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
			case !strings.HasPrefix(row[3], "java.lang."): // an exception that is not the library's own
				require.Equal(t, row[3], answer)
			}
		})
	}
}

// evaluate evaluates a path and returns what happens, and the value or message.
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
