package browsertest

import (
	"net/http"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/workflow"
)

func TestTheBackOfficeRepairsAnOrderAndFindsIt(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.choose(workflow.FaultAddLoyaltyPoints, 0)
	tb.click("button.primary")
	tb.waitText(headline, "Delivered, but the points are missing.")
	tb.choose(workflow.FaultRefundPayment, 0)
	tb.click("button.primary")
	tb.waitText(headline, "The refund failed.")
	id := tb.text("main .eyebrow code")
	tb.click("main .says a")
	tb.waitText(headline, "Back office")
	tb.waitText(".letters [aria-current]", "The refund failed: the shop owes the customer the money.")
	require.Equal(t, 1, get[int](tb, "document.querySelectorAll('.letters [aria-current]').length"), "only the letter of this order is highlighted")
	require.True(t, get[bool](tb, "document.querySelector('.letters [aria-current]').getBoundingClientRect().bottom <= innerHeight"), "it is in view")
	tb.waitText(".letters", "The pizza was delivered, but the shop owes the customer the points.")
	tb.waitText(".office .list", "Margherita · Rollback failed")
	tb.shoot("office")
	requireOnEveryScreen(t, tb)

	tb.click(".letters .queue:last-child button")
	tb.waitText(".result", "Redriven: "+id+": the order is CANCELLED, the payment REFUNDED")
	tb.waitText(".office .list", "Margherita · Cancelled")
	tb.wait("document.querySelectorAll('.letters .queue').length === 1")
	tb.click(".letters button")
	tb.wait("document.querySelectorAll('.letters .queue').length === 0")
	require.Contains(t, tb.text(".result"), "the order is DELIVERY_CONFIRMED, the payment COMPLETE, the points ADDED")
	tb.shoot("office-repaired")

	tb.do(chromedp.SetValue(chromedp.CSS("#status"), "FAILED"), chromedp.Evaluate[chromedp.Void]("document.querySelector('#status').dispatchEvent(new Event('change'))"))
	tb.waitText(".office", "No orders found.")
	tb.do(chromedp.SetValue(chromedp.CSS("#status"), ""), chromedp.SendKeys(chromedp.CSS("#id"), id[:6]))
	tb.waitText(".office", "1 order.")
	tb.click(".office .list a")
	tb.waitText(headline, "We could not deliver your pizza. You have your money back.")
	require.True(t, get[bool](tb, "document.querySelector('[data-state=RefundPayment]').classList.contains('done')"), "the diagram says so, too")
	require.False(t, get[bool](tb, "document.querySelector('[data-state=RefundPaymentDLQ]').classList.contains('done')"))
}

func TestAnOpenPageNoticesARepairMadeElsewhere(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.choose(workflow.FaultRefundPayment, 0)
	tb.click("button.primary")
	tb.waitText(headline, "The refund failed.")
	answer, err := http.Post(s.url()+"dead-letters/redrive", "", nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode)
	tb.waitText(headline, "You have your money back.")
	require.Contains(t, tb.text(money), "With you: refunded")
	require.True(t, get[bool](tb, "document.querySelector('[data-state=RefundPayment]').classList.contains('done')"), "the diagram says so, too")
	require.True(t, get[bool](tb, "document.querySelector('main .says a').hidden"), "nothing is left to repair")
}

// requireOnEveryScreen requires that nothing overlaps or overflows and that axe finds
// nothing.
func requireOnEveryScreen(t *testing.T, tb *tab) {
	t.Helper()
	judge, err := os.ReadFile(axe())
	for _, s := range screens {
		tb.do(chromedp.EmulateViewport(s.width, s.height))
		requireLayout(t, tb)
		if err == nil {
			tb.do(chromedp.Evaluate[chromedp.Void](string(judge)))
			requireAccessible(t, tb)
		}
	}
}
