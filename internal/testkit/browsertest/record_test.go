package browsertest

import (
	_ "embed"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pizzasaga/internal/api"
	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
	"pizzasaga/web"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// record is an order's record and what the page must show for it.
type record struct {
	name      string
	status    order.Status
	payment   order.Payment
	loyalty   order.Loyalty
	timeline  string // "step STATUS" by "step STATUS"; FAILED may be FAILED:Error
	out       bool   // the pizza was handed over
	letters   []order.Queue
	says      []string
	states    map[string]string // by mark, in the order of the drawing
	cancelled bool
}

const (
	toPayment = "submitOrder PENDING createOrder CREATED processPayment PAYMENT_PROCESSING "
	toKitchen = toPayment + "processPayment PAYMENT_COMPLETE "
	toOven    = toKitchen + "prepareOrder COOKING_STARTED "
	toCourier = toOven + "processOrder COOKING_COMPLETED processOrder DELIVERY_STARTED "
	noPoints  = "addLoyaltyPoints FAILED:Internal recordLoyaltyFailure ADD_FAILED "
)

var records = []record{
	{name: "in the oven", status: order.CookingStarted, payment: order.PaymentPaid, timeline: toOven + "addLoyaltyPoints ADDED",
		says:   []string{"Your pizza is in the oven.", "With the shop: paid"},
		states: map[string]string{"done": "CreateOrder ProcessPayment AddLoyaltyPoints PrepareOrder", "running": "FulfilOrder CookPizza"}},
	{name: "the hand-over is claimed", status: order.DeliveryStarted, payment: order.PaymentPaid, timeline: toCourier + "addLoyaltyPoints ADDED",
		says:   []string{"Your pizza is on its way."},
		states: map[string]string{"done": "CreateOrder ProcessPayment AddLoyaltyPoints PrepareOrder CookPizza", "running": "FulfilOrder ProcessOrder"}},
	{name: "being rolled back", status: order.RollingBack, payment: order.PaymentRefunding, timeline: toOven + "processOrder FAILED:Internal refundPayment ROLLING_BACK",
		says: []string{"Something went wrong. The refund is under way.", "The delivery failed at ", "The payment is being refunded now.", "Still with the shop: the refund is under way", "Being checked"},
		states: map[string]string{"done": "CreateOrder ProcessPayment PrepareOrder CookPizza", "failed": "FulfilOrder ProcessOrder KitchenFailed",
			"stopped": "AddLoyaltyPoints", "running": "RefundPayment"}},
	{name: "being rolled back after the hand-over", status: order.RollingBack, payment: order.PaymentRefunding, out: true,
		timeline: toCourier + "processOrder FAILED:Internal refundPayment ROLLING_BACK refundPayment HANDED_OVER",
		says:     []string{"The pizza had already left the kitchen. The payment is being refunded now."},
		states: map[string]string{"done": "CreateOrder ProcessPayment PrepareOrder CookPizza", "failed": "FulfilOrder ProcessOrder KitchenFailed",
			"stopped": "AddLoyaltyPoints", "running": "RefundPayment"}},
	{name: "rolled back after the hand-over", status: order.Cancelled, payment: order.PaymentRefunded, loyalty: order.LoyaltyReclaimed, out: true,
		timeline: toCourier + "addLoyaltyPoints ADDED processOrder FAILED:Internal refundPayment ROLLING_BACK refundPayment HANDED_OVER refundPayment REFUNDED " +
			"reclaimLoyaltyPoints RECLAIMED notifyCustomer CANCELLED",
		says: []string{"We could not deliver your pizza. You have your money back.", "The delivery failed at ", "The pizza had already left the kitchen. The payment was refunded"},
		states: map[string]string{"done": "CreateOrder ProcessPayment AddLoyaltyPoints PrepareOrder CookPizza RefundPayment ReclaimLoyaltyPoints NotifyCustomer",
			"failed": "FulfilOrder ProcessOrder KitchenFailed OrderFailed"}},
	{name: "being rolled back by the version before", status: order.CookingStarted, payment: order.PaymentRefunding, timeline: toOven + "refundPayment REFUNDING",
		says:   []string{"Something went wrong. The refund is under way.", "A step after the order was accepted failed."},
		states: map[string]string{"done": "CreateOrder ProcessPayment PrepareOrder", "stopped": "FulfilOrder AddLoyaltyPoints CookPizza", "running": "RefundPayment"}},
	{name: "rolled back by the version before", status: order.Cancelled, payment: order.PaymentRefunded,
		timeline: toOven + "refundPayment REFUNDING refundPayment REFUNDED processOrder FAILED:Internal notifyCustomer CANCELLED",
		says:     []string{"We could not deliver your pizza. You have your money back.", "The delivery failed at "},
		states: map[string]string{"done": "CreateOrder ProcessPayment PrepareOrder CookPizza RefundPayment ReclaimLoyaltyPoints NotifyCustomer",
			"failed": "FulfilOrder ProcessOrder KitchenFailed OrderFailed", "stopped": "AddLoyaltyPoints"}},
	{name: "to be cancelled", status: order.Paid, payment: order.PaymentPaid, cancelled: true, timeline: toKitchen + "cancelOrder CANCEL_REQUESTED",
		says:   []string{"Your order is being cancelled.", "You cancelled it. The next step will stop", "Cancel order CANCEL_REQUESTED"},
		states: map[string]string{"done": "CreateOrder ProcessPayment", "running": "FulfilOrder AddLoyaltyPoints PrepareOrder"}},
	{name: "cancelled, and its money is back", status: order.RollingBack, payment: order.PaymentRefunded, cancelled: true,
		timeline: toKitchen + "cancelOrder CANCEL_REQUESTED prepareOrder FAILED:OrderCancelled refundPayment ROLLING_BACK refundPayment REFUNDED",
		says:     []string{"Your order is being cancelled. You have your money back.", "You cancelled it. The payment was refunded.", "With you: refunded"},
		states: map[string]string{"done": "CreateOrder ProcessPayment RefundPayment", "failed": "FulfilOrder PrepareOrder KitchenFailed",
			"stopped": "AddLoyaltyPoints", "running": "ReclaimLoyaltyPoints"}},
	{name: "cancelled uncharged", status: order.Cancelled, payment: order.PaymentNone, cancelled: true,
		timeline: "submitOrder PENDING createOrder CREATED cancelOrder CANCEL_REQUESTED processPayment FAILED:OrderCancelled notifyCustomer CANCELLED",
		says:     []string{"Cancelled before you were charged.", "You cancelled it. Nothing was charged", "With you: not charged", "None were added"},
		states:   map[string]string{"done": "CreateOrder NotifyCustomer", "failed": "ProcessPayment OrderFailed"}},
	{name: "a charge of unknown fate", status: order.FailedPayment, payment: order.PaymentRefunded,
		timeline: toPayment + "processPayment FAILED:Internal refundPayment ROLLING_BACK refundPayment REFUNDED notifyCustomer PAYMENT_FAILED",
		says:     []string{"The payment failed.", "It was unclear whether you had been charged"},
		states:   map[string]string{"done": "CreateOrder RefundPayment ReclaimLoyaltyPoints NotifyCustomer", "failed": "ProcessPayment OrderFailed"}},
	{name: "a redriven refund that failed again", status: order.RollbackFailed, payment: order.PaymentRefundFailed, letters: []order.Queue{workflow.RefundPaymentQueue},
		timeline: toKitchen + "prepareOrder FAILED:Internal refundPayment ROLLING_BACK refundPayment FAILED:Internal notifyCustomer ROLLBACK_FAILED " +
			"refundPayment REFUNDING refundPayment REFUND_FAILED",
		says: []string{"The refund failed.", "The shop has to try again before you get your money.", "Still with the shop: the refund has to be retried", "None recorded"},
		states: map[string]string{"done": "CreateOrder ProcessPayment NotifyCustomer RefundPaymentDLQ", "failed": "FulfilOrder PrepareOrder KitchenFailed RefundPayment OrderFailed",
			"stopped": "AddLoyaltyPoints"}},
	{name: "a redriven reclaim, before the customer is told", status: order.RollbackFailed, payment: order.PaymentRefunded, loyalty: order.LoyaltyReclaimed,
		timeline: toKitchen + "addLoyaltyPoints ADDED prepareOrder FAILED:Internal refundPayment ROLLING_BACK refundPayment REFUNDED " +
			"reclaimLoyaltyPoints FAILED:Internal notifyCustomer ROLLBACK_FAILED reclaimLoyaltyPoints RECLAIMED",
		states: map[string]string{"done": "CreateOrder ProcessPayment AddLoyaltyPoints RefundPayment ReclaimLoyaltyPoints NotifyCustomer",
			"failed": "FulfilOrder PrepareOrder KitchenFailed OrderFailed"}},
	{name: "never started", status: order.Failed, payment: order.PaymentNone, timeline: "submitOrder PENDING submitOrder FAILED",
		says:   []string{"The order was not accepted.", "Nothing was charged"},
		states: map[string]string{"stopped": "CreateOrder"}},
	{name: "without points", status: order.CookingStarted, payment: order.PaymentPaid, loyalty: order.LoyaltyAddFailed, letters: []order.Queue{workflow.AddLoyaltyPointsQueue},
		timeline: toOven + noPoints,
		says:     []string{"Your pizza is in the oven.", "Not added yet: adding them has to be retried"},
		states: map[string]string{"done": "CreateOrder ProcessPayment AddLoyaltyPointsDLQ RecordLoyaltyFailure PrepareOrder",
			"failed": "AddLoyaltyPoints", "running": "FulfilOrder CookPizza"}},
	{name: "undone without points", status: order.Cancelled, payment: order.PaymentRefunded, loyalty: order.LoyaltyAddFailed, letters: []order.Queue{workflow.AddLoyaltyPointsQueue},
		timeline: toOven + noPoints + "processOrder FAILED:Internal refundPayment ROLLING_BACK refundPayment REFUNDED notifyCustomer CANCELLED",
		says:     []string{"We could not deliver your pizza. You have your money back.", "no points had been added", "None were added"},
		states: map[string]string{"done": "CreateOrder ProcessPayment AddLoyaltyPointsDLQ RecordLoyaltyFailure PrepareOrder CookPizza RefundPayment ReclaimLoyaltyPoints NotifyCustomer",
			"failed": "AddLoyaltyPoints FulfilOrder ProcessOrder KitchenFailed OrderFailed"}},
	{name: "a lost letter", status: order.DeliveryStarted, payment: order.PaymentPaid, loyalty: order.LoyaltyAddFailed,
		timeline: toCourier + noPoints + "addLoyaltyPoints DEAD_LETTER_LOST",
		says:     []string{"Not added yet: adding them failed and will not be retried; ask the shop"},
		states: map[string]string{"done": "CreateOrder ProcessPayment PrepareOrder CookPizza RecordLoyaltyFailure",
			"failed": "AddLoyaltyPoints AddLoyaltyPointsDLQ", "running": "FulfilOrder ProcessOrder"}},
}

func (r record) order() order.Order {
	began := time.Now()
	o := order.New(order.Request{ID: order.NewID(), Flavour: "plain"}, began)
	o.Status, o.Payment, o.HandedOver, o.DeadLetters, o.Timeline = r.status, r.payment, r.out, r.letters, nil
	if r.loyalty != "" {
		o.Loyalty = r.loyalty
	}
	if r.cancelled {
		o.CancelRequestedAt = &o.CreatedAt
	}
	words := strings.Fields(r.timeline)
	for i := 0; i < len(words); i += 2 {
		status, failed, _ := strings.Cut(words[i+1], ":")
		m := order.Milestone{Step: order.StepName(words[i]), Status: status, Error: failed, At: began.Add(time.Duration(i) * time.Second)}
		o.Timeline = append(o.Timeline, m)
		if failed != "" && o.Failure == nil && m.Step != order.AddLoyaltyPoints {
			o.Failure = &order.Failure{Step: m.Step, Error: failed, At: m.At}
		}
	}
	return o
}

// saga is a fixed workflow that does not change with the pizza's.
//
//go:embed testdata/saga.asl.json
var saga string

// TestARecordAloneShowsThePathOfAnOrder tests the page as on AWS, without events.
func TestARecordAloneShowsThePathOfAnOrder(t *testing.T) {
	t.Parallel()
	requireRecords(t, saga, records)
}

// TestAnotherKitchenStepNeedsNoChangeOfThePage adds a step before PrepareOrder.
func TestAnotherKitchenStepNeedsNoChangeOfThePage(t *testing.T) {
	t.Parallel()
	more := strings.NewReplacer(`"StartAt": "PrepareOrder"`, `"StartAt": "ReserveOven"`,
		`"PrepareOrder": {`, `"ReserveOven": {"Type": "Task", "Next": "PrepareOrder"}, "PrepareOrder": {`).Replace(saga)
	requireRecords(t, more, []record{
		{name: "under way", status: order.Paid, payment: order.PaymentPaid, timeline: toKitchen,
			says:   []string{"Paid. The kitchen is next."},
			states: map[string]string{"done": "CreateOrder ProcessPayment", "running": "FulfilOrder AddLoyaltyPoints ReserveOven"}},
		{name: "done", status: "OVEN_RESERVED", payment: order.PaymentPaid, timeline: toKitchen + "reserveOven OVEN_RESERVED",
			states: map[string]string{"done": "CreateOrder ProcessPayment ReserveOven", "running": "FulfilOrder AddLoyaltyPoints PrepareOrder"}},
		{name: "failed", status: order.RollingBack, payment: order.PaymentRefunding, timeline: toKitchen + "reserveOven FAILED:Internal refundPayment ROLLING_BACK",
			says: []string{"The step “Reserve oven” failed at "},
			states: map[string]string{"done": "CreateOrder ProcessPayment", "failed": "FulfilOrder ReserveOven",
				"stopped": "AddLoyaltyPoints", "running": "RefundPayment"}},
	})
}

// TestADiagramAgreesWithTheWords tests an execution that was stopped by a failure before
// a step had finished.
func TestADiagramAgreesWithTheWords(t *testing.T) {
	t.Parallel()
	p, err := web.New([]byte(saga), false)
	require.NoError(t, err)
	orders := memory.NewOrders()
	var events []api.Event
	for e := range strings.FieldsSeq("TaskStateEntered:CreateOrder TaskStateExited:CreateOrder TaskStateEntered:ProcessPayment TaskStateExited:ProcessPayment " +
		"ParallelStateEntered:FulfilOrder TaskStateEntered:AddLoyaltyPoints TaskStateEntered:PrepareOrder TaskFailed:PrepareOrder " +
		"TaskStateAborted:AddLoyaltyPoints ParallelStateFailed:FulfilOrder ParallelStateExited:FulfilOrder TaskStateEntered:RefundPayment") {
		kind, state, _ := strings.Cut(e, ":")
		events = append(events, api.Event{Type: kind, State: state})
	}
	handler, err := api.New(api.Config{Orders: orders, Executions: nobody{}, Page: p.Serve, Logger: slog.New(slog.DiscardHandler),
		History: func(string) ([]api.Event, bool) { return events, true }})
	require.NoError(t, err)
	o := record{status: order.RollingBack, payment: order.PaymentRefunding, loyalty: order.LoyaltyAdded,
		timeline: toKitchen + "addLoyaltyPoints ADDED prepareOrder FAILED:Internal refundPayment ROLLING_BACK"}.order()
	_, err = orders.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
	require.NoError(t, err)
	tb := newTab(t, serve(t, handler).url())
	tb.open(o)
	require.Contains(t, tb.text(points), "Added")
	for mark, states := range map[string][]string{"done": {"CreateOrder", "ProcessPayment", "AddLoyaltyPoints"}, "running": {"RefundPayment"}, "stopped": {}} {
		require.ElementsMatch(t, states, get[[]string](tb, fmt.Sprintf("Array.from(document.querySelectorAll('main .state.%s'), (g) => g.dataset.state)", mark)), mark)
	}
}

// openRecords opens a shop that has only records. It returns its address and a function
// that adds a record.
func openRecords(t *testing.T, definition string) (address string, keep func(record) order.Order) {
	t.Helper()
	p, err := web.New([]byte(definition), false)
	require.NoError(t, err)
	orders := memory.NewOrders()
	handler, err := api.New(api.Config{Orders: orders, Executions: nobody{}, Page: p.Serve, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return serve(t, handler).url(), func(r record) order.Order {
		o := r.order()
		_, err := orders.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
		require.NoError(t, err)
		return o
	}
}

// open shows an order.
func (tb *tab) open(o order.Order) {
	tb.t.Helper()
	tb.do(chromedp.Navigate(get[string](tb, "location.origin") + "/#/orders/" + o.ID))
	tb.waitText("main .eyebrow", o.ID)
	tb.wait("!document.querySelector('main .details').hidden")
}

func requireRecords(t *testing.T, definition string, records []record) {
	t.Helper()
	address, keep := openRecords(t, definition)
	tb := newTab(t, address)
	for _, r := range records {
		tb.run(r.name, func(t *testing.T) {
			tb.open(keep(r))
			for _, text := range r.says {
				require.Contains(t, get[string](tb, "document.querySelector('main').textContent.replace(/\\s+/g, ' ')"), text)
			}
			for _, mark := range []string{"done", "failed", "stopped", "running"} {
				lit := get[[]string](tb, fmt.Sprintf("Array.from(document.querySelectorAll('main .state.%s'), (g) => g.dataset.state)", mark))
				require.ElementsMatch(t, strings.Fields(r.states[mark]), lit, mark)
				if mark == "stopped" && len(lit) > 0 {
					require.Contains(t, tb.text("main .state.stopped title"), ": stopped", "as in the legend")
				}
			}
		})
	}
}
