package workflow

import (
	"errors"

	"pizzasaga/internal/order"
)

// ErrSimulated means that the step fails because the request's errorOnStep says so.
var ErrSimulated = errors.New("simulated failure")

// The faults: which step fails for a request's errorOnStep. AllFaults is for submission
// only: it places eight orders, one for each of the other faults.
const (
	FaultNone                 order.Fault = 0
	FaultCreateOrder          order.Fault = 1
	FaultProcessPayment       order.Fault = 2
	FaultAddLoyaltyPoints     order.Fault = 3
	FaultPrepareOrder         order.Fault = 4
	FaultProcessOrder         order.Fault = 5
	FaultRefundPayment        order.Fault = 6
	FaultReclaimLoyaltyPoints order.Fault = 7
	AllFaults                 order.Fault = 100
)

// LastFault is the highest fault that one order can have; 0 is the lowest.
const LastFault = FaultReclaimLoyaltyPoints

const noStep order.StepName = "none"

// faultSteps has the step of each fault that one order can have.
var faultSteps = [LastFault + 1]order.StepName{
	FaultNone:                 noStep,
	FaultCreateOrder:          order.CreateOrder,
	FaultProcessPayment:       order.ProcessPayment,
	FaultAddLoyaltyPoints:     order.AddLoyaltyPoints,
	FaultPrepareOrder:         order.PrepareOrder,
	FaultProcessOrder:         order.ProcessOrder,
	FaultRefundPayment:        order.RefundPayment,
	FaultReclaimLoyaltyPoints: order.ReclaimLoyaltyPoints,
}

// Faults lists the faults that one order can have.
func Faults() []order.Fault {
	var faults []order.Fault
	for f := range faultSteps {
		faults = append(faults, order.Fault(f))
	}
	return faults
}

// FaultStep returns the step that the fault is named after, or "none".
func FaultStep(f order.Fault) order.StepName {
	if !valid(f) {
		return noStep
	}
	return faultSteps[f]
}

// Fails reports whether the fault makes the step fail. A compensation runs only in a
// rollback, so the faults of the compensations make prepareOrder fail first.
func Fails(s order.StepName, f order.Fault) bool {
	if s == order.PrepareOrder && (f == FaultRefundPayment || f == FaultReclaimLoyaltyPoints) {
		return true
	}
	return s != noStep && s == FaultStep(f)
}

func valid(f order.Fault) bool { return f >= 0 && f <= LastFault }
