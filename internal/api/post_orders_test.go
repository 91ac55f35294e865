package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

type receipt struct {
	OrderID     string `json:"orderId"`
	Status      string `json:"status"`
	StatusURL   string `json:"statusUrl"`
	ErrorOnStep *int   `json:"errorOnStep"`
}

func TestAnOrderIsStoredStartedAndLinked(t *testing.T) {
	s := newShop(t)
	w := s.post(`{"flavour":"Vier Käse 🧀","perStepDelaySeconds":20,"errorOnStep":7}`, "Content-Type", "application/json; charset=utf-8")
	require.Equal(t, http.StatusAccepted, w.Code, w.Body)
	require.Equal(t, "application/json", w.Header().Get("Content-Type"))
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))

	r := decode[receipt](t, w)
	require.Equal(t, receipt{OrderID: r.OrderID, Status: "PENDING", StatusURL: "http://example.com/orders/" + r.OrderID}, r)
	require.Equal(t, "/orders/"+r.OrderID, w.Header().Get("Location"))
	want := order.Request{ID: r.OrderID, Flavour: "Vier Käse 🧀", PerStepDelaySeconds: 20, ErrorOnStep: workflow.FaultReclaimLoyaltyPoints}
	require.Equal(t, map[string]order.Request{r.OrderID: want}, s.executions.started)

	shown := decode[order.Order](t, s.do("GET", w.Header().Get("Location"), ""))
	require.Equal(t, want, shown.Request)
	require.Equal(t, order.Pending, shown.Status)
}

