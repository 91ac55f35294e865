package browsertest

import (
	"net/http"
	"strings"
	"testing"

	"pizzasaga/internal/workflow"

	"github.com/stretchr/testify/require"
)

func TestACancelledOrderIsSeenToBeUndone(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.choose(workflow.FaultNone, 2)
	tb.click("button.primary")
	tb.waitText(headline, "Your payment is being taken.")
	address := s.url() + "orders/" + tb.text("main .eyebrow code") + "/cancel"
	answer, err := http.Post(address, "", nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusAccepted, answer.StatusCode)
	tb.waitText(headline, "Your order is being cancelled.")
	tb.waitText(headline, "Cancelled, and all of it undone.")
	require.Contains(t, tb.text("main .story"), "You asked to cancel it.")
	require.Contains(t, tb.text(money), "With you: refunded")
	require.Contains(t, tb.text(".timeline"), "Cancel order CANCEL_REQUESTED")
	tb.shoot("cancelled")
}

func TestAnOrderWhoseWorkflowWasStoppedIsBroughtToItsEnd(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	tb := newTab(t, s.url())
	tb.choose(workflow.FaultNone, 20)
	tb.click("button.primary")
	tb.waitText(headline, "Your payment is being taken.")
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
	require.Contains(t, tb.text("main .story"), "Whether it had gone through was unknown")
	require.Contains(t, tb.text(money), "With you")
	tb.shoot("stopped")
}
