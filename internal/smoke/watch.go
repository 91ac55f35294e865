package smoke

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pizzasaga/internal/customer"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
)

// pause is the time between two rounds of reading all nine orders: long enough for a
// deployment that allows ten requests a second.
const pause = time.Second

// watched is an order and its expected outcome.
type watched struct {
	id     string
	want   outcomes.Outcome
	cancel bool        // to be cancelled once it is paid
	seen   order.Order // when last read
}

// watch reads the orders until all have ended and prints a row for each as it ends. If a
// request fails for good or ctx ends, it prints the last status of the others.
func (s *smoke) watch(ctx context.Context, orders []*watched) error {
	began, open := time.Now(), slices.Clone(orders)
	for {
		err := s.lookAll(ctx, &open)
		if err == nil && len(open) == 0 {
			return s.table.End(len(orders))
		}
		if err == nil {
			s.table.Waiting(fmt.Sprintf("%d of %d orders ended after %v", len(orders)-len(open), len(orders), time.Since(began).Round(time.Second)))
			err = rest(ctx)
		}
		if err != nil {
			for _, w := range open {
				s.row(w, errors.New("it has not ended"))
			}
			return errors.Join(err, s.table.End(len(orders)))
		}
	}
}

// rest waits for one pause, or returns why ctx has ended.
func rest(ctx context.Context) error {
	select {
	case <-time.After(pause):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// lookAll reads the open orders and removes those that have ended.
func (s *smoke) lookAll(ctx context.Context, open *[]*watched) error {
	for _, w := range slices.Clone(*open) {
		if err := s.look(ctx, w); err != nil {
			return err
		}
		if w.seen.Status.Ended() {
			s.row(w, w.want.CheckOrder(w.seen))
			*open = slices.DeleteFunc(*open, func(other *watched) bool { return other == w })
		}
	}
	return nil
}

// look reads an order, and cancels it when it is time.
func (s *smoke) look(ctx context.Context, w *watched) (err error) {
	if w.seen, err = s.shop.Order(ctx, w.id); err != nil {
		return err
	}
	if !w.cancel || w.seen.Payment != order.PaymentPaid || w.seen.Status.Ended() {
		return nil
	}
	w.cancel = false
	o, err := s.shop.Cancel(ctx, w.id)
	if p, ok := errors.AsType[*customer.Problem](err); ok && p.OfType("order-not-cancellable") {
		s.table.Note("order " + w.id + " was not cancelled: " + p.Detail)
		return nil // its outcome will be wrong
	}
	if err == nil {
		w.seen = o
	}
	return err
}

func (s *smoke) row(w *watched, err error) {
	s.table.Row(outcomes.Run{Order: w.seen, DeadLetters: w.seen.DeadLetters}, err)
}