func TestMissingFieldsHaveTheirDefaults(t *testing.T) {
	s := newShop(t)
	for _, test := range []struct{ name, body string }{
		{"no body", ""}, {"a blank body", " \n"}, {"no field", "{}"}, {"no error", ` { "errorOnStep" : 0 } `},
		{"no delay", `{"perStepDelaySeconds":-0}`}, {"a plain pizza", `{"flavour":"plain"}`},
		{"null", `{"flavour":null,"perStepDelaySeconds":null,"errorOnStep":null}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := s.post(test.body)
			require.Equal(t, http.StatusAccepted, w.Code, w.Body)
			id := decode[receipt](t, w).OrderID
			require.Equal(t, order.Request{ID: id, Flavour: "plain"}, s.executions.started[id])
		})
	}
	require.Len(t, s.executions.started, 7, "every order has its own id")
}

func TestAllFaultsAreEightOrders(t *testing.T) {
	s := newShop(t)
	w := s.post(`{"errorOnStep":100,"flavour":"funghi"}`)
	require.Equal(t, http.StatusAccepted, w.Code)
	orders := decode[struct{ Orders []receipt }](t, w).Orders
	require.Len(t, orders, 8)
	for i, r := range orders {
		fault := order.Fault(i)
		t.Run(string(workflow.FaultStep(fault)), func(t *testing.T) {
			require.Equal(t, i, *r.ErrorOnStep)
			require.Equal(t, "PENDING", r.Status)
			require.Equal(t, "http://example.com/orders/"+r.OrderID, r.StatusURL)
			require.Equal(t, order.Request{ID: r.OrderID, Flavour: "funghi", ErrorOnStep: fault}, s.executions.started[r.OrderID])
			require.Equal(t, http.StatusOK, s.do("GET", "/orders/"+r.OrderID, "").Code)
		})
	}
	require.Len(t, s.executions.started, 8)
}

func TestLinksLeadBackThroughTheGateway(t *testing.T) {
	s := newShop(t)
	for _, test := range []struct{ name, proto, prefix, wantOrigin, wantPath string }{
		{"no gateway", "", "", "http://shop.test", "/orders/"},
		{"no stage", "https", "", "https://shop.test", "/orders/"},
		{"a stage", "https", "/prod", "https://shop.test", "/prod/orders/"},
		{"a stage below a path", "https", "/prod/v1", "https://shop.test", "/prod/v1/orders/"},
		{"another host", "javascript", "//evil.test", "http://shop.test", "/orders/"},
		{"a query", "http", "/a?b", "http://shop.test", "/orders/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := s.do("POST", "http://shop.test/orders", "", "X-Forwarded-Proto", test.proto, "X-Forwarded-Prefix", test.prefix)
			r := decode[receipt](t, w)
			require.Equal(t, test.wantPath+r.OrderID, w.Header().Get("Location"))
			require.Equal(t, test.wantOrigin+test.wantPath+r.OrderID, r.StatusURL)
		})
	}
}

func TestFaultInjectionCanBeSwitchedOff(t *testing.T) {
	s := newShop(t, func(c *api.Config) { c.FaultInjection = false })
	for body, fields := range map[string][]string{
		`{"errorOnStep":1}`:                         {"errorOnStep"},
		`{"perStepDelaySeconds":1}`:                 {"perStepDelaySeconds"},
		`{"perStepDelaySeconds":1,"errorOnStep":1}`: {"errorOnStep", "perStepDelaySeconds"},
	} {
		t.Run(body, func(t *testing.T) {
			p := requireProblem(t, s.post(body), http.StatusBadRequest, "fault-injection-off")
			require.Len(t, p.Errors, len(fields))
			for i, field := range fields {
				require.Equal(t, "#/"+field, p.Errors[i].Pointer)
				require.Contains(t, p.Detail, `remove the field "`+field+`"`)
			}
		})
	}
	require.Empty(t, s.executions.started)
	require.Equal(t, http.StatusAccepted, s.post(`{"flavour":"funghi","errorOnStep":0,"perStepDelaySeconds":0}`).Code)
}

// This request tells a client, without placing an order, whether faults are allowed.
func TestAFaultIsRefusedBeforeTheIdempotencyKeyIsRead(t *testing.T) {
	for _, test := range []struct {
		name    string
		allowed bool
		kind    string
	}{
		{"allowed", true, "malformed-request"},
		{"switched off", false, "fault-injection-off"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newShop(t, func(c *api.Config) { c.FaultInjection = test.allowed })
			requireProblem(t, s.post(`{"errorOnStep":1}`, "Idempotency-Key", strings.Repeat("x", 129)), http.StatusBadRequest, test.kind)
			require.Empty(t, s.executions.started)
		})
	}
}

func TestAnOrderThatCannotStartIsAbandoned(t *testing.T) {
	s := newShop(t)
	var id string
	s.executions.fail = func(r order.Request) error { id = r.ID; return errors.New("no route to 10.0.0.1") }
	w := s.post("")
	requireProblem(t, w, http.StatusServiceUnavailable, "unavailable")
	require.Equal(t, "5", w.Header().Get("Retry-After"))
	require.NotContains(t, w.Body.String(), "10.0.0.1")
	require.Contains(t, s.log.String(), "10.0.0.1")

	o, err := s.orders.Get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, order.Failed, o.Status)
	require.Equal(t, "ExecutionNotStarted", o.Failure.Error)
}

// failing makes the start of the order with a fault fail.
func failing(fault order.Fault) func(order.Request) error {
	return func(r order.Request) error {
		if r.ErrorOnStep == fault {
			return order.ErrUnavailable
		}
		return nil
	}
}

func TestIfSomeOfEightOrdersStartTheErrorListsThem(t *testing.T) {
	s := newShop(t)
	s.executions.fail = failing(workflow.FaultProcessOrder)
	w := s.post(`{"errorOnStep":100}`)
	p := requireProblem(t, w, http.StatusServiceUnavailable, "not-all-started")
	require.Equal(t, "5", w.Header().Get("Retry-After"))
	require.Contains(t, p.Detail, "7 of 8 orders were started. Do not repeat this request")
	require.Len(t, p.NotStarted, 1)
	lost := p.NotStarted[0]
	require.Equal(t, receipt{OrderID: lost.OrderID, StatusURL: "http://example.com/orders/" + lost.OrderID, ErrorOnStep: new(int(workflow.FaultProcessOrder))}, lost)
	o, err := s.orders.Get(t.Context(), lost.OrderID)
	require.NoError(t, err)
	require.Equal(t, order.Failed, o.Status)
	require.Len(t, p.Started, 7)
	require.Len(t, s.executions.started, 7)
	for _, r := range p.Started {
		t.Run(string(workflow.FaultStep(order.Fault(*r.ErrorOnStep))), func(t *testing.T) {
			require.Equal(t, order.Fault(*r.ErrorOnStep), s.executions.started[r.OrderID].ErrorOnStep)
			require.Equal(t, "PENDING", r.Status)
			o, err := s.orders.Get(t.Context(), r.OrderID)
			require.NoError(t, err)
			require.Equal(t, order.Pending, o.Status)
		})
	}
}

func TestARetryWithTheSameKeyStartsTheMissingOrdersOfEight(t *testing.T) {
	s := newShop(t)
	s.executions.fail = failing(workflow.FaultNone)
	p := requireProblem(t, s.post(`{"errorOnStep":100}`, key, "k"), http.StatusServiceUnavailable, "not-all-started")
	require.Contains(t, p.Detail, "Repeat this request with the same Idempotency-Key")
	require.Len(t, s.executions.started, 7)
	s.executions.fail = nil
	require.Equal(t, http.StatusAccepted, s.post(`{"errorOnStep":100}`, key, "k").Code)
	require.Len(t, s.executions.started, 8)
	require.Contains(t, s.executions.started, p.NotStarted[0].OrderID)
}

func TestAnOrderThatStartedAfterAllIsNotAbandoned(t *testing.T) {
	s := newShop(t)
	var id string
	s.executions.fail = func(r order.Request) error {
		id = r.ID
		_, moved, err := s.orders.Apply(t.Context(), id, order.NewChange(order.Accept, time.Now()))
		require.True(t, moved)
		return errors.Join(err, errors.New("the answer was lost"))
	}
	placed := decode[receipt](t, s.post(""))
	require.Equal(t, id, placed.OrderID, "a customer who retried would pay twice")
	o, err := s.orders.Get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, order.Created, o.Status)
	require.Contains(t, s.log.String(), "the answer was lost")
}

func TestIfATokenIsRequiredOnlyTheGatewaysSubjectCounts(t *testing.T) {
	s := newShop(t, func(c *api.Config) { c.TokenRequired = true })
	w := s.post("")
	requireProblem(t, w, http.StatusUnauthorized, "token-required")
	require.Equal(t, "Bearer", w.Header().Get("WWW-Authenticate"))
	require.Equal(t, http.StatusAccepted, s.post("", "X-Forwarded-Subject", "https://issuer ann").Code)
	require.Equal(t, http.StatusNotFound, s.do("GET", "/orders/none", "").Code, "reading needs no token")
}
