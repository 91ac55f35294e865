// Package simulated stands in for the systems outside the shop: the payment
// gateway, the loyalty programme and the kitchen. They take as long as the
// order asks for, always succeed and keep no books.
package simulated

import (
	"context"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/steps"
)

type (
	// Gateway is a payment gateway.
	Gateway struct{}
	// Programme is a loyalty programme.
	Programme struct{}
	// Kitchen is a kitchen.
	Kitchen struct{}
)

var (
	_ steps.PaymentGateway   = Gateway{}
	_ steps.LoyaltyProgramme = Programme{}
	_ steps.Kitchen          = Kitchen{}
)

// Charge takes the order's delay, or less if ctx ends first.
func (Gateway) Charge(ctx context.Context, r order.Request) error { return work(ctx, r) }

// Refund takes the order's delay, or less if ctx ends first.
func (Gateway) Refund(ctx context.Context, r order.Request) error { return work(ctx, r) }

// Add takes the order's delay, or less if ctx ends first.
func (Programme) Add(ctx context.Context, r order.Request) error { return work(ctx, r) }

// Reclaim takes the order's delay, or less if ctx ends first.
func (Programme) Reclaim(ctx context.Context, r order.Request) error { return work(ctx, r) }

// Prepare takes the order's delay, or less if ctx ends first.
func (Kitchen) Prepare(ctx context.Context, r order.Request) error { return work(ctx, r) }

// HandOver takes the order's delay, or less if ctx ends first.
func (Kitchen) HandOver(ctx context.Context, r order.Request) error { return work(ctx, r) }

// Void keeps no books either: it says that no pizza was handed over.
func (Kitchen) Void(context.Context, order.Request) (bool, error) { return false, nil }

func work(ctx context.Context, r order.Request) error {
	done := time.NewTimer(r.Delay())
	defer done.Stop()
	select {
	case <-done.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
