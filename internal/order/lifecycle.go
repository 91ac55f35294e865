package order

import "slices"

// This file describes the life cycle of an order: its steps, its statuses, and the table
// of transitions between them. Constants that begin with Payment or Loyalty are statuses
// of the payment or the points; the others are statuses of the order.

// StepName names a step of an order. The workflow's steps are also actions of the
// function.
type StepName string

// The steps. Submit and CancelOrder are requests of the customer; the workflow runs the
// others.
const (
	Submit               StepName = "submitOrder"
	CancelOrder          StepName = "cancelOrder"
	CreateOrder          StepName = "createOrder"
	ProcessPayment       StepName = "processPayment"
	AddLoyaltyPoints     StepName = "addLoyaltyPoints"
	RecordLoyaltyFailure StepName = "recordLoyaltyFailure"
	PrepareOrder         StepName = "prepareOrder"
	ProcessOrder         StepName = "processOrder"
	CompleteOrder        StepName = "completeOrder"
	RefundPayment        StepName = "refundPayment"
	ReclaimLoyaltyPoints StepName = "reclaimLoyaltyPoints"
	NotifyCustomer       StepName = "notifyCustomer"
)

// Status is the state of an order.
type Status string

// The statuses of an order that goes well.
const (
	Pending           Status = "PENDING"
	Created           Status = "CREATED"
	TakingPayment     Status = "PAYMENT_PROCESSING"
	Paid              Status = "PAYMENT_COMPLETE"
	CookingStarted    Status = "COOKING_STARTED"
	CookingCompleted  Status = "COOKING_COMPLETED"
	DeliveryStarted   Status = "DELIVERY_STARTED"
	DeliveryConfirmed Status = "DELIVERY_CONFIRMED"
)

// happyPath has the statuses of an order that goes well, in order.
var happyPath = []Status{Pending, Created, TakingPayment, Paid, CookingStarted, CookingCompleted, DeliveryStarted, DeliveryConfirmed}

// RollingBack is the status of an order that is being rolled back: its refund has begun.
const RollingBack Status = "ROLLING_BACK"

// A failed order ends in one of these.
const (
	FailedPayment  Status = "PAYMENT_FAILED"  // the payment was refused, or refunded because its outcome was unknown
	Cancelled      Status = "CANCELLED"       // rolled back (refunded, points reclaimed), or cancelled before it was charged
	RollbackFailed Status = "ROLLBACK_FAILED" // a compensation failed: a dead letter holds the remaining work
	Failed         Status = "FAILED"          // failed before any money moved
)

var failedEnds = []Status{FailedPayment, Cancelled, RollbackFailed, Failed}

// Payment is the status of an order's payment.
type Payment string

// The payment's statuses. PaymentRefunded means that the customer has the money, whether
// it was refunded or never charged; the order cannot be charged after it.
const (
	PaymentNone         Payment = "NONE"
	PaymentCharging     Payment = "PROCESSING"
	PaymentPaid         Payment = "COMPLETE"
	PaymentDeclined     Payment = "DECLINED"
	PaymentRefunding    Payment = "REFUNDING"
	PaymentRefunded     Payment = "REFUNDED"
	PaymentRefundFailed Payment = "REFUND_FAILED"
)

// Loyalty is the status of an order's loyalty points.
type Loyalty string

// The loyalty statuses.
const (
	LoyaltyNone          Loyalty = "NONE"
	LoyaltyAdded         Loyalty = "ADDED"
	LoyaltyAddFailed     Loyalty = "ADD_FAILED"
	LoyaltyReclaimed     Loyalty = "RECLAIMED"
	LoyaltyReclaimFailed Loyalty = "RECLAIM_FAILED"
)

// Statuses lists every status that an order can have.
func Statuses() []Status { return slices.Concat(happyPath, []Status{RollingBack}, failedEnds) }

// EndStatuses lists the statuses in which the workflow has finished with an order.
func EndStatuses() []Status { return append([]Status{happyPath[len(happyPath)-1]}, failedEnds...) }

