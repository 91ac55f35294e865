package browsertest

import (
	"testing"

	"pizzasaga/internal/workflow"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

func TestAShopWithoutFaultInjectionSaysSoAndSellsANormalPizza(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openStrictShop(t, false).url())
	tb.expectFailures()
	tb.choose(workflow.FaultRefundPayment, 1)
	tb.click("button.primary")
	tb.waitText("#refusal", "Nothing was ordered")
	require.Equal(t, "no time", tb.text("#delay-words"))
	tb.shoot("no-faults")
	tb.click("button.primary")
	tb.waitText(headline, "Your order is in.")
	require.Contains(t, tb.text("main .eyebrow"), "Nothing goes wrong")
}

func TestAShopThatRequiresATokenSaysThatThePageHasNone(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openStrictShop(t, true).url())
	tb.expectFailures()
	tb.choose(workflow.FaultNone, 0)
	tb.click("button.primary")
	tb.waitText("#refusal", "requires a token")
}

func TestAPizzaWithoutAFlavourIsRefused(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.do(chromedp.SetValue(chromedp.CSS("#flavour"), "   "))
	tb.click("button.primary")
	tb.waitText("#refusal", "Choose a flavour first")
}

func TestAFlavourThatTheShopCannotReadIsExplained(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.expectFailures()
	tb.do(chromedp.SetValue(chromedp.CSS("#flavour"), "hidden\u200b"))
	tb.click("button.primary")
	tb.waitText("#refusal", "The shop cannot read that flavour.")
	tb.click("input[name=fault][value='1']")
	require.True(t, get[bool](tb, "document.querySelector('#refusal').hidden"), "a change of the form removes the refusal")
}

func TestAnUnknownOrderIsNotFound(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.expectFailures()
	tb.do(chromedp.Navigate(get[string](tb, "location.origin") + "/#/orders/NOSUCHORDER"))
	tb.waitText(headline, "Order not found.")
	tb.shoot("unknown")
}

func TestAnUnknownAddressShowsTheWelcome(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url()+"#/nonsense")
	tb.waitText(headline, "What happens to your pizza")
	for _, address := range []string{"#/orders/", "#/orders/,", "#/orders/a/b", "#nonsense"} {
		tb.run(address, func(t *testing.T) {
			tb.click("#office")
			tb.waitText(headline, "Back office")
			tb.do(chromedp.Evaluate[chromedp.Void]("location.hash = " + quote(address)))
			tb.waitText(headline, "What happens to your pizza")
		})
	}
}
