package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"
)

// description is the API's OpenAPI document, for checking exchanges.
type description struct {
	*openapi3.T
	mux *http.ServeMux // finds the operation of a request
}

// described reads openapi.json more strictly than clients do: a response must not have
// anything that it does not describe.
var described = sync.OnceValues(func() (*description, error) {
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		return nil, err
	}
	var raw map[string]any
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	for _, s := range raw["components"].(map[string]any)["schemas"].(map[string]any) {
		s.(map[string]any)["additionalProperties"] = false
	}
	if text, err = json.Marshal(raw); err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	for _, media := range []string{"text/html", "text/css", "text/javascript", "image/svg+xml"} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.FileBodyDecoder)
	}
	return &description{doc, operations(doc)}, doc.Validate(context.Background())
})

// found receives the operation of a request.
type found struct{ route *routers.Route }

type foundKey struct{}

// operations routes a request to its operation.
func operations(doc *openapi3.T) *http.ServeMux {
	mux := http.NewServeMux()
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			route := &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: operation}
			pattern := method + " " + path
			if path == "/" {
				pattern += "{$}"
			}
			mux.HandleFunc(pattern, func(_ http.ResponseWriter, r *http.Request) {
				r.Context().Value(foundKey{}).(*found).route = route
			})
		}
	}
	return mux
}

// conforms checks an exchange against the description: an accepted request must be valid
// by it, and the response must be described.
func conforms(r *http.Request, sent string, w *httptest.ResponseRecorder) error {
	d, err := described()
	if err != nil {
		return err
	}
	var f found
	copied := r.Clone(context.WithValue(context.Background(), foundKey{}, &f))
	copied.Header.Set("Content-Type", "application/json") // a form from curl -d is read as JSON, too
	copied.Body, copied.ContentLength = http.NoBody, 0
	if strings.TrimSpace(sent) != "" {
		copied.Body, copied.ContentLength = io.NopCloser(strings.NewReader(sent)), int64(len(sent))
	}
	d.mux.ServeHTTP(httptest.NewRecorder(), copied)
	if f.route == nil || bytes.HasPrefix(w.Body.Bytes(), []byte(`{"type":"urn:problem-type:pizzasaga:route-not-found"`)) || w.Code == http.StatusMethodNotAllowed {
		return d.unknown(w)
	}
	parameters := map[string]string{}
	for _, p := range append(f.route.PathItem.Parameters, f.route.Operation.Parameters...) {
		if p.Value.In == openapi3.ParameterInPath {
			parameters[p.Value.Name] = copied.PathValue(p.Value.Name)
		}
	}
	in := &openapi3filter.RequestValidationInput{Request: copied, PathParams: parameters, Route: f.route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true,
			ExcludeResponseBody: r.Method == http.MethodHead}}
	if w.Code < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			return fmt.Errorf("an accepted request: %w", err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: w.Code, Header: w.Header(), Options: in.Options}
	out.SetBodyBytes(w.Body.Bytes())
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		return fmt.Errorf("the response %d: %w", w.Code, err)
	}
	return undescribedHeader(w, f.route.Operation.Responses.Status(w.Code))
}

// unknown checks the response to a request that is not described.
func (d description) unknown(w *httptest.ResponseRecorder) error {
	response := d.Components.Responses["RouteNotFound"]
	if w.Code == http.StatusMethodNotAllowed {
		response = d.Components.Responses["MethodNotAllowed"]
	} else if w.Code != http.StatusNotFound && w.Code != http.StatusForbidden {
		return fmt.Errorf("%d at a route that is not described", w.Code)
	}
	var problem any
	if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
		return err
	}
	if err := d.Components.Schemas["Problem"].Value.VisitJSON(problem, openapi3.EnableJSONSchema2020()); err != nil {
		return err
	}
	return undescribedHeader(w, response)
}

func undescribedHeader(w *httptest.ResponseRecorder, response *openapi3.ResponseRef) error {
	for name := range w.Header() {
		same := func(known string) bool { return strings.EqualFold(known, name) }
		if name != "Content-Type" && name != "Content-Length" && !slices.ContainsFunc(slices.Collect(maps.Keys(response.Value.Headers)), same) {
			return fmt.Errorf("the response %d has the header %s, which is not described", w.Code, name)
		}
	}
	return nil
}

func TestTheDescriptionIsServed(t *testing.T) {
	local, aws := newShop(t, history("")), newShop(t)
	get := func(s shop) *openapi3.T {
		w := s.do("GET", "/openapi.json", "")
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, http.StatusNotModified, s.do("GET", "/openapi.json", "", "If-None-Match", w.Header().Get("ETag")).Code)
		doc, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes())
		require.NoError(t, err)
		require.NoError(t, doc.Validate(t.Context()))
		return doc
	}
	list := func(doc *openapi3.T) (all []string) {
		for path, item := range doc.Paths.Map() {
			for method := range item.Operations() {
				all = append(all, method+" "+path)
			}
		}
		return all
	}
	everywhere := []string{"POST /orders", "GET /orders/{id}", "POST /orders/{id}/cancel", "GET /openapi.json", "GET /", "GET /web/{file}"}
	require.ElementsMatch(t, everywhere, list(get(aws)))
	require.ElementsMatch(t, append(everywhere, "GET /orders/{id}/execution", "GET /orders", "GET /dead-letters", "POST /dead-letters/redrive", "POST /", "POST /2015-03-31/functions/{name}/invocations"), list(get(local)))
}

func TestTheDescriptionHasEveryProblemTypeAndNoOther(t *testing.T) {
	types := func(file, pattern string) []string {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var names []string
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	require.Equal(t, types("problem.go", `kind\{"([a-z-]+)"`), types("openapi.json", `"urn:problem-type:pizzasaga:([a-z-]+)"`))
}

func TestAnUndescribedAnswerIsFound(t *testing.T) {
	r := httptest.NewRequest("GET", "/orders/x", nil)
	answer := func(status int, header, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		for name, value := range map[string]string{"Content-Type": "application/problem+json", header: "x"} {
			w.Header().Set(name, value)
		}
		w.Code, w.Body = status, bytes.NewBufferString(body)
		return w
	}
	const problem = `{"type":"urn:problem-type:pizzasaga:order-not-found","title":"t","status":404,"detail":"d","requestId":"r"}`
	require.NoError(t, conforms(r, "", answer(404, "X-Request-Id", problem)))
	for name, w := range map[string]*httptest.ResponseRecorder{
		"a status": answer(418, "X-Request-Id", problem),
		"a header": answer(404, "X-Other", problem),
		"a type":   answer(404, "X-Request-Id", strings.Replace(problem, "order-not-found", "internal", 1)),
		"a member": answer(404, "X-Request-Id", strings.Replace(problem, "{", `{"other":1,`, 1)),
		"a format": answer(404, "Content-Type", problem),
	} {
		t.Run(name, func(t *testing.T) { require.Error(t, conforms(r, "", w)) })
	}
}
