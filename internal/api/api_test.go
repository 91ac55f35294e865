package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/needtest"
)

// shop is the API under test with its dependencies.
type shop struct {
	http.Handler
	t          *testing.T
	orders     *orders
	executions *executions
	log        *strings.Builder
}

func newShop(t *testing.T, configure ...func(*api.Config)) shop {
	t.Helper()
	s := shop{t: t, orders: &orders{Orders: memory.NewOrders()}, executions: &executions{}, log: &strings.Builder{}}
	c := api.Config{Orders: s.orders, Executions: s.executions, FaultInjection: true,
		Logger: slog.New(slog.NewJSONHandler(s.log, nil))}
	for _, f := range configure {
		f(&c)
	}
	var err error
	s.Handler, err = api.New(c)
	require.NoError(t, err)
	return s
}

// orders wraps a store that a test can make fail.
type orders struct {
	order.Orders
	err   error
	panic string
}

func (o *orders) Get(ctx context.Context, id string) (order.Order, error) {
	if o.panic != "" {
		panic(o.panic)
	}
	if o.err != nil {
		return order.Order{}, o.err
	}
	return o.Orders.Get(ctx, id)
}

func (o *orders) Submit(ctx context.Context, s order.Submission) ([]order.Order, error) {
	if o.err != nil {
		return nil, o.err
	}
	return o.Orders.Submit(ctx, s)
}

func (o *orders) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if o.err != nil {
		return order.Order{}, false, o.err
	}
	return o.Orders.Apply(ctx, id, c)
}

var _ order.Orders = (*orders)(nil)

// executions remembers which orders were started. It keeps the contract of Executions: a
// repeated start is a success.
type executions struct {
	mu      sync.Mutex
	started map[string]order.Request
	fail    func(order.Request) error // nil: all succeed
}

var _ order.Executions = (*executions)(nil)

func (e *executions) Start(_ context.Context, r order.Request) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail != nil {
		if err := e.fail(r); err != nil {
			return err
		}
	}
	if known, ok := e.started[r.ID]; ok && known != r {
		return errors.New("another order has this execution")
	}
	if e.started == nil {
		e.started = map[string]order.Request{}
	}
	e.started[r.ID] = r
	return nil
}

func (s shop) do(method, target, body string, header ...string) *httptest.ResponseRecorder {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, reader)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	assert.NoError(s.t, conforms(r, body, w), "%s %s %q does not match openapi.json", method, target, body)
	return w
}

func (s shop) post(body string, header ...string) *httptest.ResponseRecorder {
	return s.do("POST", "/orders", body, header...)
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &v), w.Body.String())
	return v
}

// spy remembers the last submission.
type spy struct {
	order.Orders
	last *order.Submission
}

func (s spy) Submit(ctx context.Context, sub order.Submission) ([]order.Order, error) {
	*s.last = sub
	return s.Orders.Submit(ctx, sub)
}

func TestNewNamesWhatItsConfigLacks(t *testing.T) {
	whole := api.Config{Orders: memory.NewOrders(), Executions: &executions{}}
	needtest.TestNew(t, "api.Config", api.New, whole, map[string]func(*api.Config){
		"Orders":     func(c *api.Config) { c.Orders = nil },
		"Executions": func(c *api.Config) { c.Executions = nil },
	})
}
