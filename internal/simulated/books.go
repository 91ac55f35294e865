package simulated

import (
	"context"
	"fmt"

	"pizzasaga/internal/order"
)

// Books record what the systems did for each order.
type Books interface {
	// Enter changes the entry of an order in a book and returns once the change is
	// stored. A new entry is the zero value. If change returns an error, Enter returns it
	// and the entry stays as it was. Changes of one entry are serialised.
	Enter(ctx context.Context, book, orderID string, change func(*Entry) error) error
}

// The books.
const (
	money  = "money"
	points = "points"
	pizzas = "pizzas"
)

// Entry is an order's entry in a book.
type Entry struct {
	Given bool `json:"given"` // the order has received it
	Void  bool `json:"void"`  // it can no longer be given
	Gives int  `json:"gives"` // how often it was given
	Takes int  `json:"takes"` // how often it was taken back
}

var errVoid = fmt.Errorf("%w: the key is void", order.ErrRefused)

// give gives it once, however often it is called.
func (e *Entry) give() error {
	if e.Void {
		return errVoid
	}
	if !e.Given {
		e.Given = true
		e.Gives++
	}
	return nil
}

// takeBack takes back what was given, and voids the key.
func (e *Entry) takeBack() error {
	e.Void = true
	if e.Given {
		e.Given = false
		e.Takes++
	}
	return nil
}

func enter(ctx context.Context, b Books, book, orderID string, change func(*Entry) error) error {
	if b == nil || change == nil {
		return nil
	}
	return b.Enter(ctx, book, orderID, change)
}
