// Package simulated stands in for the systems outside the shop: the payment gateway, the
// loyalty programme and the kitchen. They take as long as the order's delay and always
// succeed, unless a key is void.
package simulated

import (
	"context"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
)

// The zero values have no books, so they do not know what was voided or handed over.
type (
	// Gateway is a payment gateway.
	Gateway struct{ Books Books }
	// Programme is a loyalty programme.
	Programme struct{ Books Books }
	// Kitchen is a kitchen.
	Kitchen struct{ Books Books }
)

var (
	_ steps.PaymentGateway   = Gateway{}
	_ steps.LoyaltyProgramme = Programme{}
	_ steps.Kitchen          = Kitchen{}
)

// Charge takes the order's delay, or less if ctx ends first.
func (g Gateway) Charge(ctx context.Context, r order.Request) error {
	return work(ctx, r, g.Books, money, (*Entry).give)
}

// Refund takes the order's delay, or less if ctx ends first.
func (g Gateway) Refund(ctx context.Context, r order.Request) error {
	return work(ctx, r, g.Books, money, (*Entry).takeBack)
}

// Add takes the order's delay, or less if ctx ends first.
func (p Programme) Add(ctx context.Context, r order.Request) error {
	return work(ctx, r, p.Books, points, (*Entry).give)
}

// Reclaim takes the order's delay, or less if ctx ends first.
func (p Programme) Reclaim(ctx context.Context, r order.Request) error {
	return work(ctx, r, p.Books, points, (*Entry).takeBack)
}

// Prepare takes the order's delay, or less if ctx ends first.
func (Kitchen) Prepare(ctx context.Context, r order.Request) error {
	return work(ctx, r, nil, "", nil)
}

// HandOver takes the order's delay, or less if ctx ends first.
func (k Kitchen) HandOver(ctx context.Context, r order.Request) error {
	return work(ctx, r, k.Books, pizzas, (*Entry).give)
}

// Void reports whether the books say that a pizza was handed over.
func (k Kitchen) Void(ctx context.Context, r order.Request) (handedOver bool, err error) {
	err = enter(ctx, k.Books, pizzas, r.ID, func(e *Entry) error {
		e.Void, handedOver = true, e.Given
		return nil
	})
	return handedOver, err
}

// work takes the order's delay and makes an entry.
func work(ctx context.Context, r order.Request, b Books, book string, change func(*Entry) error) error {
	done := time.NewTimer(r.Delay())
	defer done.Stop()
	select {
	case <-done.C:
		return enter(ctx, b, book, r.ID, change)
	case <-ctx.Done():
		return ctx.Err()
	}
}
