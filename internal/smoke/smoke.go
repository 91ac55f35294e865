// Package smoke tests a deployment from outside, as a customer: it places orders through
// the API, watches them, and checks their outcomes.
package smoke

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"pizzasaga/internal/console"
	"pizzasaga/internal/customer"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// Config says what to test, and how.
type Config struct {
	URL     string        // of the API
	Token   string        // sent with every request, unless empty
	Order   bool          // place an order even if fault injection is off
	Timeout time.Duration // for everything together
	Out     io.Writer     // the output for people

	Transport http.RoundTripper // nil means the network
}

// Run tests the deployment and returns an error that says what is wrong.
//
// If fault injection is on, it places nine orders: one for each outcome, and one that it
// cancels. If it is off, an order may cost real money: without Config.Order, Run places
// none and checks only that the API answers and reads orders; with it, Run places one
// order without faults.
func Run(ctx context.Context, c Config) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("not done within %v", c.Timeout))
	defer cancel()
	client, err := customer.New(c.URL, c.Token, c.Transport)
	if err != nil {
		return err
	}
	s := &smoke{shop: client, table: console.NewTable(c.Out)}
	client.Waiting = s.table.Note
	return s.run(ctx, c)
}

type smoke struct {
	shop  *customer.Client
	table *console.Table
}

func (s *smoke) run(ctx context.Context, c Config) error {
	faults, err := s.shop.TakesFaults(ctx)
	if errors.Is(err, customer.ErrTokenMissing) {
		return fmt.Errorf("%w: give it with -token", err)
	}
	if err != nil {
		return err
	}
	if err := s.reads(ctx); err != nil {
		return err
	}
	switch {
	case faults:
		s.table.Note(announcement(c.URL))
		return s.orderAll(ctx)
	case c.Order:
		s.table.Note(fmt.Sprintf("Fault injection is off at %s. Ordering one plain pizza.\n", c.URL))
		return s.orderOne(ctx)
	}
	s.table.Note(fmt.Sprintf("Fault injection is off at %s. Nothing was ordered, because an order may cost real money.\n"+
		"The API answers, refuses faults and reads orders. Use -order to order one plain pizza and watch it.", c.URL))
	return nil
}

// reads returns an error unless the API can look up an order. It uses an id that does not
// exist.
func (s *smoke) reads(ctx context.Context) error {
	_, err := s.shop.Order(ctx, order.NewID())
	switch p, ok := errors.AsType[*customer.Problem](err); {
	case ok && p.OfType("order-not-found"):
		return nil
	case err == nil:
		return errors.New("the API returned an order that does not exist")
	}
	return fmt.Errorf("look up an order that does not exist: %w", err)
}

// cancelledDelay is how long each step of the cancelled order takes: long enough to see
// its payment and cancel it before the hand-over, two steps later.
const cancelledDelay = 3 // seconds

func (s *smoke) orderAll(ctx context.Context) error {
	toCancel, err := s.shop.Place(ctx, customer.Wish{PerStepDelaySeconds: cancelledDelay})
	if err != nil {
		return err
	}
	faulty, err := s.shop.Place(ctx, customer.Wish{ErrorOnStep: workflow.AllFaults})
	if err != nil {
		return err
	}
	all := outcomes.All()
	if len(faulty) != len(all) {
		return fmt.Errorf("errorOnStep %d placed %d orders, not %d", workflow.AllFaults, len(faulty), len(all))
	}
	orders := []*watched{{id: toCancel[0], want: outcomes.Cancelled(), cancel: true}}
	for i, id := range faulty {
		orders = append(orders, &watched{id: id, want: all[i]})
	}
	return s.watch(ctx, orders)
}

func (s *smoke) orderOne(ctx context.Context) error {
	placed, err := s.shop.Place(ctx, customer.Wish{})
	if err != nil {
		return err
	}
	return s.watch(ctx, []*watched{{id: placed[0], want: outcomes.All()[workflow.FaultNone]}})
}
