package gateway_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/aws/gateway"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
)

// event returns an event as API Gateway sends it, after applying the test's changes.
func event(change func(*events.APIGatewayV2HTTPRequest)) []byte {
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /orders", RawPath: "/orders",
		Headers: map[string]string{"host": "abc.execute-api.eu-central-1.amazonaws.com", "x-forwarded-proto": "https",
			"content-type": "application/json", "x-request-id": "forged", "x-forwarded-prefix": "/forged"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			Stage: "$default", RequestID: "JKJaXmPLvHcESHA=", DomainName: "abc.execute-api.eu-central-1.amazonaws.com",
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: "POST", Path: "/orders", Protocol: "HTTP/1.1", SourceIP: "192.0.2.1"},
		},
	}
	if change != nil {
		change(&e)
	}
	b, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return b
}

// request returns the request made from an event, and its body.
func request(t *testing.T, event []byte) (*http.Request, string) {
	t.Helper()
	var got *http.Request
	var body []byte
	_, err := gateway.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))(t.Context(), event)
	require.NoError(t, err)
	return got, string(body)
}

func answer(t *testing.T, event []byte, h http.Handler) events.APIGatewayV2HTTPResponse {
	t.Helper()
	b, err := gateway.Handler(h)(t.Context(), event)
	require.NoError(t, err)
	var r events.APIGatewayV2HTTPResponse
	require.NoError(t, json.Unmarshal(b, &r))
	return r
}

func TestAnEventBecomesTheRequestThatWasMade(t *testing.T) {
	r, body := request(t, event(func(e *events.APIGatewayV2HTTPRequest) {
		e.RawQueryString = "a=1&a=2&b=%26"
		e.Headers["x-list"] = "one,two"
		e.Cookies = []string{"s=1", "t=2"}
		e.Body = `{"flavour":"käse"}`
	}))
	require.Equal(t, "POST", r.Method)
	require.Equal(t, "/orders", r.URL.Path)
	require.Equal(t, "/orders?a=1&a=2&b=%26", r.RequestURI)
	require.Equal(t, []string{"1", "2"}, r.URL.Query()["a"])
	require.Equal(t, "&", r.URL.Query().Get("b"))
	require.Equal(t, "abc.execute-api.eu-central-1.amazonaws.com", r.Host)
	require.Empty(t, r.Header.Get("Host"))
	require.Equal(t, "one,two", r.Header.Get("X-List"))
	require.Equal(t, "192.0.2.1:0", r.RemoteAddr)
	require.Equal(t, "JKJaXmPLvHcESHA=", r.Header.Get("X-Request-Id"))
	require.Empty(t, r.Header.Get("X-Forwarded-Prefix"))
	cookie, err := r.Cookie("t")
	require.NoError(t, err)
	require.Equal(t, "2", cookie.Value)
	require.Equal(t, `{"flavour":"käse"}`, body)
	require.Equal(t, int64(len(body)), r.ContentLength)
}

func TestOnlyTheGatewaySetsTheSubject(t *testing.T) {
	forged := func(e *events.APIGatewayV2HTTPRequest) { e.Headers["x-forwarded-subject"] = "somebody else" }
	r, _ := request(t, event(forged))
	require.Empty(t, r.Header.Get("X-Forwarded-Subject"))
	r, _ = request(t, event(func(e *events.APIGatewayV2HTTPRequest) {
		forged(e)
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: map[string]string{"iss": "https://issuer", "sub": "ann"}}}
	}))
	require.Equal(t, []string{"https://issuer ann"}, r.Header.Values("X-Forwarded-Subject"))
}

func TestABodyInBase64IsDecoded(t *testing.T) {
	_, body := request(t, event(func(e *events.APIGatewayV2HTTPRequest) { e.Body, e.IsBase64Encoded = "AP8=", true }))
	require.Equal(t, "\x00\xff", body)
}

func TestTheStageIsCutOffThePath(t *testing.T) {
	for _, test := range []struct{ stage, rawPath, path, prefix string }{
		{"$default", "/orders", "/orders", ""},
		{"$default", "/$default/orders", "/$default/orders", ""},
		{"prod", "/prod/orders", "/orders", "/prod"},
		{"prod", "/prod", "/", "/prod"},
		{"prod", "/prod/", "/", "/prod"},
		{"prod", "/production", "/production", ""},
		{"prod", "/orders", "/orders", ""},
		{"prod", "/prod/orders/a%20b%2Fc", "/orders/a b/c", "/prod"},
		{"$default", "/orders/100%", "/orders/100%", ""},
		{"$default", "//orders", "//orders", ""},
	} {
		t.Run(test.stage+" at "+test.rawPath, func(t *testing.T) {
			r, _ := request(t, event(func(e *events.APIGatewayV2HTTPRequest) {
				e.RawPath, e.RequestContext.Stage = test.rawPath, test.stage
			}))
			require.Equal(t, test.path, r.URL.Path)
			require.Equal(t, test.prefix, r.Header.Get("X-Forwarded-Prefix"))
			require.Equal(t, "abc.execute-api.eu-central-1.amazonaws.com", r.Host)
		})
	}
}

