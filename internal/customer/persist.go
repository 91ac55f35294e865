package customer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// persist sends a request and repeats it while the shop is too busy or unavailable, until
// ctx ends. It waits as long as the shop asks for (Retry-After) or else for a second,
// doubled each time up to 16 s.
func (c *Client) persist(ctx context.Context, method, path string, body []byte, key string) (answer, error) {
	for pause := time.Second; ; pause = min(2*pause, 16*time.Second) {
		a, err := c.send(ctx, method, path, body, key)
		if err != nil || !busy(a.status) {
			return a, err
		}
		wait := pause
		if asked, ok := retryAfter(a.header); ok {
			wait = asked
		}
		if c.Waiting != nil {
			c.Waiting(fmt.Sprintf("%s answered %d: %s; trying again in %v", a.request, a.status, a.text(), wait))
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return answer{}, fmt.Errorf("%w; the last answer: %w", context.Cause(ctx), a.failure(c.token != ""))
		}
	}
}

// busy reports whether a status means that the same request may succeed later.
func busy(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryAfter returns how long the header asks the client to wait, if it does.
func retryAfter(h http.Header) (time.Duration, bool) {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(0, seconds)) * time.Second, true
	}
	at, err := http.ParseTime(value)
	return max(0, time.Until(at)).Round(time.Second), err == nil
}

// patience is longer than API Gateway ever takes to answer.
const patience = 35 * time.Second

// maxAnswer is larger than any answer of the shop.
const maxAnswer = 1 << 20 // bytes

func (c *Client) send(ctx context.Context, method, path string, body []byte, key string) (answer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("no answer within %v", patience))
	defer cancel()
	target := c.base.JoinPath(path).String()
	request, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil && ctx.Err() != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, target, context.Cause(ctx))
	}
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return answer{}, fmt.Errorf("no answer to %s %s: %w", method, target, failed.Err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, target, err)
	}
	return answer{method + " " + target, response.StatusCode, response.Header, text}, nil
}
