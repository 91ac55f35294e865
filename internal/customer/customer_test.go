package customer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// server answers requests in place of the network.
type server func(w http.ResponseWriter, r *http.Request)

func (s server) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s(w, r)
	return w.Result(), nil
}

// says always gives the same answer.
func says(status int, body string, headers ...string) server {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// inTurn lets each server answer one request, and the last one all others.
func inTurn(servers ...server) server {
	return func(w http.ResponseWriter, r *http.Request) {
		servers[0](w, r)
		servers = servers[min(1, len(servers)-1):]
	}
}

func TestAnAddressIsCheckedBeforeItIsUsed(t *testing.T) {
	for _, test := range []struct{ address, says string }{
		{"", "must begin with http:// or https://"},
		{"localhost:3000", "must begin with http:// or https://"},
		{"127.0.0.1:3000", "must begin with http:// or https://"},
		{"ftp://example.com", "must begin with http:// or https://"},
		{"https://", "has no host"},
		{"http://exa mple", "invalid character"},
	} {
		t.Run(test.address, func(t *testing.T) {
			_, err := New(test.address, "", nil)
			require.ErrorContains(t, err, test.says)
		})
	}
}

func TestTheStageOfAnAddressIsKept(t *testing.T) {
	for _, address := range []string{"https://shop.example/stage", "https://shop.example/stage/"} {
		t.Run(address, func(t *testing.T) {
			c, err := New(address, "secret", server(func(w http.ResponseWriter, r *http.Request) {
				require.Equal(t, "https://shop.example/stage/orders/7/cancel", r.URL.String())
				require.Equal(t, "Bearer secret", r.Header.Get("Authorization"))
				says(202, `{"orderId":"7"}`)(w, r)
			}))
			require.NoError(t, err)
			o, err := c.Cancel(t.Context(), "7")
			require.NoError(t, err)
			require.Equal(t, "7", o.ID)
		})
	}
}

func TestARequestIsRepeatedWhenTheShopAsks(t *testing.T) {
	const id = `{"orderId":"7"}`
	for _, test := range []struct {
		name   string
		answer server
		waits  time.Duration
	}{
		{"not at all", says(202, id), 0},
		{"in seconds", inTurn(says(503, "", "Retry-After", "5"), says(202, id)), 5 * time.Second},
		{"at a time", inTurn(says(503, "", "Retry-After", "Sat, 01 Jan 2000 00:01:00 GMT"), says(202, id)), time.Minute},
		{"in the past", inTurn(says(503, "", "Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT"), says(202, id)), 0},
		{"the shop does not say", inTurn(says(429, ""), says(502, ""), says(504, ""), says(202, id)), (1 + 2 + 4) * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // its clock starts with the year 2000
				keys, noted := map[string]bool{}, 0
				c, err := New("http://shop.example", "", server(func(w http.ResponseWriter, r *http.Request) {
					keys[r.Header.Get("Idempotency-Key")] = true
					test.answer(w, r)
				}))
				require.NoError(t, err)
				c.Waiting = func(string) { noted++ }
				began := time.Now()
				ids, err := c.Place(t.Context(), Wish{})
				require.NoError(t, err)
				require.Equal(t, []string{"7"}, ids)
				require.Equal(t, test.waits, time.Since(began))
				require.Len(t, keys, 1, "every attempt has the same key")
			})
		})
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := New("http://shop.example", "", says(429, `{"message":"Too Many Requests"}`, "Retry-After", "3600"))
		require.NoError(t, err)
		var told string
		c.Waiting = func(why string) { told = why }
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("enough"))
		defer cancel()
		_, err = c.Order(ctx, "7")
		require.EqualError(t, err, "enough; the last answer: GET http://shop.example/orders/7 answered 429: Too Many Requests")
		require.Equal(t, "GET http://shop.example/orders/7 answered 429: Too Many Requests; trying again in 1h0m0s", told)
	})
}

