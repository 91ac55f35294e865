package repair_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/repair"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

// aborted has executions that were all aborted just now.
type aborted []string

func (aborted) Status(context.Context, string) (string, error) { return "ABORTED", nil }

func (x aborted) List(_ context.Context, status, _ string) (page []repair.Execution, next string, err error) {
	if status != "ABORTED" {
		return nil, "", nil
	}
	for _, id := range x {
		page = append(page, repair.Execution{OrderID: id, Started: time.Now()})
	}
	return page, "", nil
}

// stuck is a store in which one order cannot be changed.
type stuck struct {
	*memory.Orders
	id string
}

func (s stuck) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	if id == s.id {
		return order.Order{}, false, fmt.Errorf("change order %s: %w", id, order.ErrUnavailable)
	}
	return s.Orders.Apply(ctx, id, c)
}

// repairer returns a repairer of two pending orders, FREE and STUCK, whose executions
// were aborted, and the list of the orders whose end it counts.
func repairer(t *testing.T) (*repair.Repairer, *[]string) {
	store := stuck{memory.NewOrders(), "STUCK"}
	for _, id := range []string{"FREE", "STUCK"} {
		_, err := store.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: id}, time.Now())}})
		require.NoError(t, err)
	}
	saga, err := steps.New(steps.Config{Orders: store, Payments: simulated.Gateway{}, Loyalty: simulated.Programme{}, Kitchen: simulated.Kitchen{},
		Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	var counted []string
	r, err := repair.New(repair.Config{Steps: saga, Queues: &memory.Queues{}, Executions: aborted{"STUCK", "FREE"},
		Ended: func(o order.Order) { counted = append(counted, o.ID) }})
	require.NoError(t, err)
	return r, &counted
}

func TestASweepThatLeavesAnOrderUnfinishedFailsAndNamesIt(t *testing.T) {
	r, counted := repairer(t)
	answer, err := r.Reconcile(t.Context(), []byte(`{"action":"reconcileOrders"}`))
	require.Empty(t, answer)
	require.ErrorContains(t, err, `"failed":[{"orderId":"STUCK"`)
	require.ErrorContains(t, err, `"reconciled":[{"orderId":"FREE","status":"FAILED"`)
	require.Equal(t, []string{"FREE"}, *counted, "an order that is stuck does not delay the others")
}

// TestOnlyACallForTheExecutionCountsAnOrdersEndAgain: the call that ended the order
// may have died before it counted. A sweep sees the same orders every hour.
func TestOnlyACallForTheExecutionCountsAnOrdersEndAgain(t *testing.T) {
	r, counted := repairer(t)
	for range 2 {
		answer, err := r.Reconcile(t.Context(), []byte(`{"action":"reconcileOrders","execution":"arn:aws:states:eu-west-1:123456789012:execution:pizza:FREE"}`))
		require.NoError(t, err)
		var o order.Summary
		require.NoError(t, json.Unmarshal(answer, &o))
		require.Equal(t, order.Failed, o.Status)
	}
	require.Equal(t, []string{"FREE", "FREE"}, *counted)

	_, err := r.Reconcile(t.Context(), []byte(`{"action":"reconcileOrders"}`))
	require.ErrorContains(t, err, `"reconciled":[]`)
	require.Equal(t, []string{"FREE", "FREE"}, *counted)
}

// listed has executions in pages, and records the calls.
type listed struct {
	pages     map[string][][]repair.Execution // by status
	gateway   steps.PaymentGateway            // nil if it always works
	takes     time.Duration                   // for each status call
	meanwhile func()                          // called during a status call, unless it is nil
	log       bytes.Buffer                    // the repairer's log
	mu        sync.Mutex
	read      []string // the pages that were read
	looked    []string // the executions whose status was read
}

func (x *listed) Status(_ context.Context, id string) (string, error) {
	time.Sleep(x.takes)
	if x.meanwhile != nil {
		x.meanwhile()
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.looked = append(x.looked, id)
	return "ABORTED", nil
}

func (x *listed) List(_ context.Context, status, token string) ([]repair.Execution, string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.read = append(x.read, strings.TrimSpace(status+" "+token))
	n, _ := strconv.Atoi(token)
	if n >= len(x.pages[status]) {
		return nil, "", nil
	}
	next := ""
	if n+1 < len(x.pages[status]) {
		next = strconv.Itoa(n + 1)
	}
	return x.pages[status][n], next, nil
}

// page returns a page of executions that started so long ago.
func page(ago ...time.Duration) (p []repair.Execution) {
	for _, d := range ago {
		p = append(p, repair.Execution{ARN: "arn:" + d.String(), OrderID: d.String(), Started: time.Now().Add(-d)})
	}
	return p
}

// repairer returns a repairer of the executions' orders, which are pending, after
// applying changes to them. An order that must not exist is given the id "".
func (x *listed) repairer(t *testing.T, queues repair.Queues, change func(o *order.Order)) *repair.Repairer {
	return x.repairerOf(t, x, queues, change)
}

// repairerOf is repairer with other executions.
func (x *listed) repairerOf(t *testing.T, executions repair.Executions, queues repair.Queues, change func(o *order.Order)) *repair.Repairer {
	store := memory.NewOrders()
	for _, pages := range x.pages {
		for _, e := range slices.Concat(pages...) {
			o := order.New(order.Request{ID: e.OrderID}, time.Now())
			change(&o)
			if o.ID == "" {
				continue
			}
			_, err := store.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
			require.NoError(t, err)
		}
	}
	saga, err := steps.New(steps.Config{Orders: store, Payments: cmp.Or[steps.PaymentGateway](x.gateway, simulated.Gateway{}), Loyalty: simulated.Programme{}, Kitchen: simulated.Kitchen{},
		Logger: slog.New(slog.NewTextHandler(&x.log, nil))})
	require.NoError(t, err)
	r, err := repair.New(repair.Config{Steps: saga, Queues: queues, Executions: executions})
	require.NoError(t, err)
	return r
}

func sweep(ctx context.Context, t *testing.T, r *repair.Repairer) (s repair.Sweep) {
	answer, err := r.Reconcile(ctx, []byte(`{"action":"reconcileOrders"}`))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(answer, &s))
	return s
}

func TestASweepGoesThroughThePagesOfTheLastDayNewestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &listed{pages: map[string][][]repair.Execution{
			"ABORTED": {page(time.Hour, 2*time.Hour), page(3*time.Hour, 24*time.Hour, 25*time.Hour), page(26 * time.Hour)},
			"FAILED":  {page(4*time.Hour, 5*time.Hour, 6*time.Hour)},
		}}
		s := sweep(t.Context(), t, x.repairer(t, &memory.Queues{}, func(o *order.Order) {
			switch o.ID {
			case "5h0m0s":
				o.Status = order.Cancelled
			case "6h0m0s":
				o.ID = ""
			}
		}))
		require.Equal(t, []string{"TIMED_OUT", "ABORTED", "ABORTED 1", "FAILED"}, x.read)
		require.ElementsMatch(t, []string{"1h0m0s", "2h0m0s", "3h0m0s", "24h0m0s", "4h0m0s"}, x.looked)
		require.Equal(t, 7, s.Checked, "including the ended one and the one without an order")
		require.Len(t, s.Reconciled, 5)
		require.Empty(t, s.Failed)
		require.True(t, s.Complete)
	})
}

