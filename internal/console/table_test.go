package console

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

func TestARowSaysWhatIsWrong(t *testing.T) {
	var out bytes.Buffer
	table := NewTable(&out)
	table.Row(outcomes.Run{
		Execution:   "FAILED",
		Order:       order.Order{Request: order.Request{ErrorOnStep: workflow.FaultCreateOrder}, Status: order.Pending, Payment: order.PaymentNone, Loyalty: order.LoyaltyNone},
		Entered:     []string{"CreateOrder"},
		DeadLetters: []order.Queue{workflow.RefundPaymentQueue, workflow.AddLoyaltyPointsQueue},
	}, errors.New("status is PENDING, not FAILED\npath is short"))
	require.Equal(t, `errorOnStep              order              payment        loyalty         dead letter               took
1 createOrder            PENDING            NONE           NONE            RefundPayment AddLoyaltyPoints   0.00 s
  wrong outcome: status is PENDING, not FAILED; path is short
  CreateOrder
`, out.String())
	require.EqualError(t, table.End(1), "1 of 1 outcomes are wrong")
}

func TestARowShowsTheTimelineOfAnOrderWithoutAnExecution(t *testing.T) {
	var out bytes.Buffer
	placed := time.Date(2026, 11, 22, 11, 10, 0, 0, time.UTC)
	o := order.New(order.Request{ID: "1"}, placed)
	o.UpdatedAt, o.CancelRequestedAt = placed.Add(1500*time.Millisecond), &placed
	o.Timeline = append(o.Timeline, order.Milestone{Step: order.ProcessPayment, Status: "PROCESSING"},
		order.Milestone{Step: order.ProcessPayment, Status: "COMPLETE"}, order.Milestone{Step: order.RefundPayment, Status: order.StepFailed, Error: "Internal"})
	NewTable(&out).Row(outcomes.Run{Order: o}, nil)
	require.Equal(t, `errorOnStep              order              payment        loyalty         dead letter               took
0 none, cancelled        PENDING            NONE           NONE            –                       1.50 s
  submitOrder → processPayment → refundPayment✗
`, out.String())
}

func TestATerminalShowsWhatIsBeingWaitedForUntilTheNextLine(t *testing.T) {
	var out bytes.Buffer
	for _, test := range []struct {
		name     string
		terminal paint
		shown    string
	}{
		{"terminal", true, "\x1b[2m2 orders\x1b[0m\r\x1b[K\x1b[2m1 order\x1b[0m\r\x1b[Kbusy\n"},
		{"file", false, "busy\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out.Reset()
			table := &Table{out: &out, paint: test.terminal}
			table.Waiting("2 orders")
			table.Waiting("1 order")
			table.Note("busy")
			require.Equal(t, test.shown, out.String())
		})
	}
}

func TestATableOfCorrectOutcomesSucceeds(t *testing.T) {
	var out bytes.Buffer
	table := NewTable(&out)
	for range outcomes.All() {
		table.Row(outcomes.Run{}, nil)
	}
	require.NoError(t, table.End(len(outcomes.All())))
	require.Contains(t, out.String(), "\n8 of 8 outcomes are correct\n")
	require.EqualError(t, table.End(9), "1 of 9 outcomes are wrong")
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestATableThatCannotBeWrittenIsAnError(t *testing.T) {
	table := NewTable(full{})
	table.Row(outcomes.Run{}, nil)
	require.ErrorContains(t, table.End(1), "no space left on device")
}