// Ended reports whether the workflow has finished with an order in this status.
func (s Status) Ended() bool { return slices.Contains(EndStatuses(), s) }

// Reached reports whether s is t or comes after t on the happy path.
func (s Status) Reached(t Status) bool { return s == t || slices.Contains(since(t), s) }

// since returns the happy path from a status onwards, or nil if the status is not on it.
func since(s Status) []Status {
	if i := slices.Index(happyPath, s); i >= 0 {
		return slices.Clone(happyPath[i:])
	}
	return nil
}

// Transition is one row of the table that decides how an order may change. In the
// conditions, an empty field means any value; in the To fields, it means no change. Rows
// are data so that every store can evaluate them, in memory or as the condition of a
// conditional write.
type Transition struct {
	Step StepName

	Status                []Status
	Payment               []Payment
	Loyalty               []Loyalty
	UnlessCancelRequested bool // only while the customer has not asked to cancel
	IfCancelRequested     bool // only after the customer has

	ToStatus          Status
	ToPayment         Payment
	ToLoyalty         Loyalty
	ToCancelRequested bool // the customer asks to cancel
	ToHandedOver      bool // the kitchen reports that it has handed the pizza over
}

var (
	unconfirmed = happyPath[slices.Index(happyPath, Created):slices.Index(happyPath, DeliveryConfirmed)]
	unclaimed   = happyPath[slices.Index(happyPath, Created):slices.Index(happyPath, DeliveryStarted)]
	charged     = []Payment{PaymentPaid}
	// From the payment until the order ends.
	paidUnended = append([]Status{RollingBack}, happyPath[slices.Index(happyPath, Paid):slices.Index(happyPath, DeliveryConfirmed)]...)
	// Orders stored by versions without the status RollingBack keep the status in which
	// they failed.
	inRollback        = append([]Status{RollingBack}, unconfirmed...)
	inOrAfterRollback = append([]Status{RollingBack, RollbackFailed}, unconfirmed...)
)

// The way forward. To claim the money or the hand-over is to record it before the outside
// system is called. StartDelivery is the pivot: it decides between delivery and
// cancellation, and the kitchen hands the pizza over only after it.
var (
	Accept        = Transition{Step: CreateOrder, Status: []Status{Pending}, UnlessCancelRequested: true, ToStatus: Created}
	StartPayment  = Transition{Step: ProcessPayment, Status: []Status{Created}, Payment: []Payment{PaymentNone}, UnlessCancelRequested: true, ToStatus: TakingPayment, ToPayment: PaymentCharging}
	TakePayment   = Transition{Step: ProcessPayment, Status: []Status{TakingPayment}, Payment: []Payment{PaymentCharging}, ToStatus: Paid, ToPayment: PaymentPaid}
	StartCooking  = Transition{Step: PrepareOrder, Status: []Status{Paid}, Payment: charged, UnlessCancelRequested: true, ToStatus: CookingStarted}
	FinishCooking = Transition{Step: ProcessOrder, Status: []Status{CookingStarted}, Payment: charged, UnlessCancelRequested: true, ToStatus: CookingCompleted}
	StartDelivery = Transition{Step: ProcessOrder, Status: []Status{CookingCompleted}, Payment: charged, UnlessCancelRequested: true, ToStatus: DeliveryStarted}
	Confirm       = Transition{Step: CompleteOrder, Status: []Status{DeliveryStarted}, Payment: charged, ToStatus: DeliveryConfirmed}

	// AddPoints is refused as soon as a refund has begun. It is allowed after a
	// failed attempt, so that a dead letter can be redriven.
	AddPoints = Transition{Step: AddLoyaltyPoints,
		Status: since(Paid), Payment: charged, Loyalty: []Loyalty{LoyaltyNone, LoyaltyAddFailed}, ToLoyalty: LoyaltyAdded}
	// FailPoints records that no attempt has added the points. A rollback of the order
	// does not change that, but a late attempt may.
	FailPoints = Transition{Step: RecordLoyaltyFailure, Status: paidUnended, Loyalty: []Loyalty{LoyaltyNone}, ToLoyalty: LoyaltyAddFailed}
)