// TestASweepChecksTenOrdersAtOnce: a slow one delays few others, and the sweep reaches
// the oldest.
func TestASweepChecksTenOrdersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &listed{takes: 6 * time.Second, pages: map[string][][]repair.Execution{"FAILED": {many(10), many(11)[10:]}}}
		r := x.repairer(t, &memory.Queues{}, func(*order.Order) {})
		began := time.Now()
		require.Len(t, sweep(t.Context(), t, r).Reconciled, 11)
		require.Equal(t, 12*time.Second, time.Since(began))
	})
}

func TestASweepEndsBeforeTheFunctionTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := &listed{takes: 6 * time.Second, pages: map[string][][]repair.Execution{"FAILED": {many(100)}}}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		s := sweep(ctx, t, x.repairer(t, &memory.Queues{}, func(*order.Order) {}))
		require.Equal(t, 40, s.Checked, "none starts after 24 seconds")
		require.Len(t, s.Reconciled, 40)
		for _, e := range many(40) {
			require.Contains(t, x.looked, e.OrderID, "the newest come first")
		}
		require.False(t, s.Complete)
	})
}

// many returns a page with n executions.
func many(n int) []repair.Execution {
	var ago []time.Duration
	for i := range n {
		ago = append(ago, time.Duration(i))
	}
	return page(ago...)
}

// refundFails sets an order's refund to begun and makes it fail.
func refundFails(o *order.Order) {
	o.ErrorOnStep, o.Status, o.Payment = workflow.FaultRefundPayment, order.RollingBack, order.PaymentRefunding
}

func TestADeadLetterOfASweepNamesTheExecution(t *testing.T) {
	x, queues := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}}, &memory.Queues{}
	s := sweep(t.Context(), t, x.repairer(t, queues, refundFails))
	require.Equal(t, order.RollbackFailed, s.Reconciled[0].Status)
	letters := queues.Messages(workflow.RefundPaymentQueue)
	require.Len(t, letters, 1)
	var letter workflow.Letter
	require.NoError(t, json.Unmarshal([]byte(letters[0].Body), &letter))
	require.Equal(t, "arn:1ns", letter.Execution)
}

func TestTheSlowerOfTwoReconciliationsCountsTheEndAgain(t *testing.T) {
	x := &listed{pages: map[string][][]repair.Execution{"ABORTED": {page(1)}}}
	r := x.repairer(t, &memory.Queues{}, refundFails)
	x.meanwhile = func() {
		x.meanwhile = nil
		require.Len(t, sweep(t.Context(), t, r).Reconciled, 1)
	}
	s := sweep(t.Context(), t, r)
	require.Equal(t, 1, s.Checked)
	require.Len(t, s.Reconciled, 1, "the answer of the write that ended it may have been lost")
}

func TestASweepThatCannotListTheExecutionsFails(t *testing.T) {
	r, err := repair.New(repair.Config{Queues: &memory.Queues{}, Executions: unlisted{},
		Steps: &steps.Steps{Config: steps.Config{Logger: slog.New(slog.DiscardHandler)}}})
	require.NoError(t, err)
	_, err = r.Reconcile(t.Context(), []byte(`{}`))
	require.ErrorIs(t, err, order.ErrUnavailable)
}

// unlisted has executions that cannot be listed.
type unlisted struct{ aborted }

func (unlisted) List(context.Context, string, string) ([]repair.Execution, string, error) {
	return nil, "", order.ErrUnavailable
}
