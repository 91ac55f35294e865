// Package gateway lets an http.Handler answer an API Gateway HTTP API: an event
// (payload format 2.0) becomes a request, and what was written its answer.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
package gateway

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"pizzasaga/internal/order"
)

// Handler returns a function that answers events with h. Its error wraps
// [order.ErrInvalid]: the event is none that API Gateway sends. All else is the
// answer's business.
//
// The request's id, the stage if it is part of the path, and whose token the
// gateway has checked, if it checked one, reach h in the headers X-Request-Id,
// X-Forwarded-Prefix and X-Forwarded-Subject, whatever the caller put there.
func Handler(h http.Handler) func(ctx context.Context, event []byte) ([]byte, error) {
	return func(ctx context.Context, event []byte) ([]byte, error) {
		var e events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(event, &e); err != nil {
			return nil, fmt.Errorf("%w HTTP API event: %w", order.ErrInvalid, err)
		}
		r, err := newRequest(ctx, e)
		if err != nil {
			return nil, fmt.Errorf("%w HTTP API event: %w", order.ErrInvalid, err)
		}
		a := answer{header: http.Header{}}
		h.ServeHTTP(&a, r)
		return json.Marshal(a.response(r.Method))
	}
}

func newRequest(ctx context.Context, e events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	if e.Version != "2.0" {
		return nil, fmt.Errorf("its payload format is %q, it must be 2.0", e.Version)
	}
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, fmt.Errorf("decode its body: %w", err)
		}
	}
	stage, path := cutStage(e)
	// Where the gateway has decoded the path already it may hold a lone %.
	u, err := url.ParseRequestURI(path)
	if err != nil {
		u = &url.URL{Path: path}
	}
	u.RawQuery = e.RawQueryString
	r, err := http.NewRequestWithContext(ctx, e.RequestContext.HTTP.Method, "/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.URL, r.RequestURI = u, u.RequestURI()
	r.RemoteAddr = net.JoinHostPort(e.RequestContext.HTTP.SourceIP, "0")
	r.Host = e.RequestContext.DomainName
	for name, value := range e.Headers {
		if strings.EqualFold(name, "Host") {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	if len(e.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	r.Header.Set("X-Request-Id", e.RequestContext.RequestID)
	r.Header.Set("X-Forwarded-Prefix", stage)
	r.Header.Set("X-Forwarded-Subject", subject(e))
	return r, nil
}

// subject is whose token the gateway has checked: a subject is unique to its
// issuer. It is empty where no token was asked for.
func subject(e events.APIGatewayV2HTTPRequest) string {
	authorizer := e.RequestContext.Authorizer
	if authorizer == nil || authorizer.JWT == nil {
		return ""
	}
	return authorizer.JWT.Claims["iss"] + " " + authorizer.JWT.Claims["sub"]
}

// cutStage takes the stage off the path. Only a stage with a name is part of
// it, and not on a custom domain whose mapping hides it.
func cutStage(e events.APIGatewayV2HTTPRequest) (stage, path string) {
	if e.RequestContext.Stage == "$default" {
		return "", e.RawPath
	}
	stage = "/" + e.RequestContext.Stage
	path, found := strings.CutPrefix(e.RawPath, stage)
	if !found || path != "" && path[0] != '/' {
		return "", e.RawPath
	}
	if path == "" {
		path = "/"
	}
	return stage, path
}
