// Package api is the shop's HTTP API: a plain http.Handler that places orders,
// shows them and cancels them. It decides what a request must look like and how an error
// reads; where orders are kept and what runs them is behind the domain's contracts.
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

// Config is what the API stands on. Orders and Executions are needed.
type Config struct {
	Orders     order.Orders
	Executions order.Executions
	// FaultInjection allows a request to choose how long each step takes and
	// which step fails.
	FaultInjection bool
	// TokenRequired refuses to place or cancel an order for a customer whom the
	// gateway in front does not name. The gateway checks tokens by route, and what it takes for
	// another route may be this one here, once a path is decoded.
	TokenRequired bool
	// Logger gets a line for every order placed or cancelled and every error
	// answered, with the request's id. Nil means slog.Default().
	Logger *slog.Logger
	// Page, if not nil, answers GET / and GET /web/{file}. Where it has no such file
	// it writes nothing and returns false.
	Page func(w http.ResponseWriter, r *http.Request) (found bool)
	// History, if not nil, returns the events of an order's execution as far as they
	// have happened, or false if there is no such execution. With it the API has the
	// route GET /orders/{id}/execution, and an order links there.
	History func(orderID string) ([]Event, bool)
	// BackOffice, if not nil, is behind the routes GET /orders, GET /dead-letters and
	// POST /dead-letters/redrive.
	BackOffice BackOffice
}

type api struct {
	Config
	description func() (any, error) // OpenAPI
}

// New returns the API's handler, or an error that names each field that is
// missing.
//
// The id of a request comes from its X-Request-Id header, where a gateway in
// front has set one, or is made up. It stands on the answer's X-Request-Id
// header, in an error's body and in the log.
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

// handler answers a request, or leaves an error for [api.fail] to answer.
type handler func(http.ResponseWriter, *http.Request) error

func (a *api) route(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			a.fail(w, r, err)
		}
	}
}

// wrongMethod refuses any method but those that are allowed.
func wrongMethod(allowed string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Allow", allowed)
		return refuse(methodNotAllowed, "%s is not possible here; allowed: %s.", show(r.Method), allowed)
	}
}

// plain refuses query parameters, which would do nothing.
func plain(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if q := r.URL.RawQuery; q != "" {
			return refuse(unknownParameter, "There are no query parameters here: leave ?%s out. The fields of an order go into the body of POST /orders.", show(q))
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
	return refuse(routeNotFound, "There is nothing at %s. An order is placed with POST /orders, shown by GET /orders/{id} and cancelled with POST /orders/{id}/cancel; GET /openapi.json has the rest.", show(r.URL.Path))
}

// exact refuses a path with empty or dotted parts, which the mux would answer with a
// redirect to another route.
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

// sameOrigin refuses what a browser sends from a page of another website, unless it
// changes nothing.
func (a *api) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(a.route(func(_ http.ResponseWriter, r *http.Request) error {
		return refuse(crossOrigin, "A page of another website sent this. In a browser, only a page of %s itself may change anything here.", show(r.Host))
	}))
	return protection.Handler(next)
}

// authorize refuses a customer without a token where one is required.
func (a *api) authorize(w http.ResponseWriter, r *http.Request) error {
	if !a.TokenRequired || r.Header.Get(subjectHeader) != "" {
		return nil
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	return refuse(unauthorized, "Ordering and cancelling need a token: Authorization: Bearer …")
}

// maxID is the length of the longest name that an execution can have; no
// order's id is longer.
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

// guard gives every request its id and every answer its headers, and answers
// for a handler that panicked.
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
