package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"pizzasaga/statemachine"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var page = sync.OnceValues(func() (*Page, error) { return New(statemachine.Pizza, true) })

func ask(t *testing.T, method, path string, header map[string]string) *http.Response {
	t.Helper()
	p, err := page()
	require.NoError(t, err)
	r := httptest.NewRequest(method, path, nil)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	if !p.Serve(w, r) {
		require.Empty(t, w.Body.Bytes())
		w.WriteHeader(http.StatusNotFound)
	}
	return w.Result()
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(b)
}

var reference = regexp.MustCompile(`(?:href|src)="(web/[^"]+)"|from '\./([^']+)'`)

func TestEveryFileThatThePageNamesExists(t *testing.T) {
	types := map[string]string{".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json"}
	html := body(t, ask(t, http.MethodGet, "/", nil).Body)
	paths := []string{"/"}
	for i := 0; i < len(paths); i++ {
		file := paths[i]
		t.Run("GET "+file, func(t *testing.T) {
			answer := ask(t, http.MethodGet, file, nil)
			require.Equal(t, http.StatusOK, answer.StatusCode)
			require.Contains(t, answer.Header.Get("Content-Type"), types[path.Ext(file)])
			if path.Ext(file) == ".js" && file != "/web/app.js" {
				assert.Contains(t, html, `rel="modulepreload" href="`+file[1:], "a module that is loaded late")
			}
			for _, m := range reference.FindAllStringSubmatch(body(t, answer.Body), -1) {
				if named := "/web/" + strings.TrimPrefix(m[1]+m[2], "web/"); !slices.Contains(paths, named) {
					paths = append(paths, named)
				}
			}
		})
	}
	require.Greater(t, len(paths), 8)
}

func TestTheWorkflowIsDrawnIntoThePage(t *testing.T) {
	html := body(t, ask(t, http.MethodGet, "/", nil).Body)
	require.Contains(t, html, `data-state="RefundPayment"`)
	require.NotContains(t, html, "{{")
	require.NotContains(t, html, "style=", "the policy forbids it")
	require.JSONEq(t, string(statemachine.Pizza), body(t, ask(t, http.MethodGet, "/web/workflow.asl.json", nil).Body))
}

func TestOnlyAShopWithABackOfficeLinksToIt(t *testing.T) {
	without, err := New(statemachine.Pizza, false)
	require.NoError(t, err)
	require.NotContains(t, string(without.assets["/"].plain.body), "back-office")
	require.Contains(t, body(t, ask(t, http.MethodGet, "/", nil).Body), `href="#/back-office"`)
}

func TestCommentsAndOptionalSpacesAreRemoved(t *testing.T) {
	for _, test := range []struct{ name, source, sent string }{
		{"a.js", "// why\n\nif (a > 1) {\n  b = { c: [d, 1] };\n}\n", "if(a>1){b={c:[d,1]};}\n"},
		{"a.js", "x = 'a : b' + `c , ${d ? 1 : 2}` + (e || f);\n", "x='a : b' + `c , ${d ? 1 : 2}` +(e||f);"},
		{"a.js", "x = { a: 'b , \\' : c', d: \"it's ; e\" };\n", "x={a:'b , \\' : c',d:\"it's ; e\"};"},
		{"a.js", "x = a + +b; // a , b\ny = 'a // b'; // it's;\n", "x=a + +b;y='a // b'; // it's;\n"},
		{"a.css", "/* why */\n.a :is(b, c) > d { e: calc(1px + 2px); }\n@media (f: g) {\n  h { i: j; }\n}\n", ".a :is(b,c)>d{e:calc(1px + 2px)}\n@media (f:g){h{i:j}\n}"},
		{"a.html", "  <p>a, b {</p>\n", "<p>a, b {</p>\n"},
	} {
		t.Run(test.source, func(t *testing.T) { require.Equal(t, test.sent, string(lean(test.name, []byte(test.source)))) })
	}
}

func TestNoStringInAScriptHasSeveralLines(t *testing.T) {
	entries, err := files.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		if path.Ext(e.Name()) != ".js" {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			source, err := files.ReadFile(e.Name())
			require.NoError(t, err)
			for line := range strings.Lines(string(source)) {
				require.Zero(t, strings.Count(line, "`")%2, "what is left out of a line reckons with that: %s", line)
			}
		})
	}
}