func TestTheResponseBecomesTheAnswer(t *testing.T) {
	r := answer(t, event(nil), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Vary", "Accept")
		w.Header().Add("Vary", "Origin")
		http.SetCookie(w, &http.Cookie{Name: "s", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "t", Value: "2"})
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
		w.WriteHeader(http.StatusOK)
		w.Header().Set("Too-Late", "yes")
		_, _ = io.WriteString(w, "kurz und ")
		_, _ = io.WriteString(w, "stämmig")
	}))
	require.Equal(t, http.StatusTeapot, r.StatusCode)
	require.Equal(t, map[string]string{"Vary": "Accept, Origin", "Content-Type": "text/plain; charset=utf-8"}, r.Headers)
	require.Equal(t, []string{"s=1", "t=2"}, r.Cookies)
	require.Equal(t, "kurz und stämmig", r.Body)
	require.False(t, r.IsBase64Encoded)
}

func TestABodyThatIsNotTextIsSentInBase64(t *testing.T) {
	r := answer(t, event(nil), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte{0x1f, 0x8b, 0}) }))
	require.True(t, r.IsBase64Encoded)
	require.Equal(t, "H4sA", r.Body)
	require.Equal(t, http.StatusOK, r.StatusCode)
}

func TestAnAnswerToHeadHasNoBody(t *testing.T) {
	head := event(func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.HTTP.Method = "HEAD" })
	r := answer(t, head, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<p>") }))
	require.Empty(t, r.Body)
	require.Equal(t, "text/html; charset=utf-8", r.Headers["Content-Type"])
}

func TestAHandlerThatWritesNothingAnswersOK(t *testing.T) {
	r := answer(t, event(nil), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	require.Equal(t, http.StatusOK, r.StatusCode)
	require.Empty(t, r.Headers)
}

func TestAnEventThatIsNotFromTheGatewayIsInvalid(t *testing.T) {
	for name, e := range map[string][]byte{
		"not JSON":    []byte("{"),
		"version 1.0": []byte(`{"version":"1.0"}`),
		"no base64":   event(func(e *events.APIGatewayV2HTTPRequest) { e.Body, e.IsBase64Encoded = "?", true }),
		"no method":   event(func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.HTTP.Method = "A B" }),
		"wrong types": []byte(`{"version":2}`),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := gateway.Handler(http.NotFoundHandler())(t.Context(), e)
			require.ErrorIs(t, err, order.ErrInvalid)
		})
	}
}

type noExecutions struct{}

func (noExecutions) Start(context.Context, order.Request) error { return nil }

// TestTheAPIRecognisesItsOwnOriginThroughTheGateway: the request must name the same host as
// the page in the browser.
func TestTheAPIRecognisesItsOwnOriginThroughTheGateway(t *testing.T) {
	h, err := api.New(api.Config{Orders: memory.NewOrders(), Executions: noExecutions{}, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	for origin, want := range map[string]int{
		"https://abc.execute-api.eu-central-1.amazonaws.com": http.StatusAccepted,
		"https://evil.test": http.StatusForbidden,
	} {
		t.Run(origin, func(t *testing.T) {
			r := answer(t, event(func(e *events.APIGatewayV2HTTPRequest) { e.Headers["origin"] = origin }), h)
			require.Equal(t, want, r.StatusCode, r.Body)
		})
	}
}

func TestTheAPIAnswersThroughTheGateway(t *testing.T) {
	h, err := api.New(api.Config{Orders: memory.NewOrders(), Executions: noExecutions{}, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	post := answer(t, event(func(e *events.APIGatewayV2HTTPRequest) {
		e.RawPath, e.RequestContext.Stage, e.Body = "/prod/orders", "prod", `{"flavour":"funghi"}`
	}), h)
	require.Equal(t, http.StatusAccepted, post.StatusCode, post.Body)
	require.Equal(t, "JKJaXmPLvHcESHA=", post.Headers["X-Request-Id"])
	var receipt struct{ StatusURL string }
	require.NoError(t, json.Unmarshal([]byte(post.Body), &receipt))
	location := post.Headers["Location"]
	require.Equal(t, "https://abc.execute-api.eu-central-1.amazonaws.com"+location, receipt.StatusURL)

	get := answer(t, event(func(e *events.APIGatewayV2HTTPRequest) {
		e.RawPath, e.RequestContext.Stage, e.RequestContext.HTTP.Method = location, "prod", "GET"
	}), h)
	require.Equal(t, http.StatusOK, get.StatusCode, get.Body)
	require.Contains(t, get.Body, `"flavour":"funghi"`)
}
