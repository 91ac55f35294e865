package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/order"
)

// office is a back office with the contents that a test gives it.
type office struct {
	orders   []order.Order
	letters  []api.DeadLetter
	redriven []order.Queue
	err      error
}

func (o *office) Orders() []order.Order                        { return append([]order.Order{}, o.orders...) }
func (o *office) DeadLetters(context.Context) []api.DeadLetter { return o.letters }

func (o *office) Redrive(_ context.Context, q order.Queue) ([]json.RawMessage, error) {
	o.redriven = append(o.redriven, q)
	return []json.RawMessage{json.RawMessage(`{"queue":"RefundPayment","redriven":[],"kept":[{"orderId":"A1","error":"it failed"}]}`)}, o.err
}

func newOffice(t *testing.T) (shop, *office) {
	o := &office{}
	return newShop(t, func(c *api.Config) { c.BackOffice = o }), o
}

func TestOrdersAreListedByStatusAndId(t *testing.T) {
	s, o := newOffice(t)
	for i := range 120 {
		one := order.New(order.Request{ID: fmt.Sprintf("ID%03d", i), Flavour: "plain"}, time.Now())
		if i%10 == 3 {
			one.Status = order.Cancelled
		}
		o.orders = append(o.orders, one)
	}
	for query, want := range map[string]struct {
		total, listed int
		first         string
	}{
		"":                           {120, 100, "ID000"},
		"?status=CANCELLED":          {12, 12, "ID003"},
		"?id=id11":                   {10, 10, "ID110"},
		"?id=ID113&status=PENDING":   {0, 0, ""},
		"?id=ID113&status=CANCELLED": {1, 1, "ID113"},
	} {
		t.Run(query, func(t *testing.T) {
			w := s.do("GET", "/orders"+query, "")
			require.Equal(t, http.StatusOK, w.Code)
			list := decode[struct {
				Orders []order.Order
				Total  int
			}](t, w)
			require.Equal(t, want.total, list.Total)
			require.Len(t, list.Orders, want.listed)
			if want.listed > 0 {
				require.Equal(t, want.first, list.Orders[0].ID)
			}
			require.Equal(t, http.StatusNotModified, s.do("GET", "/orders"+query, "", "If-None-Match", w.Header().Get("ETag")).Code)
		})
	}
}

func TestAQueryOfTheBackOfficeIsChecked(t *testing.T) {
	s, o := newOffice(t)
	for _, test := range []struct{ method, target, kind, says string }{
		{"GET", "/orders?state=CANCELLED", "unknown-parameter", "There is no query parameter state here, only status and id."},
		{"GET", "/orders?status=cancelled", "invalid-parameter", "must be one of PENDING, CREATED, "},
		{"GET", "/orders?status=", "invalid-parameter", "given once, with a value"},
		{"GET", "/orders?id=A&id=B", "invalid-parameter", "given once, with a value"},
		{"GET", "/orders?id=%zz", "invalid-parameter", "cannot be read"},
		{"GET", "/dead-letters?queue=RefundPayment", "unknown-parameter", "has no query parameters"},
		{"POST", "/dead-letters/redrive?queue=Refunds", "invalid-parameter", "; it is Refunds."},
	} {
		t.Run(test.method+" "+test.target, func(t *testing.T) {
			p := requireProblem(t, s.do(test.method, test.target, ""), http.StatusBadRequest, test.kind)
			require.Contains(t, p.Detail, test.says)
		})
	}
	require.Empty(t, o.redriven)
}

func TestDeadLettersAreShownAndRedriven(t *testing.T) {
	s, o := newOffice(t)
	o.letters = []api.DeadLetter{{Queue: "RefundPayment", SentAt: time.Now(), Error: "Internal", Cause: "it failed",
		Order: &order.Summary{ID: "A1", Status: order.RollbackFailed, Payment: order.PaymentRefundFailed, Loyalty: order.LoyaltyNone}}}
	shown := s.do("GET", "/dead-letters", "")
	require.Equal(t, http.StatusOK, shown.Code)
	require.Contains(t, shown.Body.String(), `"order":{"orderId":"A1","status":"ROLLBACK_FAILED"`)
	for _, query := range []string{"?queue=RefundPayment", ""} {
		redriven := s.do("POST", "/dead-letters/redrive"+query, "")
		require.Equal(t, http.StatusOK, redriven.Code)
		require.JSONEq(t, `{"queues":[{"queue":"RefundPayment","redriven":[],"kept":[{"orderId":"A1","error":"it failed"}]}]}`, redriven.Body.String())
	}
	require.Equal(t, []order.Queue{"RefundPayment", ""}, o.redriven)
	requireProblem(t, s.do("POST", "/dead-letters/redrive", "", "Sec-Fetch-Site", "cross-site"), http.StatusForbidden, "cross-origin")
	o.err = order.ErrUnavailable
	requireProblem(t, s.do("POST", "/dead-letters/redrive", ""), http.StatusServiceUnavailable, "unavailable")
}

func TestOnlyAShopWithABackOfficeHasItsRoutes(t *testing.T) {
	s, _ := newOffice(t)
	w := s.do("DELETE", "/orders", "")
	requireProblem(t, w, http.StatusMethodNotAllowed, "method-not-allowed")
	require.Equal(t, "POST, GET, HEAD", w.Header().Get("Allow"))
	for _, target := range []string{"GET /dead-letters", "POST /dead-letters/redrive"} {
		t.Run(target, func(t *testing.T) {
			var method, path string
			_, err := fmt.Sscan(target, &method, &path)
			require.NoError(t, err)
			requireProblem(t, newShop(t).do(method, path, ""), http.StatusNotFound, "route-not-found")
		})
	}
}
