package order

import "slices"

// Transition is one row of the table that decides how an order may change:
// from where, and to where. An empty field means any value on the left and no
// change on the right. Rows are data, so that every store evaluates the same
// ones: in memory, or as the condition of a conditional write.
type Transition struct {
	Step StepName

	Status  []Status
	Payment []Payment
	Loyalty []Loyalty

	ToStatus  Status
	ToPayment Payment
	ToLoyalty Loyalty
}

var (
	unconfirmed = []Status{Created, PaymentProcessing, PaymentComplete, CookingStarted, CookingCompleted, DeliveryStarted}
	rollingBack = append(slices.Clone(unconfirmed), RollbackFailed)
	paid        = []Payment{PaymentPaid}
)

// The way forward.
var (
	Accept        = Transition{Step: CreateOrder, Status: []Status{Pending}, ToStatus: Created}
	StartPayment  = Transition{Step: ProcessPayment, Status: []Status{Created}, Payment: []Payment{PaymentNone}, ToStatus: PaymentProcessing, ToPayment: PaymentPending}
	TakePayment   = Transition{Step: ProcessPayment, Status: []Status{PaymentProcessing}, Payment: []Payment{PaymentPending}, ToStatus: PaymentComplete, ToPayment: PaymentPaid}
	StartCooking  = Transition{Step: PrepareOrder, Status: []Status{PaymentComplete}, Payment: paid, ToStatus: CookingStarted}
	FinishCooking = Transition{Step: ProcessOrder, Status: []Status{CookingStarted}, Payment: paid, ToStatus: CookingCompleted}
	StartDelivery = Transition{Step: ProcessOrder, Status: []Status{CookingCompleted}, Payment: paid, ToStatus: DeliveryStarted}
	Confirm       = Transition{Step: CompleteOrder, Status: []Status{DeliveryStarted}, Payment: paid, ToStatus: DeliveryConfirmed}

	// AddPoints finds its door shut as soon as a refund has begun. It stays
	// open after a failed attempt, so that a dead letter can be redriven.
	AddPoints = Transition{Step: AddLoyaltyPoints,
		Status:  []Status{PaymentComplete, CookingStarted, CookingCompleted, DeliveryStarted, DeliveryConfirmed},
		Payment: paid, Loyalty: []Loyalty{LoyaltyNone, LoyaltyAddFailed}, ToLoyalty: LoyaltyAdded}

	// ConfirmWithoutPoints is Confirm after the loyalty branch has failed.
	ConfirmWithoutPoints = Transition{Step: CompleteOrder, Status: []Status{DeliveryStarted}, Payment: paid,
		Loyalty: []Loyalty{LoyaltyNone}, ToStatus: DeliveryConfirmed, ToLoyalty: LoyaltyAddFailed}
)

// The way back: the compensations.
var (
	// StartRefund claims the money before the gateway is asked to return it,
	// which shuts the door to a charge and to points that come late.
	StartRefund = Transition{Step: RefundPayment, Status: unconfirmed,
		Payment: []Payment{PaymentNone, PaymentPending, PaymentPaid}, ToPayment: PaymentRefunding}
	// RestartRefund is for redriving a dead letter: only on purpose is a refund
	// that was given up begun again, never by an attempt that comes late.
	RestartRefund = Transition{Step: RefundPayment, Status: []Status{RollbackFailed},
		Payment: []Payment{PaymentRefundFailed}, ToPayment: PaymentRefunding}
	FinishRefund = Transition{Step: RefundPayment, Payment: []Payment{PaymentRefunding}, ToPayment: PaymentRefunded}
	// TakeBackPoints needs a finished refund: points outlive a refund that failed.
	// It stays open after a failed attempt, so that a dead letter can be redriven.
	TakeBackPoints = Transition{Step: ReclaimLoyaltyPoints, Status: rollingBack, Payment: []Payment{PaymentRefunded},
		Loyalty: []Loyalty{LoyaltyAdded, LoyaltyReclaimFailed}, ToLoyalty: LoyaltyReclaimed}
)

