package browsertest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	headline = "main h2"
	money    = "main dl > div:nth-child(2) dd"
	points   = "main dl > div:nth-child(3) dd"
)

// choose fills in the form.
func (tb *tab) choose(fault order.Fault, seconds int) {
	tb.t.Helper()
	tb.click(fmt.Sprintf("input[name=fault][value='%d']", fault))
	tb.do(chromedp.SetValue(chromedp.CSS("#delay"), fmt.Sprint(seconds)))
}

func TestAnOrderIsFollowedWhileItIsInProgress(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.shoot("welcome")
	tb.choose(workflow.FaultNone, 20)
	tb.click("button.primary")
	tb.wait("document.querySelector('[data-state=ProcessPayment]')?.classList.contains('running')")
	tb.waitText(headline, "Your payment is being processed.")
	require.Contains(t, tb.text(money), "Being charged")
	require.True(t, get[bool](tb, "document.querySelector('[data-state=CreateOrder]').classList.contains('done')"))
	require.True(t, get[bool](tb, "document.querySelector('[data-from=CreateOrder][data-to=ProcessPayment]').classList.contains('taken')"))
	tb.shoot("under-way")
}

func TestADeliveryIsAnnounced(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.choose(workflow.FaultNone, 0)
	tb.click("button.primary")
	tb.waitText(headline, "Delivered. Enjoy your pizza.")
	require.Equal(t, "Delivered. Enjoy your pizza.", tb.text("#announcer"))
	require.Contains(t, get[string](tb, "document.title"), "Delivered")
}

// TestANewcomerCanTellWhereTheMoneyIs tests the purpose of the page.
func TestANewcomerCanTellWhereTheMoneyIs(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.choose(workflow.FaultRefundPayment, 0)
	tb.click("button.primary")
	tb.waitText("[data-state=RefundPayment] .badge", "×")
	tb.shoot("refunding")
	tb.waitText(headline, "The refund failed.")
	require.Equal(t, "×6", tb.text("[data-state=RefundPayment] .badge text"))
	require.Contains(t, tb.text("main .story"), "The kitchen failed at ")
	require.Contains(t, tb.text(money), "Still with the shop: the refund has to be retried")
	require.Contains(t, tb.text(".timeline"), "simulated failure")
	tb.shoot("refund-failed")
	tb.picture()
}

// words are the texts that the page must show for each outcome.
var words = map[order.Fault][3]string{
	workflow.FaultNone:                 {"Delivered. Enjoy your pizza.", "With the shop: paid", "Added"},
	workflow.FaultCreateOrder:          {"The order was not accepted.", "With you: not charged", "None were added"},
	workflow.FaultProcessPayment:       {"The payment was declined.", "With you: not charged", "None were added"},
	workflow.FaultAddLoyaltyPoints:     {"Delivered, but the points are missing.", "With the shop: paid", "adding them has to be retried"},
	workflow.FaultPrepareOrder:         {"We could not deliver your pizza. You have your money back.", "With you: refunded", ""},
	workflow.FaultProcessOrder:         {"We could not deliver your pizza. You have your money back.", "With you: refunded", ""},
	workflow.FaultRefundPayment:        {"The refund failed. The shop still owes you the money.", "the refund has to be retried", ""},
	workflow.FaultReclaimLoyaltyPoints: {"Refunded, but taking back the points failed.", "With you: refunded", "taking them back has to be retried"},
}

func TestAllEightEndSideBySideAndEachHighlightsItsPath(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.do(chromedp.SetValue(chromedp.CSS("#delay"), "0"))
	tb.click("button[value=all]")
	tb.waitText("main .story", "of 8 have ended")
	tb.waitText("main .story", "All eight have ended.")
	tb.shoot("all-eight")
	links := get[[]string](tb, "Array.from(document.querySelectorAll('.card h3 a'), (a) => a.href)")
	require.Len(t, links, 8)
	for _, source := range []string{"from the execution", "from the record"} {
		s.reticent.Store(source == "from the record")
		for i, outcome := range outcomes.All() {
			tb.run(fmt.Sprintf("%d %s, %s", outcome.Fault, workflow.FaultStep(outcome.Fault), source), func(t *testing.T) {
				want := words[outcome.Fault]
				tb.do(chromedp.Navigate(links[i]), chromedp.Reload())
				tb.waitText(headline, want[0])
				require.Contains(t, tb.text(money), want[1])
				require.Contains(t, tb.text(points), want[2])
				require.Contains(t, tb.text("main dl"), string(outcome.Status))
				tb.wait("document.querySelectorAll('.state.running').length === 0")
				requirePath(t, tb, outcome)
				if source == "from the execution" {
					tb.shoot(fmt.Sprintf("outcome-%d", outcome.Fault))
				}
			})
		}
	}
}