// AskToCancel is allowed until the hand-over is claimed, unless the order is being rolled
// back. The next forward step sees the request.
var AskToCancel = Transition{Step: CancelOrder, Status: happyPath[:slices.Index(happyPath, DeliveryStarted)],
	Payment: []Payment{PaymentNone, PaymentCharging, PaymentPaid}, UnlessCancelRequested: true, ToCancelRequested: true}

// The way back: the compensations.
var (
	// StartRefund claims the money before the gateway is asked to return it. After it, a
	// late charge, late points and a late hand-over are refused.
	StartRefund = Transition{Step: RefundPayment, Status: unconfirmed,
		Payment:  []Payment{PaymentNone, PaymentCharging, PaymentPaid, PaymentRefunding},
		ToStatus: RollingBack, ToPayment: PaymentRefunding}
	// StartUndo is StartRefund for a reconciliation, which does not roll back an order
	// whose hand-over is claimed.
	StartUndo = Transition{Step: RefundPayment, Status: unclaimed, Payment: StartRefund.Payment,
		ToStatus: RollingBack, ToPayment: PaymentRefunding}
	// NoteHandOver records that the pizza had been handed over before the rollback.
	NoteHandOver = Transition{Step: RefundPayment, Status: []Status{RollingBack, RollbackFailed}, ToHandedOver: true}
	// RestartRefund is for redriving a dead letter. Only a redrive restarts a refund that
	// was given up; a late attempt does not.
	RestartRefund = Transition{Step: RefundPayment, Status: []Status{RollbackFailed},
		Payment: []Payment{PaymentRefundFailed}, ToPayment: PaymentRefunding}
	FinishRefund = Transition{Step: RefundPayment, Payment: []Payment{PaymentRefunding}, ToPayment: PaymentRefunded}
	// FailRefundAgain is for a redrive that failed.
	FailRefundAgain = Transition{Step: RefundPayment, Status: []Status{RollbackFailed},
		Payment: []Payment{PaymentRefunding}, ToPayment: PaymentRefundFailed}
	// TakeBackPoints needs a finished refund: if the refund fails, the customer keeps the
	// points. It is allowed after a failed attempt, so that a dead letter can be
	// redriven.
	TakeBackPoints = Transition{Step: ReclaimLoyaltyPoints, Status: inOrAfterRollback, Payment: []Payment{PaymentRefunded},
		Loyalty: []Loyalty{LoyaltyAdded, LoyaltyReclaimFailed}, ToLoyalty: LoyaltyReclaimed}
)

