package workflow_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

func TestFailingCompensationsNeedARollbackFirst(t *testing.T) {
	for _, f := range workflow.Faults() {
		t.Run(string(workflow.FaultStep(f)), func(t *testing.T) {
			require.Equal(t, f >= workflow.FaultPrepareOrder && f != workflow.FaultProcessOrder, workflow.Fails(order.PrepareOrder, f))
			require.Equal(t, f != workflow.FaultNone, workflow.Fails(workflow.FaultStep(f), f))
		})
	}
	require.False(t, workflow.Fails("none", workflow.AllFaults))
}

func TestARequestThatNoStepCanHandleIsInvalid(t *testing.T) {
	require.NoError(t, workflow.Validate(order.Request{ID: "1", PerStepDelaySeconds: 20, ErrorOnStep: 7}))
	for _, test := range []struct {
		says string
		r    order.Request
	}{
		{"orderId is missing", order.Request{}},
		{"perStepDelaySeconds is 21, but must be 0 to 20", order.Request{ID: "1", PerStepDelaySeconds: 21}},
		{"perStepDelaySeconds is -1, but must be 0 to 20", order.Request{ID: "1", PerStepDelaySeconds: -1}},
		{"errorOnStep is 100, but must be 0 to 7", order.Request{ID: "1", ErrorOnStep: workflow.AllFaults}},
		{"errorOnStep is -1, but must be 0 to 7", order.Request{ID: "1", ErrorOnStep: -1}},
	} {
		t.Run(test.says, func(t *testing.T) {
			err := workflow.Validate(test.r)
			require.ErrorIs(t, err, order.ErrInvalid)
			require.ErrorContains(t, err, test.says)
		})
	}
}

func TestAnExecutionBelongsToTheOrderWithTheSameInput(t *testing.T) {
	r := order.Request{ID: "1", Flavour: "funghi", ErrorOnStep: workflow.FaultPrepareOrder}
	own, err := workflow.Input(r)
	require.NoError(t, err)
	for _, test := range []struct {
		name, input string
		own         bool
	}{
		{"its own", string(own), true},
		{"fields in another sequence", `{"errorOnStep":4, "flavour":"funghi", "orderId":"1"}`, true},
		{"of another order", `{"orderId":"1","flavour":"plain","errorOnStep":4}`, false},
		{"none", ``, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := workflow.CheckInput(r, []byte(test.input))
			require.Equal(t, test.own, err == nil, "%v", err)
		})
	}
}

func TestTheMessageOfACauseIsTheFunctionsError(t *testing.T) {
	for _, test := range []struct{ name, cause, says string }{
		{"of the function", `{"errorType":"Internal","errorMessage":"the oven is cold"}`, "the oven is cold"},
		{"of the service", "timed out", "timed out"},
		{"other JSON", `{"reason":"none"}`, `{"reason":"none"}`},
		{"none", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.says, workflow.CauseMessage(test.cause)) })
	}
}

func TestAFailureLeavesADeadLetterUnlessItWasLost(t *testing.T) {
	f := workflow.Failures{
		"addLoyaltyPoints": {Error: "Internal"}, "addLoyaltyPointsDLQ": {Error: "States.Timeout", Cause: "no queue"},
		"refundPayment": {Error: "Internal"}, "prepareOrder": {Error: "Internal"},
	}
	sent, lost := f.DeadLetters()
	require.Equal(t, []order.Queue{workflow.RefundPaymentQueue}, sent)
	require.Equal(t, []workflow.LostLetter{{Queue: workflow.AddLoyaltyPointsQueue,
		Failure: order.Failure{Step: order.AddLoyaltyPoints, Error: "States.Timeout", Cause: "no queue"}}}, lost)
}
