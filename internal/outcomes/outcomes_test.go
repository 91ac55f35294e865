package outcomes_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

func TestAnOrderIsCheckedAgainstItsOutcome(t *testing.T) {
	failed := order.Milestone{Step: order.RefundPayment, Status: order.StepFailed, Error: "Internal"}
	for _, test := range []struct {
		says   string // "" if the outcome is correct
		change func(*order.Order)
	}{
		{"", func(*order.Order) {}},
		{"errorOnStep is 5, not 6", func(o *order.Order) { o.ErrorOnStep = workflow.FaultProcessOrder }},
		{"status is CANCELLED, not ROLLBACK_FAILED", func(o *order.Order) { o.Status = order.Cancelled }},
		{"payment is REFUNDED, not REFUND_FAILED", func(o *order.Order) { o.Payment = order.PaymentRefunded }},
		{"", func(o *order.Order) { o.Loyalty = order.LoyaltyNone }},
		{"loyalty is RECLAIMED, not [ADDED NONE]", func(o *order.Order) { o.Loyalty = order.LoyaltyReclaimed }},
		{"dead letters on the order is [], not [RefundPayment]", func(o *order.Order) { o.DeadLetters = nil }},
		{"failed steps on the order is [PrepareOrder], not [PrepareOrder RefundPayment]", func(o *order.Order) { o.Timeline = o.Timeline[:1] }},
		{"failed steps on the order is [PrepareOrder RefundPayment RefundPayment], not", func(o *order.Order) { o.Timeline = append(o.Timeline, failed) }},
		{"cancelled by the customer is true, not false", func(o *order.Order) { o.CancelRequestedAt = new(time.Now()) }},
	} {
		t.Run(test.says, func(t *testing.T) {
			o := order.Order{
				Request: order.Request{ErrorOnStep: workflow.FaultRefundPayment},
				Status:  order.RollbackFailed, Payment: order.PaymentRefundFailed, Loyalty: order.LoyaltyAdded,
				DeadLetters: []order.Queue{workflow.RefundPaymentQueue},
				Timeline: []order.Milestone{{Step: order.PrepareOrder, Status: order.StepFailed, Error: "Internal"}, failed,
					{Step: order.NotifyCustomer, Status: string(order.RollbackFailed)}},
			}
			test.change(&o)
			err := outcomes.All()[workflow.FaultRefundPayment].CheckOrder(o)
			if test.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.says)
		})
	}
}
