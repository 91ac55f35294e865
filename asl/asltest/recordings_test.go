package asltest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/asl/asltest"
)

// recordings is a folder of executions recorded on AWS.
const recordings = "../../../shared/conformance"

// recording is one of them. Its events have no timestamps.
type recording struct {
	Definition json.RawMessage
	History    []map[string]any
	Flags      struct {
		Sorted       bool `json:"parallel_events_sorted"`
		Inferred     bool `json:"events_inferred"`
		Placeholders bool `json:"placeholders"`
	}
}

// anonymised is the prefix of ARNs in the recordings.
var anonymised = regexp.MustCompile(`arn:<partition>:([a-z]+):<region>:`)

func TestReplaysOfRecordedExecutionsHaveNoDifference(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(recordings, "*.json"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skipf("no recorded executions in %s", recordings)
	}
	replayed := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var r recording
		require.NoError(t, json.Unmarshal(anonymised.ReplaceAll(text, []byte("arn:aws:$1:us-east-1:")), &r))
		if len(r.History) == 0 || r.Flags.Sorted || r.Flags.Inferred || r.Flags.Placeholders {
			continue
		}
		replayed++
		t.Run(filepath.Base(file), func(t *testing.T) {
			for i := range r.History {
				r.History[i]["timestamp"] = 1700000000 + float64(i)/1000
			}
			text, err := json.Marshal(map[string]any{"events": r.History})
			require.NoError(t, err)
			h, err := asltest.ParseHistory(text)
			require.NoError(t, err)
			definition, err := asl.Load(r.Definition, nil)
			require.NoError(t, err)
			_, difference, err := asltest.New(definition).Replay(h)
			require.NoError(t, err)
			require.Nil(t, difference, "%v", difference)
		})
	}
	t.Logf("%d of %d recorded executions were replayed; the others lack what a replay needs", replayed, len(files))
}
