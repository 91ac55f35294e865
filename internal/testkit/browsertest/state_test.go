package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/workflow"
)

// TestAStateShowsItsDetails tests the page of the local program, which has the history.
func TestAStateShowsItsDetails(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.choose(workflow.FaultAddLoyaltyPoints, 0)
	tb.click("button.primary")
	tb.waitText(headline, "Delivered, but the points are missing.")
	for name, says := range map[string][]string{
		"AddLoyaltyPoints": {"Add loyalty points", "Task state.", "Attempts", "SimulatedFailure addLoyaltyPoints: simulated failure (errorOnStep 3)",
			"Input", `"perStepDelaySeconds": 0`, "Output", `"Error": "SimulatedFailure"`},
		"ProcessPayment": {"Process payment", "Attempts", "succeeded", `"errorOnStep": 3`},
		"CookPizza":      {"Cook pizza", "Wait state."},
	} {
		tb.run(name, func(t *testing.T) {
			tb.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.querySelector('[data-state=%s]').focus()", name)), chromedp.KeyEvent(kb.Enter))
			tb.wait("document.querySelector('dialog')?.open ?? false")
			for _, text := range says {
				require.Contains(t, tb.text("dialog"), text)
			}
			if name == "AddLoyaltyPoints" {
				tb.shoot("state")
			}
			tb.do(chromedp.KeyEvent(kb.Escape))
			tb.wait("!document.querySelector('dialog')")
			require.Equal(t, name, get[string](tb, "document.activeElement.dataset.state"), "the focus returns")
		})
	}
	tb.click("[data-state=CreateOrder] rect")
	tb.waitText("dialog h2", "Create order")
	tb.click("dialog button")
	tb.wait("!document.querySelector('dialog')")
	require.False(t, get[bool](tb, "document.querySelector('[data-state=RefundPayment]').hasAttribute('tabindex')"), "a state that was not reached has no details")
}

func TestOneStateIsShownAtATimeAndOnlyOnItsOwnPage(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.choose(workflow.FaultProcessPayment, 0)
	tb.click("button.primary")
	tb.waitText(headline, "The payment was declined.")
	const dialogs = "document.querySelectorAll('dialog').length"
	tb.do(chromedp.Evaluate[chromedp.Void](`window.most = 0;
		new MutationObserver(() => { most = Math.max(most, ` + dialogs + `); }).observe(document.body, { childList: true });`))
	tb.do(chromedp.Evaluate[chromedp.Void]("for (let i = 0; i < 2; i++) document.querySelector('[data-state=CreateOrder] rect').dispatchEvent(new Event('click', { bubbles: true }))"))
	tb.waitText("dialog h2", "Create order")
	tb.do(chromedp.Evaluate[chromedp.Void]("history.back()"))
	tb.waitText(headline, "What happens to your pizza")
	tb.wait(dialogs + " === 0")
	require.Equal(t, 1, get[int](tb, "most"))
}