// silent accepts requests and never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestARequestThatIsNotAnsweredEndsWithTheContextOrTheClientsPatience(t *testing.T) {
	for _, test := range []struct {
		name  string
		limit time.Duration
		says  string
	}{
		{"the context", time.Second, "GET http://shop.example/orders/7: enough"},
		{"its patience", time.Hour, "GET http://shop.example/orders/7: no answer within 35s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, err := New("http://shop.example", "", silent{})
				require.NoError(t, err)
				ctx, cancel := context.WithTimeoutCause(t.Context(), test.limit, errors.New("enough"))
				defer cancel()
				_, err = c.Order(ctx, "7")
				require.ErrorContains(t, err, test.says)
			})
		})
	}
}

func TestAWaitIsReportedWithTheTitleOfTheProblem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := New("http://shop.example", "", inTurn(
			says(503, `{"type":"urn:problem-type:pizzasaga:unavailable","title":"Not now","status":503}`, "Retry-After", "5"), says(200, `{}`)))
		require.NoError(t, err)
		var told string
		c.Waiting = func(why string) { told = why }
		_, err = c.Order(t.Context(), "7")
		require.NoError(t, err)
		require.Equal(t, "GET http://shop.example/orders/7 answered 503: Not now; trying again in 5s", told)
	})
}

func TestErrorsAreClear(t *testing.T) {
	problem := func(name string, status int) string {
		return fmt.Sprintf(`{"type":"urn:problem-type:pizzasaga:%s","title":"Title","status":%d,"detail":"Detail."}`, name, status)
	}
	for _, test := range []struct {
		name, token string
		answer      server
		says        string
	}{
		{"no token", "", says(401, `{"message":"Unauthorized"}`), "POST http://shop.example/orders: a token is required"},
		{"no token for the shop itself", "", says(401, problem("token-required", 401)), "POST http://shop.example/orders: a token is required"},
		{"a refused token", "stale", says(401, `{"message":"Unauthorized"}`, "WWW-Authenticate", `Bearer error="invalid_token"`), `refused the token: Bearer error="invalid_token"`},
		{"a token for something else", "other", says(403, `{"message":"Forbidden"}`), "refused the token: Forbidden"},
		{"a problem of the shop's", "", says(500, problem("internal", 500)), "POST http://shop.example/orders: Title (500): Detail."},
		{"a function that crashes", "", says(500, `{"message":"Internal Server Error"}`), "answered 500: Internal Server Error"},
		{"another address", "", says(301, "", "Location", "https://shop.example/orders"), "redirects to https://shop.example/orders: use that address"},
		{"another server", "", says(404, "<html>\n<h1>Not Found</h1>"), "not the pizza shop's API: POST http://shop.example/orders answered 404: <html> <h1>Not Found</h1>"},
		{"a server that accepts everything", "", says(200, "hello"), "not the pizza shop's API"},
		{"a server that says much", "", says(404, strings.Repeat("ü", 500)), "answered 404: " + strings.Repeat("ü", 200) + "…"},
		{"a server that says nothing", "", says(404, ""), "answered 404: Not Found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := New("http://shop.example", test.token, test.answer)
			require.NoError(t, err)
			_, err = c.TakesFaults(t.Context())
			require.ErrorContains(t, err, test.says)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestAnAnswerThatIsNotAnOrderIsAnError(t *testing.T) {
	c, err := New("http://shop.example", "", says(200, "<html>"))
	require.NoError(t, err)
	_, err = c.Order(t.Context(), "7")
	require.ErrorContains(t, err, "not the pizza shop's API: GET http://shop.example/orders/7 answered 200: <html>")
}

func TestNothingIsListening(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	c, err := New("http://"+closed.Addr().String(), "", nil)
	require.NoError(t, err)
	_, err = c.TakesFaults(t.Context())
	require.ErrorContains(t, err, "no answer to POST http://"+closed.Addr().String()+"/orders: dial tcp")
	require.ErrorContains(t, err, "refused")
}