// The ends of an order that did not go well.
var (
	// Abandon ends an order whose execution could not be started.
	Abandon = Transition{Step: Submit, Status: []Status{Pending}, ToStatus: Failed}
	// Fail ends an order before any money moved.
	Fail = Transition{Step: NotifyCustomer, Status: []Status{Pending, Created}, Payment: []Payment{PaymentNone}, ToStatus: Failed}
	// Decline ends an order whose payment was definitely refused.
	Decline = Transition{Step: NotifyCustomer, Status: []Status{Created, PaymentProcessing},
		Payment: []Payment{PaymentNone, PaymentPending}, ToStatus: PaymentFailed, ToPayment: PaymentDeclined}
	// GiveUpPayment ends an order whose payment's fate was unknown and is now refunded.
	GiveUpPayment = Transition{Step: NotifyCustomer, Status: []Status{Created, PaymentProcessing, PaymentComplete},
		Payment: []Payment{PaymentRefunded}, Loyalty: []Loyalty{LoyaltyNone}, ToStatus: PaymentFailed}
	// Cancel ends an order that was rolled back, also one whose compensation
	// failed first and was redriven.
	Cancel = Transition{Step: NotifyCustomer, Status: rollingBack, Payment: []Payment{PaymentRefunded},
		Loyalty: []Loyalty{LoyaltyNone, LoyaltyReclaimed}, ToStatus: Cancelled}
	// GiveUpRefund and GiveUpReclaim end an order whose compensation failed.
	GiveUpRefund = Transition{Step: NotifyCustomer, Status: unconfirmed,
		Payment:  []Payment{PaymentNone, PaymentPending, PaymentPaid, PaymentRefunding},
		ToStatus: RollbackFailed, ToPayment: PaymentRefundFailed}
	GiveUpReclaim = Transition{Step: NotifyCustomer, Status: unconfirmed, Payment: []Payment{PaymentRefunded},
		Loyalty: []Loyalty{LoyaltyNone, LoyaltyAdded}, ToStatus: RollbackFailed, ToLoyalty: LoyaltyReclaimFailed}
	// GiveUpRollback is for a compensation that was reported failed and took
	// effect all the same: what is recorded of money and points stays.
	GiveUpRollback = Transition{Step: NotifyCustomer, Status: unconfirmed, Payment: []Payment{PaymentRefunded}, ToStatus: RollbackFailed}
)

// Transitions is the table: every way in which an order may change.
func Transitions() []Transition {
	return []Transition{Accept, StartPayment, TakePayment, StartCooking, FinishCooking, StartDelivery, Confirm,
		AddPoints, ConfirmWithoutPoints, StartRefund, RestartRefund, FinishRefund, TakeBackPoints,
		Abandon, Fail, Decline, GiveUpPayment, Cancel, GiveUpRefund, GiveUpReclaim, GiveUpRollback}
}

// Allows reports whether the order stands where the transition starts.
func (t Transition) Allows(o Order) bool {
	return allows(t.Status, o.Status) && allows(t.Payment, o.Payment) && allows(t.Loyalty, o.Loyalty)
}

func allows[T comparable](from []T, v T) bool {
	return len(from) == 0 || slices.Contains(from, v)
}

// Taken reports whether the order has gone this way already, so that the step
// was taken before and there is nothing left to do.
func (t Transition) Taken(o Order) bool {
	switch {
	case t.ToStatus != "":
		return o.Status.reached(t.ToStatus)
	case t.ToPayment != "":
		return o.Payment == t.ToPayment
	default:
		return o.Loyalty == t.ToLoyalty
	}
}

// outcome is what the timeline says of the transition: the status that it sets.
func (t Transition) outcome() string {
	switch {
	case t.ToStatus != "":
		return string(t.ToStatus)
	case t.ToPayment != "":
		return string(t.ToPayment)
	default:
		return string(t.ToLoyalty)
	}
}
