// Package outside calls the systems outside the shop over HTTP: the payment gateway, the
// loyalty programme and the kitchen.
//
// Each call is a POST of the order's request as JSON to /charge, /refund, /add, /reclaim,
// /prepare, /handOver or /void. The answer is 200, with {"handedOver":true} or false for
// /void. 409 is a definite refusal: order.ErrDeclined for /charge, order.ErrRefused for
// the others. Any other answer means that the call may be repeated.
package outside

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
)

// Systems are all three systems at one address.
type Systems struct {
	url    string
	client *http.Client
}

var (
	_ steps.PaymentGateway   = Systems{}
	_ steps.LoyaltyProgramme = Systems{}
	_ steps.Kitchen          = Systems{}
)

// At returns the systems at an http or https URL such as http://127.0.0.1:4000.
func At(address string) (Systems, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Systems{}, fmt.Errorf("the outside systems need a URL such as http://127.0.0.1:4000, not %q", address)
	}
	return Systems{strings.TrimSuffix(address, "/"), &http.Client{
		// With the two idle connections of http.DefaultTransport, a quarter of the time
		// under load goes into opening connections.
		Transport: &http.Transport{MaxIdleConnsPerHost: 1000},
		// A redirect is an answer like any other: nothing was charged.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Charge implements [steps.PaymentGateway].
func (s Systems) Charge(ctx context.Context, r order.Request) error {
	return s.ask(ctx, "charge", r, order.ErrDeclined, nil)
}

// Refund implements [steps.PaymentGateway].
func (s Systems) Refund(ctx context.Context, r order.Request) error {
	return s.ask(ctx, "refund", r, order.ErrRefused, nil)
}

// Add implements [steps.LoyaltyProgramme].
func (s Systems) Add(ctx context.Context, r order.Request) error {
	return s.ask(ctx, "add", r, order.ErrRefused, nil)
}

// Reclaim implements [steps.LoyaltyProgramme].
func (s Systems) Reclaim(ctx context.Context, r order.Request) error {
	return s.ask(ctx, "reclaim", r, order.ErrRefused, nil)
}

// Prepare implements [steps.Kitchen].
func (s Systems) Prepare(ctx context.Context, r order.Request) error {
	return s.ask(ctx, "prepare", r, order.ErrRefused, nil)
}

// HandOver implements [steps.Kitchen].
func (s Systems) HandOver(ctx context.Context, r order.Request) error {
	return s.ask(ctx, "handOver", r, order.ErrRefused, nil)
}

// Void implements [steps.Kitchen].
func (s Systems) Void(ctx context.Context, r order.Request) (bool, error) {
	var answer struct{ HandedOver bool }
	err := s.ask(ctx, "void", r, order.ErrRefused, &answer)
	return answer.HandedOver, err
}

// ask makes a call. A definite refusal wraps refused.
func (s Systems) ask(ctx context.Context, call string, r order.Request, refused error, into any) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/"+call, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := s.client.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", order.ErrUnavailable, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	switch {
	case err != nil:
		return fmt.Errorf("%w: %s: %w", order.ErrUnavailable, call, err)
	case answer.StatusCode == http.StatusConflict:
		return fmt.Errorf("%w: %s", refused, text)
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("%w: the answer to %s was %s", order.ErrUnavailable, call, answer.Status)
	case into != nil:
		return json.Unmarshal(text, into)
	}
	return nil
}
