package browsertest

import (
	"os"
	"testing"

	"pizzasaga/internal/workflow"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestThePageIsAccessible checks the page with axe-core: WCAG 2.2 up to AA, and its best
// practices.
func TestThePageIsAccessible(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile(axe())
	if err != nil {
		t.Skip("axe-core is not installed: npm install --prefix .tools/axe axe-core, or set AXE to the path of axe.min.js")
	}
	s := openShop(t)
	tb := newTab(t, s.url())
	judge := func(what string) {
		for _, scheme := range []string{"light", "dark"} {
			tb.run(what+", "+scheme, func(t *testing.T) {
				call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
					{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
				tb.do(chromedp.Evaluate[chromedp.Void](string(script)))
				requireAccessible(t, tb)
			})
		}
	}
	judge("welcome")
	tb.choose(workflow.FaultNone, 20)
	tb.click("button.primary")
	tb.waitText(headline, "Your")
	judge("an order in progress")
	tb.do(chromedp.SetValue(chromedp.CSS("#delay"), "0"))
	tb.click("button[value=all]")
	tb.waitText("main .story", "All eight have ended.")
	judge("all eight")
	tb.do(chromedp.Navigate(get[string](tb, "Array.from(document.querySelectorAll('.card')).find((card) => card.textContent.includes('The refund failed.')).querySelector('a').href")))
	tb.waitText(headline, "The refund failed.")
	judge("a failed refund")
	tb.click("[data-state=RefundPayment] rect")
	tb.waitText("dialog", "Attempts")
	judge("a state")
	tb.click("dialog button")
	tb.click("#office")
	tb.waitText(".letters", "owes the customer the money")
	judge("the back office")
}

// requireAccessible requires that axe-core, which the page must have loaded, finds
// nothing.
func requireAccessible(t *testing.T, tb *tab) {
	t.Helper()
	violations, err := chromedp.Run(tb.ctx, chromedp.Evaluate[[]string](
		`axe.run().then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.html + ' ' + n.failureSummary)))`, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	require.Empty(t, violations)
}
