// Package web has the page's files and serves them. It draws the workflow into index.html
// and removes comments and optional spaces.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"pizzasaga/internal/diagram"
)

//go:embed *.html *.css *.js *.svg
var files embed.FS

// policy lets the page load and reach its own origin, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Page is the page for a workflow.
type Page struct{ assets map[string]asset } // by path

// New returns the page for a workflow's definition: / is the page, and /web/{file} has
// its files, including the definition (workflow.asl.json). With backOffice, the page
// links to the back office. Everything is compressed once, here.
func New(definition []byte, backOffice bool) (*Page, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	p := &Page{map[string]asset{"/web/workflow.asl.json": newAsset("workflow.asl.json", definition)}}
	for _, f := range entries {
		content, err := files.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		content = lean(f.Name(), content)
		if f.Name() != "index.html" {
			p.assets["/web/"+f.Name()] = newAsset(f.Name(), content)
			continue
		}
		if content, err = fill(content, definition, backOffice); err != nil {
			return nil, err
		}
		p.assets["/"] = newAsset(f.Name(), content)
	}
	return p, nil
}

// Serve answers a GET or HEAD. If the page has no such file, it writes nothing and
// returns false.
func (p *Page) Serve(w http.ResponseWriter, r *http.Request) (found bool) {
	a, found := p.assets[r.URL.Path]
	if found {
		a.serve(w, r)
	}
	return found
}

// officeLink is the link to the back office.
const officeLink = `<a id="office" href="#/back-office">Back office</a>`

// fill inserts the drawing of the workflow and the link to the back office into
// index.html.
func fill(index, definition []byte, backOffice bool) ([]byte, error) {
	drawing, err := diagram.SVG(definition, diagram.Options{Live: true})
	if err != nil {
		return nil, fmt.Errorf("draw the workflow: %w", err)
	}
	office := ""
	if backOffice {
		office = officeLink
	}
	for place, text := range map[string]string{"{{workflow}}": string(drawing), "{{office}}": office} {
		if bytes.Count(index, []byte(place)) != 1 {
			return nil, fmt.Errorf("index.html must have one place for %s", place)
		}
		index = bytes.Replace(index, []byte(place), []byte(text), 1)
	}
	return index, nil
}

// asset is a file, plain and compressed, each with its own ETag.
type asset struct {
	contentType string
	plain, gzip variant
}

type variant struct {
	body []byte
	etag string
}

func newAsset(name string, content []byte) asset {
	var compressed bytes.Buffer
	// These cannot fail: the level is valid, and a Buffer accepts everything.
	w, _ := gzip.NewWriterLevel(&compressed, gzip.BestCompression)
	_, _ = w.Write(content)
	_ = w.Close()
	return asset{contentType: contentTypes[path.Ext(name)], plain: newVariant(content), gzip: newVariant(compressed.Bytes())}
}

func newVariant(body []byte) variant {
	sum := sha256.Sum256(body)
	return variant{body, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}

// contentTypes do not depend on the machine's settings, because a browser runs no module
// with another type.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".json": "application/json",
}

// serve answers with the variant that the client accepts, or with 304 if it has that. A
// browser revalidates every file, so that a new page is never mixed with files of an old
// one.
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	v := a.plain
	h := w.Header()
	if takesGzip(r.Header.Values("Accept-Encoding")) {
		v = a.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", a.contentType)
	h.Set("ETag", v.etag)
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	r.Header.Del("Range")    // ranges of a small file are not useful,
	r.Header.Del("If-Match") // and neither is a failed precondition
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(v.body))
}

// takesGzip reads Accept-Encoding (RFC 9110, section 12.5.3): gzip is accepted if it, or
// else "*", is listed with a weight other than 0.
func takesGzip(accept []string) bool {
	weights := map[string]float64{}
	for coding := range strings.SplitSeq(strings.ToLower(strings.Join(accept, ",")), ",") {
		name, parameter, _ := strings.Cut(strings.TrimSpace(coding), ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64) // an invalid number counts as 0
		}
		weights[strings.TrimSpace(name)] = weight
	}
	if weight, named := weights["gzip"]; named {
		return weight > 0
	}
	return weights["*"] > 0
}
