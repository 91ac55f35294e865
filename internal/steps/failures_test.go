package steps_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/memory"
	"pizzasaga/internal/order"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/steps"
	"pizzasaga/internal/workflow"
)

func TestTheStatusShowsWhichKitchenStepFailed(t *testing.T) {
	failed := map[order.Status]order.StepName{order.DeliveryStarted: order.ProcessOrder}
	for _, forward := range []order.Transition{order.StartCooking, order.FinishCooking, order.StartDelivery} {
		failed[forward.Status[0]] = forward.Step
	}
	for status, step := range failed {
		t.Run(string(status), func(t *testing.T) {
			orders := memory.NewOrders()
			saga, err := steps.New(steps.Config{Orders: orders, Payments: simulated.Gateway{}, Loyalty: simulated.Programme{}, Kitchen: simulated.Kitchen{}, Logger: slog.New(slog.DiscardHandler)})
			require.NoError(t, err)
			o := order.New(order.Request{ID: "1"}, time.Now())
			o.Status, o.Payment = status, order.PaymentPaid
			_, err = orders.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
			require.NoError(t, err)
			in := steps.Input{Order: o.Request, Failures: workflow.FailuresOfKitchen(workflow.StateFailure{Error: "Internal"})}
			o, err = saga.RefundPayment(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, step, o.Failure.Step)
			in.Failures["reclaimLoyaltyPoints"] = workflow.StateFailure{Error: "Internal"}
			o, err = saga.NotifyCustomer(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, step, o.Failure.Step)
			var told []order.StepName
			for _, m := range o.Timeline {
				if m.Status == order.StepFailed {
					told = append(told, m.Step)
				}
			}
			require.Equal(t, []order.StepName{step, order.ReclaimLoyaltyPoints}, told)
		})
	}
}
