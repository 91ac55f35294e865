// Package api is the shop's HTTP API: a plain http.Handler that places, shows and cancels
// orders. It validates requests and formats errors; storing and running orders is left to
// the domain's contracts.
package api

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"sync"

	"pizzasaga/internal/need"
	"pizzasaga/internal/order"
)

// Config has the API's dependencies and settings. Orders and Executions are required.
type Config struct {
	Orders     order.Orders
	Executions order.Executions
	// FaultInjection allows a request to choose how long each step takes and which step
	// fails.
	FaultInjection bool
	// TokenRequired refuses to place or cancel an order unless the gateway in front has
	// identified the customer. The gateway checks tokens by route, but it may match
	// another route than this API does, because this API decodes the path first.
	TokenRequired bool
	// Logger logs every order placed or cancelled and every error response, with the
	// request's id. Nil means slog.Default().
	Logger *slog.Logger
	// Page, if not nil, answers GET / and GET /web/{file}. If it has no such file, it
	// writes nothing and returns false.
	Page func(w http.ResponseWriter, r *http.Request) (found bool)
	// History, if not nil, returns the events of an order's execution so far, or false if
	// there is no such execution. It adds the route GET /orders/{id}/execution, to which
	// orders then link.
	History func(orderID string) ([]Event, bool)
	// BackOffice, if not nil, adds the routes GET /orders, GET /dead-letters and POST
	// /dead-letters/redrive.
	BackOffice BackOffice
}

type api struct {
	Config
	description func() (any, error) // OpenAPI
}

// New returns the API's handler, or an error that names each field that is
// missing.
//
// The id of a request is taken from the X-Request-Id header if a gateway in front has set
// one, and generated otherwise. It is in the response's X-Request-Id header, in the body
// of an error and in the log.
func New(c Config) (http.Handler, error) {
	if err := need.Fields("api.Config", map[string]bool{"Orders": c.Orders != nil, "Executions": c.Executions != nil}); err != nil {
		return nil, err
	}
	c.Logger = cmp.Or(c.Logger, slog.Default())
	a := &api{c, sync.OnceValues(func() (any, error) { return describe(c.History != nil) })}
	return a.guard(a.sameOrigin(a.exact(a.mux()))), nil
}

func (a *api) mux() *http.ServeMux {
	mux := http.NewServeMux()
	allowed := map[string][]string{} // methods by path
	add := func(method, path string, f handler) {
		mux.HandleFunc(method+" "+path, a.route(f))
		allowed[path] = append(allowed[path], method)
		if method == http.MethodGet {
			allowed[path] = append(allowed[path], http.MethodHead)
		}
	}
	add("POST", "/orders", plain(a.postOrders))
	add("GET", "/orders/{id}", plain(a.getOrder))
	add("POST", "/orders/{id}/cancel", plain(a.cancelOrder))
	add("GET", "/openapi.json", plain(a.getOpenAPI))
	if a.History != nil {
		add("GET", "/orders/{id}/execution", plain(a.getExecution))
	}
	if a.Page != nil {
		add("GET", "/{$}", a.page)
		add("GET", "/web/{file}", a.page)
	}
	if a.BackOffice != nil {
		add("GET", "/orders", a.getOrders)
		add("GET", "/dead-letters", plain(a.getDeadLetters))
		add("POST", "/dead-letters/redrive", a.redriveDeadLetters)
	}
	for path, methods := range allowed {
		mux.HandleFunc(path, a.route(wrongMethod(strings.Join(methods, ", "))))
	}
	mux.HandleFunc("/", a.route(unknownRoute))
	return mux
}

// handler answers a request, or returns an error that [api.fail] answers.
type handler func(http.ResponseWriter, *http.Request) error

func (a *api) route(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			a.fail(w, r, err)
		}
	}
}

// wrongMethod refuses every method except the allowed ones.
func wrongMethod(allowed string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Allow", allowed)
		return refuse(methodNotAllowed, "%s is not allowed here. Allowed: %s.", show(r.Method), allowed)
	}
}

// plain refuses query parameters, because the handler would ignore them.
func plain(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if q := r.URL.RawQuery; q != "" {
			return refuse(unknownParameter, "This route has no query parameters: remove ?%s. The fields of an order go into the body of POST /orders.", show(q))
		}
		return h(w, r)
	}
}

func (a *api) page(w http.ResponseWriter, r *http.Request) error {
	if !a.Page(w, r) {
		return unknownRoute(w, r)
	}
	return nil
}

func unknownRoute(_ http.ResponseWriter, r *http.Request) error {
	return refuse(routeNotFound, "There is nothing at %s. Place an order with POST /orders, get it with GET /orders/{id} and cancel it with POST /orders/{id}/cancel. GET /openapi.json describes everything.", show(r.URL.Path))
}

// exact refuses a path with empty or dotted segments, which the mux would redirect to
// another route.
func (a *api) exact(next http.Handler) http.Handler {
	unknown := a.route(unknownRoute)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.EscapedPath()
		if p != "/" && (!strings.HasPrefix(p, "/") || path.Clean(p) != strings.TrimSuffix(p, "/")) {
			unknown(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses requests that a browser sends from another website's page, except
// safe methods.
func (a *api) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(a.route(func(_ http.ResponseWriter, r *http.Request) error {
		return refuse(crossOrigin, "Another website's page sent this request. In a browser, only pages of %s may change anything here.", show(r.Host))
	}))
	return protection.Handler(next)
}

// authorize refuses a customer without a token where one is required.
func (a *api) authorize(w http.ResponseWriter, r *http.Request) error {
	if !a.TokenRequired || r.Header.Get(subjectHeader) != "" {
		return nil
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	return refuse(unauthorized, "You need a token to place or cancel an order. Send it in the header Authorization: Bearer …")
}

// maxID is the longest name that an execution can have, and thus the longest order id.
const maxID = 80

// orderID returns the id in the path.
func orderID(r *http.Request) (string, error) {
	id := r.PathValue("id")
	if len(id) > maxID {
		return "", fmt.Errorf("an id of %d bytes: %w", len(id), order.ErrNotFound)
	}
	return id, nil
}

const (
	requestIDHeader = "X-Request-Id"
	maxRequestID    = 128 // characters
)

// guard adds the request id and the common response headers, and turns a panic of the
// handler into an error response.
func (a *api) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if len(id) > maxRequestID || !consistsOf(id, "._:/+=-") {
			id = rand.Text()
		}
		w.Header().Set(requestIDHeader, id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				a.fail(w, r, panicked{p, debug.Stack()})
			}
		}()
		next.ServeHTTP(w, r)
	})
}