// The transitions that end a failed order.
var (
	// Abandon ends an order whose execution could not be started.
	Abandon = Transition{Step: Submit, Status: []Status{Pending}, ToStatus: Failed}
	// Fail and CancelUncharged end an order before any money moved.
	Fail            = Transition{Step: NotifyCustomer, Status: []Status{Pending, Created}, Payment: []Payment{PaymentNone}, UnlessCancelRequested: true, ToStatus: Failed}
	CancelUncharged = Transition{Step: NotifyCustomer, Status: []Status{Pending, Created}, Payment: []Payment{PaymentNone}, IfCancelRequested: true, ToStatus: Cancelled}
	// Decline ends an order whose payment was definitely refused.
	Decline = Transition{Step: NotifyCustomer, Status: []Status{Created, TakingPayment},
		Payment: []Payment{PaymentNone, PaymentCharging}, ToStatus: FailedPayment, ToPayment: PaymentDeclined}
	// GiveUpPayment ends an order whose payment had an unknown outcome and is now
	// refunded.
	GiveUpPayment = Transition{Step: NotifyCustomer, Status: inOrAfterRollback,
		Payment: []Payment{PaymentRefunded}, Loyalty: []Loyalty{LoyaltyNone}, ToStatus: FailedPayment}
	// Cancel ends an order that was rolled back, even if a compensation first failed and
	// was redriven.
	Cancel = Transition{Step: NotifyCustomer, Status: inOrAfterRollback, Payment: []Payment{PaymentRefunded},
		Loyalty: []Loyalty{LoyaltyNone, LoyaltyAddFailed, LoyaltyReclaimed}, ToStatus: Cancelled}
	// GiveUpRefund and GiveUpReclaim end an order whose compensation failed.
	GiveUpRefund = Transition{Step: NotifyCustomer, Status: inRollback,
		Payment:  []Payment{PaymentNone, PaymentCharging, PaymentPaid, PaymentRefunding},
		ToStatus: RollbackFailed, ToPayment: PaymentRefundFailed}
	GiveUpReclaim = Transition{Step: NotifyCustomer, Status: inRollback, Payment: []Payment{PaymentRefunded},
		Loyalty: []Loyalty{LoyaltyNone, LoyaltyAdded, LoyaltyAddFailed}, ToStatus: RollbackFailed, ToLoyalty: LoyaltyReclaimFailed}
	// GiveUpRollback is for a compensation that was reported as failed but took effect.
	// The recorded payment and points stay as they are.
	GiveUpRollback = Transition{Step: NotifyCustomer, Status: inRollback, Payment: []Payment{PaymentRefunded}, ToStatus: RollbackFailed}
)

// Transitions returns the table: every way in which an order may change.
func Transitions() []Transition {
	return []Transition{Accept, StartPayment, TakePayment, StartCooking, FinishCooking, StartDelivery, Confirm,
		AddPoints, FailPoints, AskToCancel,
		StartRefund, StartUndo, NoteHandOver, RestartRefund, FinishRefund, FailRefundAgain, TakeBackPoints,
		Abandon, Fail, CancelUncharged, Decline, GiveUpPayment, Cancel, GiveUpRefund, GiveUpReclaim, GiveUpRollback}
}

// NextStep returns the step that moves an order on from a status of the happy path, or ""
// if there is none.
func NextStep(s Status) StepName {
	path := since(s)
	for _, t := range Transitions() {
		if len(path) > 1 && t.ToStatus == path[1] {
			return t.Step
		}
	}
	return ""
}

// Allows reports whether the order meets the transition's conditions.
func (t Transition) Allows(o Order) bool {
	cancelled := o.CancelRequestedAt != nil
	return t.allowsStatuses(o) && !(t.UnlessCancelRequested && cancelled) && !(t.IfCancelRequested && !cancelled) && !(t.ToHandedOver && o.HandedOver)
}

func (t Transition) allowsStatuses(o Order) bool {
	return allows(t.Status, o.Status) && allows(t.Payment, o.Payment) && allows(t.Loyalty, o.Loyalty)
}

func allows[T comparable](from []T, v T) bool {
	return len(from) == 0 || slices.Contains(from, v)
}

// Taken reports whether the order has already made this transition, so that the step has
// nothing left to do.
func (t Transition) Taken(o Order) bool {
	switch {
	case t.ToCancelRequested:
		return o.CancelAccepted()
	case t.ToHandedOver:
		return o.HandedOver
	case t.ToStatus != "":
		return o.Status.Reached(t.ToStatus)
	case t.ToPayment != "":
		return o.Payment == t.ToPayment
	default:
		return o.Loyalty == t.ToLoyalty
	}
}

// outcome returns the status that the transition sets, for the timeline.
func (t Transition) outcome() string {
	switch {
	case t.ToCancelRequested:
		return CancelRequested
	case t.ToHandedOver:
		return HandedOver
	case t.ToStatus != "":
		return string(t.ToStatus)
	case t.ToPayment != "":
		return string(t.ToPayment)
	default:
		return string(t.ToLoyalty)
	}
}
