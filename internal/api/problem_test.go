package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/order"
	"pizzasaga/statemachine"
	"pizzasaga/web"
)

type problem struct {
	Type, Title, Detail, RequestID string
	Status                         int
	OrderStatus                    order.Status
	Errors                         []struct{ Pointer, Detail string }
	Started, NotStarted            []receipt
}

// requireProblem checks that an answer is a whole problem of the type.
func requireProblem(t *testing.T, w *httptest.ResponseRecorder, status int, kind string) problem {
	t.Helper()
	p := decode[problem](t, w)
	require.Equal(t, status, w.Code, p.Detail)
	require.Equal(t, status, p.Status)
	require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	require.Equal(t, "urn:problem-type:pizzasaga:"+kind, p.Type, p.Detail)
	require.NotEmpty(t, p.Title)
	require.NotEmpty(t, p.Detail)
	require.Equal(t, w.Header().Get("X-Request-Id"), p.RequestID)
	return p
}

func TestWrongMethodsAndRoutes(t *testing.T) {
	s := newShop(t)
	for _, test := range []struct {
		method, path string
		status       int
		kind, allow  string
	}{
		{"GET", "/orders", 405, "method-not-allowed", "POST"},
		{"DELETE", "/orders", 405, "method-not-allowed", "POST"},
		{"OPTIONS", "/orders", 405, "method-not-allowed", "POST"},
		{"POST", "/orders/x", 405, "method-not-allowed", "GET, HEAD"},
		{"PUT", "/orders/x", 405, "method-not-allowed", "GET, HEAD"},
		{"GET", "/orders/x/cancel", 405, "method-not-allowed", "POST"},
		{"DELETE", "/orders/x/cancel", 405, "method-not-allowed", "POST"},
		{"GET", "/orders/x", 404, "order-not-found", ""},
		{"POST", "/orders/x/cancel", 404, "order-not-found", ""},
		{"POST", "/orders/" + strings.Repeat("x", 5000) + "/cancel", 404, "order-not-found", ""},
		{"POST", "/orders/x/cancel/y", 404, "route-not-found", ""},
		{"GET", "/orders/" + strings.Repeat("x", 5000), 404, "order-not-found", ""},
		{"GET", "/orders/%00%2F..", 404, "order-not-found", ""},
		{"GET", "/orders/", 404, "route-not-found", ""},
		{"POST", "/orders/", 404, "route-not-found", ""},
		{"GET", "/orders/x/y", 404, "route-not-found", ""},
		{"GET", "/", 404, "route-not-found", ""},
		{"GET", "/Orders", 404, "route-not-found", ""},
		{"POST", "/orders//cancel", 404, "route-not-found", ""},
		{"GET", "//orders/x", 404, "route-not-found", ""},
		{"GET", "/orders/x/.", 404, "route-not-found", ""},
		{"GET", "/orders/../orders/x", 404, "route-not-found", ""},
		{"GET", "/orders/x/", 404, "route-not-found", ""},
		{"GET", "/orders/x/execution", 404, "route-not-found", ""},
		{"PATCH", "/menu", 404, "route-not-found", ""},
	} {
		t.Run(test.method+" "+show(test.path), func(t *testing.T) {
			w := s.do(test.method, test.path, "")
			requireProblem(t, w, test.status, test.kind)
			require.Equal(t, test.allow, w.Header().Get("Allow"))
		})
	}
}

func show(path string) string { return path[:min(len(path), 30)] }

func TestAStoreThatIsAwayIsUnavailable(t *testing.T) {
	s := newShop(t)
	s.orders.err = fmt.Errorf("put item in table secret-table: %w", order.ErrUnavailable)
	for name, w := range map[string]*httptest.ResponseRecorder{"placing": s.post(""), "looking": s.do("GET", "/orders/x", ""), "cancelling": s.cancel("x")} {
		t.Run(name, func(t *testing.T) {
			requireProblem(t, w, http.StatusServiceUnavailable, "unavailable")
			require.Equal(t, "5", w.Header().Get("Retry-After"))
			require.NotContains(t, w.Body.String(), "secret-table")
		})
	}
}