func TestThePageMayOnlyReachItsOwnOrigin(t *testing.T) {
	for _, path := range []string{"/", "/web/app.js"} {
		t.Run("GET "+path, func(t *testing.T) {
			h := ask(t, http.MethodGet, path, nil).Header
			require.Contains(t, h.Get("Content-Security-Policy"), "default-src 'none'")
			require.NotContains(t, h.Get("Content-Security-Policy"), "unsafe")
			require.NotContains(t, h.Get("Content-Security-Policy"), "http")
			require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
			require.Equal(t, "no-referrer", h.Get("Referrer-Policy"))
			require.Contains(t, h.Get("Permissions-Policy"), "camera=()")
		})
	}
}

func TestAClientGetsWhatItAccepts(t *testing.T) {
	for accept, compressed := range map[string]bool{
		"": false, "identity": false, "br": false, "gzip;q=0": false, "gzip; q=0.0, *": false, "*;q=0": false, "gzip;q=x": false,
		"gzip": true, "GZIP": true, "br, gzip;q=0.5": true, "deflate, gzip;q=1.0, *;q=0.5": true, "*": true,
	} {
		t.Run("Accept-Encoding: "+accept, func(t *testing.T) {
			answer := ask(t, http.MethodGet, "/web/style.css", map[string]string{"Accept-Encoding": accept})
			require.Equal(t, "Accept-Encoding", answer.Header.Get("Vary"))
			if !compressed {
				require.Empty(t, answer.Header.Get("Content-Encoding"))
				require.Contains(t, body(t, answer.Body), ":root")
				return
			}
			require.Equal(t, "gzip", answer.Header.Get("Content-Encoding"))
			z, err := gzip.NewReader(answer.Body)
			require.NoError(t, err)
			require.Contains(t, body(t, z), ":root")
		})
	}
}

func TestACurrentCopyIsNotSentAgain(t *testing.T) {
	for _, accept := range []string{"identity", "gzip"} {
		t.Run(accept, func(t *testing.T) {
			first := ask(t, http.MethodGet, "/", map[string]string{"Accept-Encoding": accept})
			etag := first.Header.Get("ETag")
			require.NotEmpty(t, etag)
			for name, have := range map[string]string{"its tag": etag, "its tag among others": `"other", W/` + etag, "any tag": "*"} {
				t.Run(name, func(t *testing.T) {
					again := ask(t, http.MethodGet, "/", map[string]string{"Accept-Encoding": accept, "If-None-Match": have})
					require.Equal(t, http.StatusNotModified, again.StatusCode)
					require.Equal(t, etag, again.Header.Get("ETag"))
					require.Empty(t, body(t, again.Body))
				})
			}
			t.Run("another tag", func(t *testing.T) {
				other := ask(t, http.MethodGet, "/", map[string]string{"Accept-Encoding": accept, "If-None-Match": `"other"`})
				require.Equal(t, http.StatusOK, other.StatusCode)
			})
		})
	}
	plain, compressed := ask(t, http.MethodGet, "/", nil), ask(t, http.MethodGet, "/", map[string]string{"Accept-Encoding": "gzip"})
	require.NotEqual(t, plain.Header.Get("ETag"), compressed.Header.Get("ETag"))
}

func TestHeadHasOnlyTheHeaders(t *testing.T) {
	answer := ask(t, http.MethodHead, "/", nil)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.NotEmpty(t, answer.Header.Get("ETag"))
	require.Empty(t, body(t, answer.Body))
}

func TestAFileThatThePageDoesNotHaveIsNotFound(t *testing.T) {
	for _, path := range []string{"/web/", "/web/page.go", "/web/index.html", "/web/../go.mod", "/other"} {
		t.Run("GET "+path, func(t *testing.T) {
			require.Equal(t, http.StatusNotFound, ask(t, http.MethodGet, path, nil).StatusCode)
		})
	}
}

func TestAFileIsAlwaysServedWhole(t *testing.T) {
	for name, value := range map[string]string{"Range": "bytes=0-1", "If-Match": `"other"`} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, http.StatusOK, ask(t, http.MethodGet, "/", map[string]string{name: value}).StatusCode)
		})
	}
}

func TestAWorkflowThatCannotBeDrawnIsRefused(t *testing.T) {
	_, err := New([]byte(`{"StartAt":"A"}`), false)
	require.ErrorContains(t, err, "draw the workflow")
}

func TestAllFilesTogetherAreSmall(t *testing.T) {
	var plain, compressed int
	entries, err := files.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		path := "/web/" + e.Name()
		if e.Name() == "index.html" {
			path = "/"
		}
		plain += len(body(t, ask(t, http.MethodGet, path, nil).Body))
		compressed += len(body(t, ask(t, http.MethodGet, path, map[string]string{"Accept-Encoding": "gzip"}).Body))
	}
	t.Logf("%d bytes, %d compressed", plain, compressed)
	require.Less(t, plain, 60<<10)
}
