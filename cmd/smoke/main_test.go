package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAWrongCommandLineIsOneClearLine(t *testing.T) {
	for _, test := range []struct {
		says string
		args []string
	}{
		{"give the URL of the API, such as http://localhost:3000; -help lists the flags", nil},
		{"must begin with http:// or https://", []string{"localhost:3000"}},
		{`unexpected argument "again"; -help lists the flags`, []string{"http://localhost:3000", "again"}},
		{"flag provided but not defined: -port", []string{"-port", "3000"}},
		{"flag provided but not defined: -port", []string{"http://localhost:3000", "-port", "3000"}},
		{`invalid value "soon" for flag -timeout`, []string{"-timeout", "soon", "http://localhost:3000"}},
	} {
		t.Run(test.says, func(t *testing.T) {
			err := run(t.Context(), test.args, io.Discard)
			require.ErrorContains(t, err, test.says)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestFlagsMayBeBeforeAndAfterTheURL(t *testing.T) {
	var token string
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token = r.Header.Get("Authorization")
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer shop.Close()
	for _, test := range []struct {
		name string
		args []string
	}{
		{"before", []string{"-token", "good", shop.URL}},
		{"after", []string{shop.URL, "-token", "good"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			token = ""
			require.ErrorContains(t, run(t.Context(), test.args, io.Discard), "refused the token")
			require.Equal(t, "Bearer good", token)
		})
	}
}

func TestHelpListsTheFlagsAndSucceeds(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-help"}, &out))
	require.Contains(t, out.String(), "usage: go run ./cmd/smoke [flags] URL")
	require.Contains(t, out.String(), "-token")
}
