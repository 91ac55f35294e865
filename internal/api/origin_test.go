package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

func TestRequestsFromAnotherWebsiteAreRefused(t *testing.T) {
	s := newShop(t)
	s.have(t, order.Pending, order.PaymentNone, false)
	for name, header := range map[string][]string{
		"a browser's word": {"Sec-Fetch-Site", "cross-site"},
		"the same site":    {"Sec-Fetch-Site", "same-site"},
		"another origin":   {"Origin", "https://evil.test"},
		"another port":     {"Origin", "http://example.com:8080"},
		"no origin":        {"Origin", "null"},
	} {
		for _, path := range []string{"/orders", "/orders/A1/cancel", "/nothing"} {
			t.Run(name+", POST "+path, func(t *testing.T) {
				p := requireProblem(t, s.do("POST", path, "", header...), http.StatusForbidden, "cross-origin")
				require.Contains(t, p.Detail, "only pages of example.com")
			})
		}
		t.Run(name+", GET", func(t *testing.T) {
			require.Equal(t, http.StatusOK, s.do("GET", "/orders/A1", "", header...).Code)
		})
	}
	require.Empty(t, s.executions.started)
}

func TestThePageItselfAndProgramsAreServed(t *testing.T) {
	s := newShop(t)
	for name, header := range map[string][]string{
		"the page":               {"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"},
		"the page, without TLS":  {"Origin", "http://example.com"},
		"behind a proxy's TLS":   {"Origin", "https://example.com"},
		"a program":              {},
		"the bar of the browser": {"Sec-Fetch-Site", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, http.StatusAccepted, s.post("", header...).Code)
		})
	}
}
