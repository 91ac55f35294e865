package browsertest

import (
	"net/http"
	"strings"
	"testing"

	"pizzasaga/internal/workflow"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

const cancel = "main .says button"

func TestThePageShowsTheRollbackOfACancelledOrder(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.choose(workflow.FaultNone, 2)
	tb.click("button.primary")
	tb.waitText(headline, "Your payment is being processed.")
	tb.click(cancel)
	tb.waitText(headline, "Your order is being cancelled.")
	require.True(t, get[bool](tb, "document.querySelector('"+cancel+"').hidden"))
	require.True(t, get[bool](tb, "document.activeElement === document.querySelector('main h2')"), "the order has the focus")
	tb.waitText(headline, "Cancelled. You have your money back.")
	require.Contains(t, tb.text("main .story"), "You cancelled it.")
	require.Contains(t, tb.text(money), "With you: refunded")
	require.Contains(t, tb.text(".timeline"), "Cancel order CANCEL_REQUESTED")
	tb.shoot("cancelled")
}

func TestAnOrderOnItsWayCannotBeCancelled(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.expectFailures()
	tb.choose(workflow.FaultNone, 0)
	tb.click("button.primary")
	tb.waitText(headline, "Delivered.")
	require.True(t, get[bool](tb, "document.querySelector('"+cancel+"').hidden"))
	// The page may have read the order last before the hand-over was claimed.
	tb.do(chromedp.Evaluate[chromedp.Void]("document.querySelector('" + cancel + "').hidden = false"))
	tb.click(cancel)
	tb.waitText("main .refusal", "It is too late to cancel: the pizza is already on its way")
}

func TestAnOrderWhoseWorkflowWasStoppedIsReconciled(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.choose(workflow.FaultNone, 20)
	tb.click("button.primary")
	tb.waitText(headline, "Your payment is being processed.")
	id := tb.text("main .eyebrow code")
	stop, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url(),
		strings.NewReader(`{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:pizza-saga:`+id+`"}`))
	require.NoError(t, err)
	stop.Header.Set("X-Amz-Target", "AWSStepFunctions.StopExecution")
	answer, err := http.DefaultClient.Do(stop)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode)
	tb.waitText(headline, "The payment failed.")
	require.Contains(t, tb.text("main .story"), "It was unclear whether you had been charged")
	require.Contains(t, tb.text(money), "With you")
	tb.shoot("stopped")
	tb.click("[data-state=ProcessPayment] rect")
	tb.waitText("dialog", ", stopped.")
	require.NotContains(t, tb.text("dialog"), "still running")
}
