package asl_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
)

// report is a small input that users reported, with AWS's answer. Reports about the API have
// no definition.
type report struct {
	Definition, Input json.RawMessage
	Right             json.RawMessage
}

func TestReportedInputsEndAsOnAWS(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(recordings, "public", "*.json"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skipf("no reported inputs in %s", recordings)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var r report
		require.NoError(t, json.Unmarshal(text, &r))
		if r.Definition != nil {
			t.Run(filepath.Base(file), func(t *testing.T) { synctest.Test(t, r.check) })
		}
	}
}

func (r *report) check(t *testing.T) {
	var right struct {
		Output               json.RawMessage
		Status, Error, Cause string
		Refused              string
	}
	_ = json.Unmarshal(r.Right, &right) // an answer in words has no fields
	machine, err := asl.Load(r.Definition, nil)
	if right.Refused != "" {
		why, place, _ := strings.Cut(right.Refused, " at /")
		require.ErrorContains(t, err, why)
		require.ErrorContains(t, err, strings.ReplaceAll(place, "/", "."))
		return
	}
	require.NoError(t, err)
	if r.Input == nil {
		return
	}
	engine, err := asl.New(asl.Config{Machine: machine, Resources: map[string]asl.Resource{"lambda": echo}})
	require.NoError(t, err)
	x, err := engine.Start("", r.Input)
	require.NoError(t, err)
	x, err = engine.Wait(t.Context(), x.ARN)
	require.NoError(t, err)
	switch {
	case right.Output != nil:
		require.Equal(t, asl.Succeeded, x.Status, x.Cause)
		require.JSONEq(t, string(right.Output), x.Output.String())
	case right.Error != "":
		require.Equal(t, right.Status, string(x.Status))
		require.Equal(t, right.Error, x.Error)
		require.Contains(t, x.Cause, right.Cause)
	}
}
