package order

// StepName names a step of the workflow as the function's action does.
type StepName string

// The steps. Submit is the customer's own: placing the order.
const (
	Submit               StepName = "submitOrder"
	CreateOrder          StepName = "createOrder"
	ProcessPayment       StepName = "processPayment"
	AddLoyaltyPoints     StepName = "addLoyaltyPoints"
	PrepareOrder         StepName = "prepareOrder"
	ProcessOrder         StepName = "processOrder"
	CompleteOrder        StepName = "completeOrder"
	RefundPayment        StepName = "refundPayment"
	ReclaimLoyaltyPoints StepName = "reclaimLoyaltyPoints"
	NotifyCustomer       StepName = "notifyCustomer"
)

// Queue names a dead letter queue, after the state whose failures it keeps.
type Queue string

// The dead letter queues.
const (
	AddLoyaltyPointsQueue     Queue = "AddLoyaltyPoints"
	RefundPaymentQueue        Queue = "RefundPayment"
	ReclaimLoyaltyPointsQueue Queue = "ReclaimLoyaltyPoints"
)

// Fault chooses the step that fails on purpose: the errorOnStep of a request.
type Fault int

// The faults. AllFaults is for submission only: it asks for eight orders, one
// for each of the others.
const (
	FaultNone                 Fault = 0
	FaultCreateOrder          Fault = 1
	FaultProcessPayment       Fault = 2
	FaultAddLoyaltyPoints     Fault = 3
	FaultPrepareOrder         Fault = 4
	FaultProcessOrder         Fault = 5
	FaultRefundPayment        Fault = 6
	FaultReclaimLoyaltyPoints Fault = 7
	AllFaults                 Fault = 100
)

// Faults lists the faults that one order can have.
func Faults() []Fault {
	return []Fault{FaultNone, FaultCreateOrder, FaultProcessPayment, FaultAddLoyaltyPoints,
		FaultPrepareOrder, FaultProcessOrder, FaultRefundPayment, FaultReclaimLoyaltyPoints}
}

var faultSteps = map[Fault]StepName{
	FaultCreateOrder:          CreateOrder,
	FaultProcessPayment:       ProcessPayment,
	FaultAddLoyaltyPoints:     AddLoyaltyPoints,
	FaultPrepareOrder:         PrepareOrder,
	FaultProcessOrder:         ProcessOrder,
	FaultRefundPayment:        RefundPayment,
	FaultReclaimLoyaltyPoints: ReclaimLoyaltyPoints,
}

// Step is the step that the fault is named after, or "none".
func (f Fault) Step() StepName {
	if s, ok := faultSteps[f]; ok {
		return s
	}
	return "none"
}

// Hits reports whether the fault makes the step fail. A failing compensation
// needs a rollback to compensate, so both make prepareOrder fail first.
func (f Fault) Hits(s StepName) bool {
	if s == PrepareOrder && (f == FaultRefundPayment || f == FaultReclaimLoyaltyPoints) {
		return true
	}
	return faultSteps[f] == s
}

// Queues lists the dead letter queues.
func Queues() []Queue {
	return []Queue{AddLoyaltyPointsQueue, RefundPaymentQueue, ReclaimLoyaltyPointsQueue}
}
