package console

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

func TestARowTellsWhatIsNotAsItMustBe(t *testing.T) {
	var out bytes.Buffer
	table := NewTable(&out)
	table.Row(outcomes.Run{
		Execution:   "FAILED",
		Order:       order.Order{Request: order.Request{ErrorOnStep: workflow.FaultCreateOrder}, Status: order.Pending, Payment: order.PaymentNone, Loyalty: order.LoyaltyNone},
		Entered:     []string{"CreateOrder"},
		DeadLetters: []order.Queue{workflow.RefundPaymentQueue, workflow.AddLoyaltyPointsQueue},
	}, errors.New("status is PENDING, not FAILED\npath is short"))
	require.Equal(t, `errorOnStep              execution  order              payment        loyalty         dead letter              took
1 createOrder            FAILED     PENDING            NONE           NONE            RefundPayment AddLoyaltyPoints  0.00 s
  not as it must be: status is PENDING, not FAILED; path is short
  CreateOrder
`, regexp.MustCompile(`\d+\.\d\d s`).ReplaceAllString(out.String(), "0.00 s"))
	require.EqualError(t, table.End(), fmt.Sprintf("0 of %d outcomes are as they must be", len(outcomes.All())))
}

func TestATableOfAllOutcomesEndsWell(t *testing.T) {
	var out bytes.Buffer
	table := NewTable(&out)
	for range outcomes.All() {
		table.Row(outcomes.Run{}, nil)
	}
	require.NoError(t, table.End())
	require.Contains(t, out.String(), fmt.Sprintf("\nall %d outcomes are as they must be\n", len(outcomes.All())))
}
