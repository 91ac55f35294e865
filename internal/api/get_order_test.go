package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

func TestAnOrderIsShownWithItsTimeline(t *testing.T) {
	s := newShop(t)
	at := time.Date(2026, 3, 1, 12, 0, 0, 250e6, time.UTC)
	o := order.New(order.Request{ID: "A1", Flavour: "<plain> & simple", ErrorOnStep: workflow.FaultCreateOrder}, at)
	_, err := s.orders.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
	require.NoError(t, err)
	failure := order.NewFailure(order.CreateOrder, "SimulatedFailure", "asked for")
	c := order.NewChange(order.Fail, at.Add(time.Second), failure)
	c.Failure, c.Notified, c.DeadLetters = &failure, true, []order.Queue{workflow.RefundPaymentQueue}
	_, moved, err := s.orders.Apply(t.Context(), o.ID, c)
	require.NoError(t, err)
	require.True(t, moved)

	w := s.do("GET", "/orders/A1", "")
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "application/json", w.Header().Get("Content-Type"))
	require.Equal(t, "private, no-cache", w.Header().Get("Cache-Control"))
	require.Contains(t, w.Body.String(), "<plain> & simple")
	require.JSONEq(t, `{
		"orderId": "A1", "status": "FAILED", "payment": "NONE", "loyalty": "NONE",
		"flavour": "<plain> & simple", "perStepDelaySeconds": 0, "errorOnStep": 1,
		"createdAt": "2026-03-01T12:00:00.25Z", "updatedAt": "2026-03-01T12:00:01.25Z", "notifiedAt": "2026-03-01T12:00:01.25Z",
		"failure": {"step": "createOrder", "error": "SimulatedFailure", "cause": "asked for"},
		"deadLetters": ["RefundPayment"],
		"timeline": [
			{"step": "submitOrder", "status": "PENDING", "at": "2026-03-01T12:00:00.25Z"},
			{"step": "createOrder", "status": "FAILED", "at": "2026-03-01T12:00:01.25Z", "error": "SimulatedFailure", "cause": "asked for"},
			{"step": "notifyCustomer", "status": "FAILED", "at": "2026-03-01T12:00:01.25Z"}
		]}`, w.Body.String())
}

func TestHeadAnswersAsGetWithoutABody(t *testing.T) {
	s := newShop(t)
	location := s.post("").Header().Get("Location")
	server := httptest.NewServer(s)
	defer server.Close()
	for _, test := range []struct {
		name, path string
		status     int
	}{{"an order", location, 200}, {"none", "/orders/x", 404}} {
		t.Run(test.name, func(t *testing.T) {
			response, err := http.Head(server.URL + test.path)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, test.status, response.StatusCode)
			require.NotEmpty(t, response.Header.Get("Content-Type"))
		})
	}
}
