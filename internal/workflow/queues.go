package workflow

import (
	"time"

	"pizzasaga/internal/order"
)

// The dead letter queues.
const (
	AddLoyaltyPointsQueue     order.Queue = "AddLoyaltyPoints"
	RefundPaymentQueue        order.Queue = "RefundPayment"
	ReclaimLoyaltyPointsQueue order.Queue = "ReclaimLoyaltyPoints"
)

// deadLetters lists the steps that have a dead letter queue, with that queue.
var deadLetters = []struct {
	step  order.StepName
	queue order.Queue
}{
	{order.AddLoyaltyPoints, AddLoyaltyPointsQueue},
	{order.RefundPayment, RefundPaymentQueue},
	{order.ReclaimLoyaltyPoints, ReclaimLoyaltyPointsQueue},
}

// Queues lists the dead letter queues.
func Queues() []order.Queue {
	var queues []order.Queue
	for _, d := range deadLetters {
		queues = append(queues, d.queue)
	}
	return queues
}

// LostLetter is a dead letter that could not be sent, and why.
type LostLetter struct {
	Queue order.Queue
	order.Failure
}

// DeadLetters returns the queues that received a dead letter for the failures, and the
// letters that could not be sent.
func (f Failures) DeadLetters() (sent []order.Queue, lost []LostLetter) {
	for _, d := range deadLetters {
		if _, failed := f.Of(d.step); !failed {
			continue
		}
		if why, ok := f.as(d.step, string(d.step)+lostSuffix); ok {
			lost = append(lost, LostLetter{d.queue, why})
		} else {
			sent = append(sent, d.queue)
		}
	}
	return sent, lost
}

// Letter is the body of a dead letter, as the definition writes it.
type Letter struct {
	MessageType string        `json:"messageType"`
	Order       order.Request `json:"order"`
	Failure     StateFailure  `json:"failure"`
	Execution   string        `json:"execution"`
	Time        time.Time     `json:"time"`
}

// NewLetter returns the dead letter of an order for a queue.
func NewLetter(q order.Queue, r order.Request, why StateFailure, execution string, now time.Time) Letter {
	return Letter{MessageType: string(q) + "Failed", Order: r, Failure: why, Execution: execution, Time: order.Time(now)}
}

// QueueOf returns the dead letter queue of a step's failures, if it has one.
func QueueOf(step order.StepName) (order.Queue, bool) {
	for _, d := range deadLetters {
		if d.step == step {
			return d.queue, true
		}
	}
	return "", false
}
