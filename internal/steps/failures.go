package steps

import (
	"encoding/json"

	"pizzasaga/internal/order"
)

// StateFailure is what a Catch of the workflow leaves: the name of an error and
// its cause, null where there is none.
type StateFailure struct {
	Error string `json:"Error"`
	Cause string `json:"Cause"`
}

// Failures are the failures that a workflow has caught, by the step that
// failed. Two keys are not steps: the kitchen branch fails as "fulfilOrder",
// and a dead letter that could not be sent is its step's name with "DLQ".
type Failures map[string]StateFailure

const (
	fulfilOrder = "fulfilOrder"
	lostSuffix  = "DLQ"
)

// of returns the failure of a step, if it failed.
func (f Failures) of(step order.StepName) (order.Failure, bool) {
	return f.as(string(step), step)
}

// as returns the failure kept under a key as that of a step.
func (f Failures) as(key string, step order.StepName) (order.Failure, bool) {
	s, ok := f[key]
	return order.NewFailure(step, s.Error, CauseMessage(s.Cause)), ok
}

// CauseMessage is what a cause says. The cause of a failed function is the JSON
// that Lambda makes of its error.
func CauseMessage(cause string) string {
	var reported struct {
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal([]byte(cause), &reported) == nil && reported.Message != "" {
		return reported.Message
	}
	return cause
}

// deadLetters pairs the steps whose failure goes to a dead letter queue with it.
var deadLetters = []struct {
	step  order.StepName
	queue order.Queue
}{
	{order.AddLoyaltyPoints, order.AddLoyaltyPointsQueue},
	{order.RefundPayment, order.RefundPaymentQueue},
	{order.ReclaimLoyaltyPoints, order.ReclaimLoyaltyPointsQueue},
}

// settleDeadLetters writes into the change which failures lie in a dead letter
// queue and which were lost on the way there, and logs these: nothing but the
// log and the order tells of them.
func (s *Steps) settleDeadLetters(c *order.Change, in Input) {
	for _, d := range deadLetters {
		if _, failed := in.Failures.of(d.step); !failed {
			continue
		}
		lost, ok := in.Failures.as(string(d.step)+lostSuffix, d.step)
		if !ok {
			c.DeadLetters = append(c.DeadLetters, d.queue)
			continue
		}
		s.Logger.Error("dead letter lost", "orderId", in.Order.ID, "queue", d.queue, "error", lost.Error, "cause", lost.Cause)
		c.Milestones = append(c.Milestones, order.Milestone{Step: d.step, Status: order.DeadLetterLost, At: c.At, Error: lost.Error, Cause: lost.Cause})
	}
}
