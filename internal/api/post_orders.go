package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// receipt is the answer to a placed order.
type receipt struct {
	ID          string       `json:"orderId"`
	Status      order.Status `json:"status,omitempty"` // of an order that was accepted
	StatusURL   string       `json:"statusUrl"`
	ErrorOnStep *order.Fault `json:"errorOnStep,omitempty"` // only if there are several orders
}

type receipts struct {
	Orders []receipt `json:"orders"`
}

// postOrders places one order, or eight, and answers 202. An order is stored as PENDING
// before its execution starts, so that its link works at once and every execution has an
// order.
func (a *api) postOrders(w http.ResponseWriter, r *http.Request) error {
	if err := a.authorize(w, r); err != nil {
		return err
	}
	wanted, err := readWish(w, r)
	if err != nil {
		return err
	}
	if err := a.allow(wanted); err != nil {
		return err
	}
	now := time.Now()
	record, err := newRecord(r.Header, wanted, now)
	if err != nil {
		return err
	}
	ctx, pending := r.Context(), wanted.orders(now)
	orders, err := a.Orders.Submit(ctx, order.Submission{Orders: pending, Record: record})
	if err != nil {
		return fmt.Errorf("store the order: %w", err)
	}
	errs := a.start(ctx, orders, record != nil)
	for i, o := range orders {
		if errs[i] == nil {
			a.Logger.InfoContext(ctx, "order placed", "requestId", w.Header().Get(requestIDHeader), "orderId", o.ID)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return errors.Join(refuseSome(r, orders, errs, record != nil), err)
	}
	if orders[0].ID != pending[0].ID {
		w.Header().Set(replayedHeader, "true")
	}
	return accept(w, r, orders)
}

func accept(w http.ResponseWriter, r *http.Request, orders []order.Order) error {
	if len(orders) > 1 {
		var answer receipts
		for _, o := range orders {
			answer.Orders = append(answer.Orders, newReceipt(r, o))
		}
		return respond(w, "application/json", http.StatusAccepted, answer)
	}
	answer := newReceipt(r, orders[0])
	answer.ErrorOnStep = nil
	w.Header().Set("Location", orderPath(r, orders[0].ID))
	return respond(w, "application/json", http.StatusAccepted, answer)
}

func newReceipt(r *http.Request, o order.Order) receipt {
	return receipt{o.ID, o.Status, origin(r) + orderPath(r, o.ID), &o.ErrorOnStep}
}

// refuseSome says which of several orders were started and which were not, so that nobody
// orders twice. It returns nil for a single order.
func refuseSome(r *http.Request, orders []order.Order, errs []error, repeatable bool) error {
	if len(orders) == 1 {
		return nil
	}
	var m members
	for i, o := range orders {
		if errs[i] == nil {
			m.Started = append(m.Started, newReceipt(r, o))
			continue
		}
		o.Status = "" // it may still start
		m.NotStarted = append(m.NotStarted, newReceipt(r, o))
	}
	todo := "Do not repeat this request, because that would place those orders again. Place each of the others with its errorOnStep."
	if repeatable {
		todo = "Repeat this request with the same Idempotency-Key: that starts the others and places no order twice."
	}
	return refusal{notAllStarted, fmt.Sprintf("%d of %d orders were started. %s", len(m.Started), len(orders), todo), m}
}

// allow refuses to fail or slow down an order if fault injection is switched off.
func (a *api) allow(w wish) error {
	var wrong []fieldError
	off := func(field string, asked bool) {
		if asked && !a.FaultInjection {
			wrong = append(wrong, fieldError{pointer(field), fmt.Sprintf("Fault injection is switched off here: remove the field %q or set it to 0.", field)})
		}
	}
	off("errorOnStep", w.ErrorOnStep != workflow.FaultNone)
	off("perStepDelaySeconds", w.PerStepDelaySeconds != 0)
	return refuseFields(faultInjectionOff, wrong)
}

// orders returns the pending orders for the wish: one or, for AllFaults, one for each
// fault.
func (w wish) orders(now time.Time) []order.Order {
	faults := []order.Fault{w.ErrorOnStep}
	if w.ErrorOnStep == workflow.AllFaults {
		faults = workflow.Faults()
	}
	var orders []order.Order
	for _, f := range faults {
		orders = append(orders, order.New(order.Request{
			ID: order.NewID(), Flavour: w.Flavour, PerStepDelaySeconds: w.PerStepDelaySeconds, ErrorOnStep: f,
		}, now))
	}
	return orders
}

// start starts the executions of the pending orders concurrently and returns, for each
// order, why it could not be started, or nil. For a replay this completes what an earlier
// attempt left undone.
//
// After a failed start the customer is told to retry. With an idempotency key
// (repeatable) the order stays PENDING for the retry to find; without one nothing will
// start it later, so it is abandoned. If its execution starts after that, it finds the
// order ended and stops. If the execution has already moved the order, the start
// succeeded and only its answer was lost.
func (a *api) start(ctx context.Context, orders []order.Order, repeatable bool) []error {
	errs := make([]error, len(orders))
	var starts sync.WaitGroup
	for i, o := range orders {
		if o.Status != order.Pending {
			continue
		}
		starts.Go(func() {
			err := a.Executions.Start(ctx, o.Request)
			if err == nil {
				return
			}
			errs[i] = fmt.Errorf("start order %s: %w: %w", o.ID, order.ErrUnavailable, err)
			if repeatable {
				return
			}
			started, err := a.abandon(ctx, o.ID)
			if errs[i] = errors.Join(errs[i], err); started {
				a.Logger.WarnContext(ctx, "order started, but the answer was lost", "orderId", o.ID, "error", errs[i].Error())
				errs[i] = nil
			}
		})
	}
	starts.Wait()
	return errs
}

// abandonTimeout limits the attempt to abandon an order, because the request's own
// deadline may have passed.
const abandonTimeout = 2 * time.Second

// abandon ends an order that was not started, or reports that it was started.
func (a *api) abandon(ctx context.Context, id string) (started bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abandonTimeout)
	defer cancel()
	c := order.NewChange(order.Abandon, time.Now())
	c.Failure = new(order.NewFailure(order.Submit, "ExecutionNotStarted", "the workflow did not take the order"))
	_, moved, err := a.Orders.Apply(ctx, id, c)
	if err != nil {
		return false, fmt.Errorf("abandon order %s: %w", id, err)
	}
	return !moved, nil
}
