package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/order"
)

// have stores an order A1 with the given statuses.
func (s shop) have(t *testing.T, status order.Status, payment order.Payment, asked bool) {
	t.Helper()
	o := order.New(order.Request{ID: "A1", Flavour: "plain"}, time.Now())
	o.Status, o.Payment = status, payment
	if asked {
		o.CancelRequestedAt = &o.CreatedAt
	}
	_, err := s.orders.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
	require.NoError(t, err)
}

func (s shop) cancel(id string, header ...string) *httptest.ResponseRecorder {
	return s.do("POST", "/orders/"+id+"/cancel", "", header...)
}

func TestCancellingAnOrderReturnsTheOrder(t *testing.T) {
	s := newShop(t)
	s.have(t, order.Paid, order.PaymentPaid, false)
	w := s.cancel("A1", "X-Request-Id", "mine")
	require.Equal(t, http.StatusAccepted, w.Code, w.Body)
	require.Equal(t, "application/json", w.Header().Get("Content-Type"))
	require.Equal(t, s.do("GET", "/orders/A1", "").Body.String(), w.Body.String())
	o := decode[order.Order](t, w)
	require.NotNil(t, o.CancelRequestedAt)
	require.Equal(t, order.Paid, o.Status, "the workflow rolls it back later")
	require.Equal(t, order.Milestone{Step: order.CancelOrder, Status: "CANCEL_REQUESTED", At: *o.CancelRequestedAt}, o.Timeline[len(o.Timeline)-1])
	require.Contains(t, s.log.String(), `"msg":"cancellation requested","requestId":"mine","orderId":"A1"`)
}

func TestAnOrderCanBeCancelledOnlyWhileItCanBeRolledBack(t *testing.T) {
	for _, test := range []struct {
		name     string
		status   order.Status
		payment  order.Payment
		asked    bool
		accepted bool
	}{
		{"pending", order.Pending, order.PaymentNone, false, true},
		{"while it is charged", order.TakingPayment, order.PaymentCharging, false, true},
		{"paid", order.Paid, order.PaymentPaid, false, true},
		{"cooked", order.CookingCompleted, order.PaymentPaid, false, true},
		{"its hand-over is claimed", order.DeliveryStarted, order.PaymentPaid, false, false},
		{"delivered", order.DeliveryConfirmed, order.PaymentPaid, false, false},
		{"being rolled back for another reason", order.RollingBack, order.PaymentRefunding, false, false},
		{"being rolled back by the version before", order.CookingStarted, order.PaymentRefunding, false, false},
		{"cancelled for another reason", order.Cancelled, order.PaymentRefunded, false, false},
		{"its refund failed", order.RollbackFailed, order.PaymentRefundFailed, false, false},
		{"never accepted", order.Failed, order.PaymentNone, false, false},
		{"declined", order.FailedPayment, order.PaymentDeclined, false, false},
		{"asked before", order.CookingStarted, order.PaymentPaid, true, true},
		{"asked before, and being rolled back", order.RollingBack, order.PaymentRefunding, true, true},
		{"asked before, and cancelled", order.Cancelled, order.PaymentRefunded, true, true},
		{"asked before, and cancelled uncharged", order.Cancelled, order.PaymentNone, true, true},
		{"asked before, and its refund failed", order.RollbackFailed, order.PaymentRefundFailed, true, true},
		{"asked before, but declined", order.FailedPayment, order.PaymentDeclined, true, false},
		{"asked before, but not started", order.Failed, order.PaymentNone, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newShop(t)
			s.have(t, test.status, test.payment, test.asked)
			before := s.do("GET", "/orders/A1", "")
			for range 2 {
				w := s.cancel("A1")
				if test.accepted {
					require.Equal(t, http.StatusAccepted, w.Code, w.Body)
					continue
				}
				p := requireProblem(t, w, http.StatusConflict, "order-not-cancellable")
				require.Equal(t, test.status, p.OrderStatus)
				require.Contains(t, p.Detail, string(test.status))
				require.Equal(t, before.Body.String(), s.do("GET", "/orders/A1", "").Body.String(), "nothing is recorded")
			}
		})
	}
}

func TestOnlyAConflictHasTheOrdersStatus(t *testing.T) {
	s := newShop(t)
	require.NotContains(t, s.cancel("none").Body.String(), "orderStatus")
}

func TestABodyOfACancellationIsIgnored(t *testing.T) {
	for name, body := range map[string]string{"an object": `{"reason":"too late"}`, "no JSON": "please"} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.have(t, order.Pending, order.PaymentNone, false)
			require.Equal(t, http.StatusAccepted, s.do("POST", "/orders/A1/cancel", body, "Content-Type", "text/plain").Code)
		})
	}
}

func TestCancellingNeedsATokenIfPlacingDoes(t *testing.T) {
	s := newShop(t, func(c *api.Config) { c.TokenRequired = true })
	s.have(t, order.Pending, order.PaymentNone, false)
	w := s.cancel("A1")
	requireProblem(t, w, http.StatusUnauthorized, "token-required")
	require.Equal(t, "Bearer", w.Header().Get("WWW-Authenticate"))
	requireProblem(t, s.cancel("none"), http.StatusUnauthorized, "token-required")
	require.Equal(t, http.StatusAccepted, s.cancel("A1", "X-Forwarded-Subject", "https://issuer bob").Code, "anyone who knows the id may cancel")
}

// atOnce calls the functions concurrently.
func atOnce(calls ...func()) {
	start := make(chan struct{})
	var all sync.WaitGroup
	for _, f := range calls {
		all.Go(func() { <-start; f() })
	}
	close(start)
	all.Wait()
}

func TestTwoConcurrentCancellationsAreOne(t *testing.T) {
	s := newShop(t)
	s.have(t, order.Paid, order.PaymentPaid, false)
	var first, second *httptest.ResponseRecorder
	atOnce(func() { first = s.cancel("A1") }, func() { second = s.cancel("A1") })
	require.Equal(t, http.StatusAccepted, first.Code)
	require.Equal(t, http.StatusAccepted, second.Code)
	require.Equal(t, first.Body.String(), second.Body.String())
	require.Len(t, decode[order.Order](t, first).Timeline, 2)
}

func TestEitherACancellationOrTheHandOverWins(t *testing.T) {
	for range 20 {
		s := newShop(t)
		s.have(t, order.CookingCompleted, order.PaymentPaid, false)
		claim := order.NewChange(order.StartDelivery, time.Now())
		var answer *httptest.ResponseRecorder
		var o order.Order
		var handedOver bool
		var err error
		atOnce(func() { answer = s.cancel("A1") }, func() { o, handedOver, err = s.orders.Apply(context.Background(), "A1", claim) })
		require.NoError(t, err)
		if handedOver {
			requireProblem(t, answer, http.StatusConflict, "order-not-cancellable")
			continue
		}
		require.Equal(t, http.StatusAccepted, answer.Code)
		require.ErrorIs(t, claim.Settle(o, false), order.ErrCancelled, "the hand-over returns the reason")
	}
}
