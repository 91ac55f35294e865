// Package schemathesistest runs schemathesis against the local program: it generates
// requests from openapi.json and looks for answers that are not described there.
package schemathesistest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/local"
)

// TestEveryAnswerIsDescribed uses valid and invalid requests. It does not check that
// every valid request is accepted (the description cannot say everything about flavours
// and keys), or that tokens are checked (the gateway does that).
func TestEveryAnswerIsDescribed(t *testing.T) {
	tool, err := filepath.Abs(cmp.Or(os.Getenv("SCHEMATHESIS"), "../../../.tools/schemathesis/bin/schemathesis"))
	require.NoError(t, err)
	if _, err := os.Stat(tool); err != nil {
		t.Skip("schemathesis is not installed: .ci/aws tools installs it, or set SCHEMATHESIS to its path")
	}
	shop, err := local.Open(local.Config{})
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = shop.Close(t.Context()) // this context has ended, so slow steps are stopped
	})
	server := httptest.NewServer(shop)
	defer server.Close()

	folder := t.TempDir()
	description := filepath.Join(folder, "openapi.json")
	require.NoError(t, os.WriteFile(description, readable(t, server.URL), 0o600))
	run := exec.CommandContext(t.Context(), tool, "run", description, "--url", server.URL, "--seed", "1", "--max-examples", "100",
		"--continue-on-failure", "--exclude-checks", "positive_data_acceptance,ignored_auth")
	run.Dir = folder
	out, err := run.CombinedOutput()
	require.NoError(t, err, string(out))
	t.Log(string(out))
}

// readable returns the program's description in a form that schemathesis supports: Python
// lacks the regular expression for flavours, and the tool cannot send the content type of
// Step Functions.
func readable(t *testing.T, address string) []byte {
	response, err := http.Get(address + "/openapi.json")
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	var d map[string]any
	require.NoError(t, json.NewDecoder(response.Body).Decode(&d))
	at := func(v any, names ...string) map[string]any {
		for _, name := range names {
			v = v.(map[string]any)[name]
		}
		return v.(map[string]any)
	}
	delete(at(d, "components", "schemas", "Wish", "properties", "flavour"), "pattern")
	delete(at(d, "paths", "/"), "post")
	delete(d, "servers") // the URL replaces them
	text, err := json.Marshal(d)
	require.NoError(t, err)
	return text
}
