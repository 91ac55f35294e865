// Package gateway lets an http.Handler answer an API Gateway HTTP API: it turns an event
// (payload format 2.0) into a request, and the response into the answer.
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

// Handler returns a function that answers events with h. It only returns an error if the
// event is not one that API Gateway sends; that error wraps [order.ErrInvalid].
//
// h receives the request's id, the stage if it is part of the path, and the subject of
// the token that the gateway has checked, if any, in the headers X-Request-Id,
// X-Forwarded-Prefix and X-Forwarded-Subject. Values that the caller sent in these
// headers are replaced.
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
		return nil, fmt.Errorf("its payload format is %q, but must be 2.0", e.Version)
	}
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, fmt.Errorf("decode its body: %w", err)
		}
	}
	stage, path := cutStage(e)
	// If the gateway has already decoded the path, it may contain a lone %.
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

// subject returns the issuer and the subject of the token that the gateway has checked,
// or "" if no token was required. A subject is unique only within its issuer.
func subject(e events.APIGatewayV2HTTPRequest) string {
	authorizer := e.RequestContext.Authorizer
	if authorizer == nil || authorizer.JWT == nil {
		return ""
	}
	return authorizer.JWT.Claims["iss"] + " " + authorizer.JWT.Claims["sub"]
}

// cutStage removes the stage from the path. Only a named stage is part of it, and not on
// a custom domain whose mapping hides it.
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