// requirePath compares the highlighted states with the outcome's path.
func requirePath(t *testing.T, tb *tab, want outcomes.Outcome) {
	t.Helper()
	states := func(selector string) []string {
		return get[[]string](tb, fmt.Sprintf("Array.from(document.querySelectorAll('%s'), (g) => g.dataset.state)", selector))
	}
	var entered []string
	for _, part := range [][]string{want.Main, want.LoyaltyBranch, want.KitchenBranch} {
		entered = append(entered, part...)
	}
	require.ElementsMatch(t, entered, states(".state:is(.done, .failed, .stopped)"))
	failed := append([]string{}, want.Failed...)
	for _, s := range entered {
		rolledBack := s == "FulfilOrder" && want.Payment != order.PaymentPaid
		if rolledBack || s == "OrderFailed" || s == "KitchenFailed" {
			failed = append(failed, s)
		}
	}
	require.ElementsMatch(t, failed, states(".state.failed"))
}

func TestADoubleClickIsOneOrderAndALaterClickAnother(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.choose(workflow.FaultNone, 0)
	tb.do(chromedp.DoubleClick(chromedp.CSS("button.primary")))
	tb.waitText(headline, "Delivered")
	const listed = "document.querySelectorAll('#mine li').length"
	require.Equal(t, 1, get[int](tb, listed))
	first := get[string](tb, "location.hash")
	tb.click("h1")
	tb.click("button.primary")
	tb.wait(listed + " === 2")
	require.NotEqual(t, first, get[string](tb, "location.hash"))
}

func TestAReloadAndALinkLoseNothing(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.choose(workflow.FaultProcessPayment, 0)
	tb.click("button.primary")
	tb.waitText(headline, "The payment was declined.")
	tb.do(chromedp.Reload())
	tb.waitText(headline, "The payment was declined.")
	tb.waitText("#mine", "The payment was declined.")
	tb.click("h1 a")
	tb.waitText(headline, "What happens to your pizza")
	tb.click("#mine a")
	tb.waitText(headline, "The payment was declined.")
	elsewhere := newTab(t, get[string](tb, "location.href"))
	elsewhere.waitText(headline, "The payment was declined.")
}

func TestAnOrderThatIsNoLongerShownGetsItsOutcomeInTheList(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.choose(workflow.FaultNone, 1)
	tb.click("button.primary")
	tb.waitText(headline, "Your")
	tb.click("h1 a")
	tb.waitText(headline, "What happens to your pizza")
	tb.waitText("#mine", "Delivered. Enjoy your pizza.")
}

func TestThePageSaysThatTheShopIsAwayAndContinuesWhenItIsBack(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.expectFailures()
	tb.choose(workflow.FaultNone, 5)
	tb.click("button.primary")
	tb.waitText(headline, "Your")
	s.leave()
	tb.wait("!document.querySelector('#away').hidden")
	tb.shoot("away")
	tb.click("button.primary")
	tb.waitText("#refusal", "it will not be placed twice")
	s.arrive()
	tb.waitText(headline, "Delivered")
	require.True(t, get[bool](tb, "document.querySelector('#away').hidden"))
}

func TestAnOrderCanBePlacedAndReadWithOnlyTheKeyboard(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.do(chromedp.SetValue(chromedp.CSS("#delay"), "0"))
	tb.do(chromedp.Focus(chromedp.CSS("#flavour")), chromedp.KeyEvent(kb.Tab+kb.Tab)) // to the delay, then to the faults
	tb.do(chromedp.KeyEvent(kb.ArrowDown + kb.ArrowDown + kb.Tab))                    // from "Nothing goes wrong" to the payment, then to the button
	tb.do(chromedp.KeyEvent(kb.Enter))
	tb.waitText(headline, "The payment was declined.")
	require.True(t, get[bool](tb, "document.activeElement === document.querySelector('main h2')"), "the order has the focus")
}

func TestNoScreenIsTooNarrow(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	require.True(t, get[bool](tb, "document.querySelector('main .workflow').getBoundingClientRect().bottom <= innerHeight"), "the first view shows the whole diagram")
	judge := func(what string) {
		for _, width := range []int64{320, 390, 768, 820, 1024, 1440, 2560} {
			tb.run(fmt.Sprintf("%s, %d pixels", what, width), func(t *testing.T) {
				tb.do(chromedp.EmulateViewport(width, 800))
				requireLayout(t, tb)
			})
		}
	}
	judge("welcome")
	tb.choose(workflow.FaultProcessPayment, 0)
	tb.click("button.primary")
	tb.waitText(headline, "The payment was declined.")
	judge("an order")
	tb.click("button[value=all]")
	tb.waitText("main .story", "All eight have ended.")
	judge("all eight")
}

func TestAllOfThePageIsSmall(t *testing.T) {
	t.Parallel()
	tb := newTab(t, openShop(t).url())
	tb.waitText(headline, "What happens to your pizza")
	const most = 60 << 10
	sizes := get[map[string]int](tb, `Object.fromEntries(performance.getEntries().filter((e) => e.decodedBodySize).map((e) => [e.name, e.decodedBodySize]))`)
	var total int
	for name, size := range sizes {
		total += size
		u, err := url.Parse(name)
		require.NoError(t, err)
		assert.True(t, u.Path == "/" || strings.HasPrefix(u.Path, "/web/"), name)
	}
	require.Greater(t, total, most/2, "all parts were counted: %v", sizes)
	require.Less(t, total, most, "%v", sizes)
}
