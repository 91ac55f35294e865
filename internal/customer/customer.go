// Package customer uses the shop's HTTP API as a customer does: it places, reads and
// cancels orders, and retries when the shop asks it to.
package customer

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"pizzasaga/internal/order"
)

// Wish is the body of POST /orders. Zero fields are left out.
type Wish struct {
	PerStepDelaySeconds int         `json:"perStepDelaySeconds,omitempty"`
	ErrorOnStep         order.Fault `json:"errorOnStep,omitempty"`
}

// Client is a customer of one shop. It is safe for concurrent use.
type Client struct {
	base  *url.URL
	token string
	http  *http.Client

	// Waiting, if set, is called with the reason for each retry and its delay.
	Waiting func(why string)
}

// New returns a client of the shop at an address such as https://host or
// https://host/stage, or an error that says what is wrong with the address. The token, if
// any, is sent with every request. A nil transport means the network.
func New(address, token string, transport http.RoundTripper) (*Client, error) {
	if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return nil, fmt.Errorf("the address %q must begin with http:// or https://", address)
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if base.Host == "" {
		return nil, fmt.Errorf("the address %q has no host", address)
	}
	return &Client{base: base, token: token, http: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // following it would turn a POST into a GET
	}}, nil
}

// Place places an order, or one for each fault if the wish asks for all, and returns
// their ids. Retries do not place it again.
func (c *Client) Place(ctx context.Context, w Wish) (ids []string, err error) {
	body, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	var placed struct {
		receipt
		Orders []receipt
	}
	if err := c.ask(ctx, http.MethodPost, "/orders", body, rand.Text(), &placed); err != nil {
		return nil, err
	}
	if len(placed.Orders) == 0 {
		placed.Orders = []receipt{placed.receipt}
	}
	for _, r := range placed.Orders {
		ids = append(ids, r.OrderID)
	}
	return ids, nil
}

// receipt is the answer to a placed order.
type receipt struct{ OrderID string }

// Order returns the current order.
func (c *Client) Order(ctx context.Context, id string) (o order.Order, err error) {
	return o, c.ask(ctx, http.MethodGet, "/orders/"+url.PathEscape(id), nil, "", &o)
}

// Cancel asks to cancel an order and returns it.
func (c *Client) Cancel(ctx context.Context, id string) (o order.Order, err error) {
	return o, c.ask(ctx, http.MethodPost, "/orders/"+url.PathEscape(id)+"/cancel", nil, "", &o)
}

// TakesFaults reports whether the shop accepts orders that fail on purpose. It places
// none: its request has an invalid idempotency key, and the shop refuses a fault before
// it checks the key.
func (c *Client) TakesFaults(ctx context.Context) (bool, error) {
	err := c.ask(ctx, http.MethodPost, "/orders", []byte(`{"errorOnStep":1}`), strings.Repeat("x", 129), nil)
	switch p, ok := errors.AsType[*Problem](err); {
	case ok && p.OfType("fault-injection-off"):
		return false, nil
	case ok && p.OfType("malformed-request"):
		return true, nil
	case err == nil:
		return false, errors.New("POST /orders accepted an Idempotency-Key of 129 characters, so this is not the pizza shop's API")
	}
	return false, err
}

// ask sends a request and decodes its answer into v, unless v is nil.
func (c *Client) ask(ctx context.Context, method, path string, body []byte, key string, v any) error {
	a, err := c.persist(ctx, method, path, body, key)
	if err != nil {
		return err
	}
	if a.status < 200 || a.status > 299 {
		return a.failure(c.token != "")
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		return a.foreign()
	}
	return nil
}