func TestNothingInternalLeaks(t *testing.T) {
	s := newShop(t)
	s.orders.err = errors.New("AccessDenied for arn:aws:iam::123456789012:role/secret")
	w := s.post("", "X-Request-Id", "JKJaXmPLvHcESHA=")
	p := requireProblem(t, w, http.StatusInternalServerError, "internal")
	require.Equal(t, "JKJaXmPLvHcESHA=", p.RequestID)
	require.NotContains(t, w.Body.String(), "secret")

	var line struct{ Level, RequestID, Error, Method, Path string }
	require.NoError(t, json.Unmarshal([]byte(s.log.String()), &line))
	require.Equal(t, "ERROR", line.Level)
	require.Equal(t, "JKJaXmPLvHcESHA=", line.RequestID)
	require.Equal(t, "store the order: "+s.orders.err.Error(), line.Error)
	require.Equal(t, "POST /orders", line.Method+" "+line.Path)
}

func TestAPanicIsAnInternalError(t *testing.T) {
	s := newShop(t)
	s.orders.panic = "secret"
	w := s.do("GET", "/orders/x", "")
	requireProblem(t, w, http.StatusInternalServerError, "internal")
	require.NotContains(t, w.Body.String(), "secret")
	require.Contains(t, s.log.String(), "panic: secret")
	require.Contains(t, s.log.String(), "api_test.go", "the log says where")
}

func TestEveryRequestHasAnID(t *testing.T) {
	s := newShop(t)
	first, second := s.do("GET", "/", "").Header().Get("X-Request-Id"), s.do("GET", "/", "").Header().Get("X-Request-Id")
	require.NotEmpty(t, first)
	require.NotEqual(t, first, second)
	for name, odd := range map[string]string{"a space": "a b", "a line break": "a\nb", "a quote": `"`, "too long": strings.Repeat("x", 129)} {
		t.Run(name, func(t *testing.T) {
			require.NotEqual(t, odd, s.do("GET", "/", "", "X-Request-Id", odd).Header().Get("X-Request-Id"))
		})
	}
	s.log.Reset()
	w := s.post("", "X-Request-Id", "mine")
	require.Equal(t, "mine", w.Header().Get("X-Request-Id"))
	require.Contains(t, s.log.String(), `"requestId":"mine","orderId":"`+decode[receipt](t, w).OrderID+`"`)
}

func TestAPageHasItsOwnRoutes(t *testing.T) {
	page, err := web.New(statemachine.Pizza, false)
	require.NoError(t, err)
	s := newShop(t, func(c *api.Config) { c.Page = page.Serve })
	for target, content := range map[string]string{
		"/": "<!doctype html>", "/?from=afar": "<!doctype html>", "/web/app.js": "import", "/web/workflow.asl.json": "StartAt", "/web/icon.svg": "<svg",
	} {
		t.Run("GET "+target, func(t *testing.T) {
			w := s.do("GET", target, "")
			require.Contains(t, w.Body.String(), content)
			require.Equal(t, http.StatusNotModified, s.do("GET", target, "", "If-None-Match", w.Header().Get("ETag")).Code)
			require.Equal(t, "gzip", s.do("HEAD", target, "", "Accept-Encoding", "gzip").Header().Get("Content-Encoding"))
		})
	}
	for _, path := range []string{"/", "/web/app.js"} {
		t.Run("POST "+path, func(t *testing.T) {
			w := s.do("POST", path, "")
			requireProblem(t, w, http.StatusMethodNotAllowed, "method-not-allowed")
			require.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
		})
	}
	requireProblem(t, s.do("GET", "/menu", ""), http.StatusNotFound, "route-not-found")
	require.Equal(t, http.StatusAccepted, s.post("").Code)
}

func TestAFileThatThePageLacksIsAProblem(t *testing.T) {
	s := newShop(t, func(c *api.Config) { c.Page = func(http.ResponseWriter, *http.Request) bool { return false } })
	for _, path := range []string{"/web/nothing.js", "/web/", "/web", "/web/a/b"} {
		t.Run(path, func(t *testing.T) {
			requireProblem(t, s.do("GET", path, ""), http.StatusNotFound, "route-not-found")
		})
	}
}

func TestAQueryParameterIsRefused(t *testing.T) {
	s := newShop(t)
	id := decode[receipt](t, s.post("")).OrderID
	for _, test := range []struct{ method, target string }{
		{"POST", "/orders?flavour=funghi"}, {"GET", "/orders/" + id + "?verbose"}, {"GET", "/orders/none?a=1"}, {"POST", "/orders/" + id + "/cancel?really=%zz"},
	} {
		t.Run(test.method+" "+test.target, func(t *testing.T) {
			p := requireProblem(t, s.do(test.method, test.target, ""), http.StatusBadRequest, "unknown-parameter")
			_, query, _ := strings.Cut(test.target, "?")
			require.Contains(t, p.Detail, "?"+query)
		})
	}
	require.Len(t, s.executions.started, 1)
}
