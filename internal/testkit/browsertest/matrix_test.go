package browsertest

import (
	_ "embed"
	"fmt"
	"os"
	"testing"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyStatus has a record for each status of an order. says has the headline, the place
// of the money and the place of the points.
var everyStatus = []record{
	{status: order.Pending, payment: order.PaymentNone, timeline: "submitOrder PENDING",
		says: []string{"Your order is in.", "With you: not charged yet", "None yet"}},
	{status: order.Created, payment: order.PaymentNone, timeline: "submitOrder PENDING createOrder CREATED",
		says: []string{"Your order has been accepted.", "With you: not charged yet", "None yet"}},
	{status: order.TakingPayment, payment: order.PaymentCharging, timeline: toPayment,
		says: []string{"Your payment is being processed.", "Being charged", "None yet"}},
	{status: order.Paid, payment: order.PaymentPaid, timeline: toKitchen,
		says: []string{"Paid. The kitchen is next.", "With the shop: paid", "None yet"}},
	{status: order.CookingStarted, payment: order.PaymentPaid, loyalty: order.LoyaltyAdded, timeline: toOven + "addLoyaltyPoints ADDED",
		says: []string{"Your pizza is in the oven.", "With the shop: paid", "Added"}},
	{status: order.CookingCompleted, payment: order.PaymentPaid, timeline: toOven + "processOrder COOKING_COMPLETED",
		says: []string{"Your pizza is ready.", "With the shop: paid", "None yet"}},
	{status: order.DeliveryStarted, payment: order.PaymentPaid, timeline: toCourier,
		says: []string{"Your pizza is on its way.", "With the shop: paid", "None yet"}},
	{status: order.DeliveryConfirmed, payment: order.PaymentPaid, loyalty: order.LoyaltyAddFailed, letters: []order.Queue{workflow.AddLoyaltyPointsQueue},
		timeline: toCourier + "addLoyaltyPoints FAILED:Internal completeOrder DELIVERY_CONFIRMED",
		says:     []string{"Delivered, but the points are missing.", "With the shop: paid", "Not added yet: adding them has to be retried"}},
	{status: order.RollingBack, payment: order.PaymentRefunding, loyalty: order.LoyaltyAdded,
		timeline: toOven + "addLoyaltyPoints ADDED processOrder FAILED:Internal refundPayment ROLLING_BACK",
		says:     []string{"Something went wrong. The refund is under way.", "Still with the shop: the refund is under way", "Added"}},
	{status: order.RollingBack, payment: order.PaymentRefunded, loyalty: order.LoyaltyAdded, cancelled: true,
		timeline: toOven + "addLoyaltyPoints ADDED cancelOrder CANCEL_REQUESTED processOrder FAILED:OrderCancelled refundPayment ROLLING_BACK refundPayment REFUNDED",
		says:     []string{"Your order is being cancelled. You have your money back.", "With you: refunded", "Added"}},
	{status: order.Cancelled, payment: order.PaymentRefunded, loyalty: order.LoyaltyReclaimed, cancelled: true,
		timeline: toKitchen + "addLoyaltyPoints ADDED cancelOrder CANCEL_REQUESTED prepareOrder FAILED:OrderCancelled refundPayment ROLLING_BACK " +
			"refundPayment REFUNDED reclaimLoyaltyPoints RECLAIMED notifyCustomer CANCELLED",
		says: []string{"Cancelled. You have your money back.", "With you: refunded", "Taken back"}},
	{status: order.Cancelled, payment: order.PaymentRefunded,
		timeline: toKitchen + "prepareOrder FAILED:Internal refundPayment ROLLING_BACK refundPayment REFUNDED notifyCustomer CANCELLED",
		says:     []string{"We could not deliver your pizza. You have your money back.", "With you: refunded", "None were added"}},
	{status: order.FailedPayment, payment: order.PaymentDeclined, timeline: toPayment + "processPayment FAILED:PaymentDeclined notifyCustomer PAYMENT_FAILED",
		says: []string{"The payment was declined.", "With you: not charged", "None were added"}},
	{status: order.RollbackFailed, payment: order.PaymentRefundFailed, loyalty: order.LoyaltyAdded, letters: []order.Queue{workflow.RefundPaymentQueue},
		timeline: toKitchen + "addLoyaltyPoints ADDED prepareOrder FAILED:Internal refundPayment ROLLING_BACK refundPayment FAILED:Internal notifyCustomer ROLLBACK_FAILED",
		says:     []string{"The refund failed. The shop still owes you the money.", "Still with the shop: the refund has to be retried", "Added, and not taken back"}},
	{status: order.Failed, payment: order.PaymentNone, timeline: "submitOrder PENDING createOrder FAILED:Internal notifyCustomer FAILED",
		says: []string{"The order was not accepted.", "With you: not charged", "None were added"}},
}

// layout is a JavaScript function that lists the layout errors of the page.
//
//go:embed testdata/layout.js
var layout string

func TestEveryStatusIsLegibleOnEveryScreen(t *testing.T) {
	t.Parallel()
	address, keep := openRecords(t, saga)
	tb := newTab(t, address)
	judge, err := os.ReadFile(axe())
	if err == nil {
		tb.do(chromedp.Evaluate[chromedp.Void](string(judge)))
	}
	call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
	shown := map[order.Status]bool{}
	for _, r := range everyStatus {
		shown[r.status] = true
		o := keep(r)
		for _, s := range screens {
			tb.run(fmt.Sprintf("%s, %s, %d pixels", r.status, r.payment, s.width), func(t *testing.T) {
				tb.do(chromedp.EmulateViewport(s.width, s.height))
				tb.open(o)
				require.Equal(t, r.says, get[[]string](tb, "Array.from(document.querySelectorAll('main h2, .facts div:not(:first-child) dd span'), (e) => e.textContent)"))
				require.Equal(t, []string{string(o.Status), string(o.Payment), string(o.Loyalty)},
					get[[]string](tb, "Array.from(document.querySelectorAll('.facts dd code'), (e) => e.textContent)"))
				requireLayout(t, tb)
				if s.width >= 820 {
					assert.True(t, get[bool](tb, "scrollY === 0 && document.querySelector('main .workflow').getBoundingClientRect().bottom <= innerHeight"), "the diagram is in view")
				}
				if len(judge) > 0 {
					requireAccessible(t, tb)
				}
			})
		}
	}
	for _, status := range order.Statuses() {
		require.True(t, shown[status], "everyStatus has no record for %s", status)
	}
}

func requireLayout(t *testing.T, tb *tab) {
	t.Helper()
	require.Empty(t, get[[]string](tb, "("+layout+")()"))
}
