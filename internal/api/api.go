// Package api is the shop's HTTP API: a plain http.Handler that places orders,
// shows them and cancels them. It decides what a request must look like and how an error
// reads; where orders are kept and what runs them is behind the domain's contracts.
package api

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

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
	// Page, if not nil, answers GET / and everything below GET /web/.
	Page http.Handler
}

type api struct {
	Config
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
	a := &api{c}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", a.route(a.postOrders))
	mux.HandleFunc("/orders", a.wrongMethod("POST"))
	mux.HandleFunc("GET /orders/{id}", a.route(a.getOrder))
	mux.HandleFunc("/orders/{id}", a.wrongMethod("GET, HEAD"))
	mux.HandleFunc("POST /orders/{id}/cancel", a.route(a.cancelOrder))
	mux.HandleFunc("/orders/{id}/cancel", a.wrongMethod("POST"))
	if c.Page != nil {
		mux.Handle("GET /{$}", c.Page)
		mux.Handle("GET /web/", c.Page)
		mux.HandleFunc("/{$}", a.wrongMethod("GET, HEAD"))
	}
	mux.HandleFunc("/", a.route(unknownRoute))
	return a.guard(mux), nil
}

// route makes a handler of a function that leaves its errors to fail.
func (a *api) route(f func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := f(w, r); err != nil {
			a.fail(w, r, err)
		}
	}
}

func (a *api) wrongMethod(allow string) http.HandlerFunc {
	return a.route(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Allow", allow)
		return refuse(methodNotAllowed, "%s is not possible here; allowed: %s.", r.Method, allow)
	})
}

func unknownRoute(_ http.ResponseWriter, r *http.Request) error {
	return refuse(routeNotFound, "There is nothing at %s. An order is placed with POST /orders, shown by GET /orders/{id} and cancelled with POST /orders/{id}/cancel.", show(r.URL.Path))
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

// respond writes v as JSON. An answer about an order is out of date at once,
// so that nobody may keep it; and no browser has a reason to run it.
func respond(w http.ResponseWriter, contentType string, status int, v any) error {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a client that went away cannot be told
	return nil
}
