package local

import (
	"fmt"
	"strings"

	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// life is a schedule, and how its order must end. The exhaustive search adds faults to
// it.
type life struct {
	schedule
	ends string // the status, then payment, loyalty and failed step as far as they are certain; if empty, the expected outcome applies
}

// lives returns all outcomes, and orders that people cancel, stop or repair at every status.
func lives() []life {
	var all []life
	for _, f := range workflow.Faults() {
		all = append(all, life{schedule: schedule{fault: f, delay: 1}})
	}
	for _, l := range []struct{ schedule, ends string }{
		{"errorOnStep=0 key", "delivered COMPLETE ADDED"},
		{"errorOnStep=0 delay=1s postOrders.start#1=lostAfter/3s", "delivered COMPLETE ADDED"},
		{"errorOnStep=0 delay=1s addLoyaltyPoints.add#1=slow/3s processOrder.apply#2=slow/5s", "delivered COMPLETE ADDED"},
		{"errorOnStep=0 delay=1s prepareOrder#1=mute/5m0s", "CANCELLED REFUNDED RECLAIMED prepareOrder"},
		{"errorOnStep=0 delay=1s processOrder.handOver#1=refused", "CANCELLED REFUNDED RECLAIMED"},

		{"errorOnStep=0 delay=1s processPayment.charge#1=refused", "PAYMENT_FAILED DECLINED NONE"},
		{"errorOnStep=0 delay=1s processPayment.charge#1=down/5m0s", "PAYMENT_FAILED REFUNDED NONE"},
		{"errorOnStep=0 delay=1s redrive=5m0s processPayment.charge#1=down/5m0s refundPayment.refund#1=down/5m0s", "PAYMENT_FAILED REFUNDED NONE"},
		{"errorOnStep=0 delay=1s processPayment.apply#1=down/5m0s", "PAYMENT_FAILED REFUNDED NONE"},
		{"errorOnStep=0 delay=1s processPayment.apply#1=down/5m0s refundPayment.apply#1=down/5m0s", "ROLLBACK_FAILED REFUND_FAILED NONE"},
		{"errorOnStep=0 delay=1s processPayment.charge#1=down/5m0s refundPayment.apply#1=down/5m0s", "ROLLBACK_FAILED REFUND_FAILED NONE processPayment"},
		{"errorOnStep=4 delay=1s refundPayment.apply#1=down/5m0s", "ROLLBACK_FAILED REFUND_FAILED ADDED prepareOrder"},
		{"errorOnStep=5 delay=1s refundPayment.apply#1=down/5m0s", "ROLLBACK_FAILED REFUND_FAILED ADDED processOrder"},
		{"errorOnStep=0 delay=1s processOrder.apply#2=down/5m0s refundPayment.apply#1=down/5m0s", "ROLLBACK_FAILED REFUND_FAILED ADDED processOrder"},
		{"errorOnStep=0 delay=1s processOrder.handOver#1=down/5m0s refundPayment.apply#1=down/5m0s", "ROLLBACK_FAILED REFUND_FAILED ADDED processOrder"},
		{"errorOnStep=5 delay=1s refundPayment.apply#2=mute/5m0s", "ROLLBACK_FAILED REFUNDED ADDED processOrder"},
		{"errorOnStep=0 delay=1s redrive=15m0s processOrder.handOver#1=mute/5m0s refundPayment.void#1=down/5m0s", "CANCELLED REFUNDED RECLAIMED HANDED_OVER processOrder"},
		{"errorOnStep=5 delay=1s reclaimLoyaltyPoints.apply#1=late/3s notifyCustomer#1=slow/20s", "CANCELLED REFUNDED RECLAIMED"},

		{"errorOnStep=0 delay=1s cancel=1s createOrder.apply#1=slow/5s cancelOrder#1=twice/1s", "CANCELLED NONE"},
		{"errorOnStep=0 delay=1s cancel=1s createOrder.apply#1=slow/3s", "CANCELLED NONE"},
		{"errorOnStep=0 delay=1s cancel=1s processPayment.apply#1=slow/3s", "CANCELLED NONE"},
		{"errorOnStep=0 delay=1s cancel=500ms", "CANCELLED REFUNDED"},
		{"errorOnStep=0 delay=1s cancel=1.5s", "CANCELLED REFUNDED"},
		{"errorOnStep=0 delay=1s cancel=2.5s", "CANCELLED REFUNDED"},
		{"errorOnStep=0 delay=1s cancel=3.5s processOrder.apply#2=slow/3s", "CANCELLED REFUNDED"},
		{"errorOnStep=0 delay=1s cancel=3.5s", "delivered COMPLETE"},
		{"errorOnStep=2 delay=1s cancel=1s processPayment#1=slow/3s", "CANCELLED NONE"},
		{"errorOnStep=4 delay=1s cancel=2.5s", "CANCELLED REFUNDED"},

		{"errorOnStep=0 delay=1s stop=500ms createOrder.apply#1=slow/3s", "FAILED NONE NONE createOrder"},
		{"errorOnStep=0 delay=1s stop=500ms processPayment.apply#1=slow/3s", "FAILED NONE NONE processPayment"},
		{"errorOnStep=0 delay=1s stop=500ms", "CANCELLED REFUNDED NONE"},
		{"errorOnStep=0 delay=1s stop=500ms processPayment.charge#1=slow/20s", "PAYMENT_FAILED REFUNDED NONE"},
		{"errorOnStep=0 delay=1s stop=1.5s", "CANCELLED REFUNDED"},
		{"errorOnStep=0 delay=1s stop=2.5s", "CANCELLED REFUNDED RECLAIMED"},
		{"errorOnStep=0 delay=1s stop=3.5s processOrder.apply#2=slow/10s", "CANCELLED REFUNDED RECLAIMED"},
		{"errorOnStep=0 delay=1s stop=3.5s processOrder.apply#2=slow/10s reconcileOrders.apply#2=slow/15s", "CANCELLED REFUNDED RECLAIMED processOrder"},
		{"errorOnStep=0 delay=1s stop=3.5s", "delivered COMPLETE ADDED"},
		{"errorOnStep=0 delay=1s stop=4.5s", "delivered COMPLETE ADDED"},
		{"errorOnStep=0 delay=1s stop=3.5s processOrder.handOver#1=slow/20s reconcileOrders.handOver#1=refused", "CANCELLED REFUNDED RECLAIMED"},
		{"errorOnStep=0 delay=1s stop=3.5s addLoyaltyPoints.add#1=slow/20s", "delivered COMPLETE"},
		{"errorOnStep=3 delay=1s stop=3.5s", "delivered COMPLETE ADD_FAILED"},
		{"errorOnStep=4 delay=1s stop=1.5s", "CANCELLED REFUNDED"},
		{"errorOnStep=4 delay=1s stop=2.5s", "CANCELLED REFUNDED"},
		{"errorOnStep=6 delay=1s stop=2s", "ROLLBACK_FAILED REFUND_FAILED"},
		{"errorOnStep=7 delay=1s stop=3s", "ROLLBACK_FAILED REFUNDED RECLAIM_FAILED"},
		{"errorOnStep=0 delay=1s cancel=1.5s stop=1.6s", "CANCELLED REFUNDED"},
		{"errorOnStep=0 delay=1s cancel=200ms stop=400ms createOrder.apply#1=slow/3s", "CANCELLED NONE"},
		{"errorOnStep=0 delay=1s stop=3.5s reconcileOrders#1=down/5m0s sweep=6m0s", "delivered COMPLETE ADDED"},

		{"errorOnStep=3 delay=1s AddLoyaltyPointsDLQ#1=slow/1.5s", "delivered COMPLETE ADD_FAILED"},
		{"errorOnStep=3 delay=1s AddLoyaltyPointsDLQ#1=slow/3s processOrder.apply#2=slow/3s", "delivered COMPLETE ADD_FAILED"},
		{"errorOnStep=3 delay=1s AddLoyaltyPointsDLQ#1=slow/3s", "delivered COMPLETE ADD_FAILED"},
		{"errorOnStep=3 delay=1s AddLoyaltyPointsDLQ#1=down/5m0s recordLoyaltyFailure.apply#1=down/30s", "delivered COMPLETE ADD_FAILED"},
		{"errorOnStep=3 delay=1s cancel=1.5s", "CANCELLED REFUNDED ADD_FAILED"},
		{"errorOnStep=3 delay=1s cancel=1.5s recordLoyaltyFailure.apply#1=slow/2s", "CANCELLED REFUNDED ADD_FAILED"},
		{"errorOnStep=3 delay=1s cancel=1.5s redrive=5m0s refundPayment.refund#1=down/5m0s", "CANCELLED REFUNDED ADD_FAILED"},
		{"errorOnStep=3 delay=1s cancel=1.5s reclaimLoyaltyPoints.reclaim#1=down/5m0s", "ROLLBACK_FAILED REFUNDED RECLAIM_FAILED"},
		{"errorOnStep=0 delay=1s addLoyaltyPoints#1=mute/5m0s", "delivered COMPLETE ADDED"},
		{"errorOnStep=0 delay=1s cancel=18s addLoyaltyPoints#1=mute/5m0s prepareOrder#1=slow/20s", "CANCELLED REFUNDED RECLAIMED"},

		{"errorOnStep=3 delay=1s redrive=5m0s", "delivered COMPLETE ADDED"},
		{"errorOnStep=6 delay=1s redrive=5m0s", "CANCELLED REFUNDED"},
		{"errorOnStep=7 delay=1s redrive=5m0s", "CANCELLED REFUNDED RECLAIMED"},
		{"errorOnStep=6 delay=1s redrive=5m0s redrive.refund#1=lostBefore", "ROLLBACK_FAILED REFUND_FAILED"},

		// If an outside system cannot void a key, the step that makes a late charge or
		// adds points late takes them back itself.
		{"errorOnStep=0 delay=1s weak stop=500ms processPayment.charge#1=slow/20s", "PAYMENT_FAILED REFUNDED NONE"},
		{"errorOnStep=4 delay=1s weak addLoyaltyPoints.add#1=slow/20s", "CANCELLED REFUNDED NONE"},
	} {
		s, err := parse(l.schedule)
		if err != nil {
			panic(err)
		}
		all = append(all, life{s, strings.Replace(l.ends, "delivered", string(delivered), 1)})
	}
	return all
}

// wrong returns an error if the story breaks a promise or has another end than the life.
func (l life) wrong(st story) error {
	if st.broken != nil {
		return st.broken
	}
	if l.ends == "" {
		return outcomes.All()[l.fault].Check(st.run)
	}
	if end := end(st.run.Order); !strings.HasPrefix(end, l.ends) {
		return fmt.Errorf("the order ended as %s, not as %s", end, l.ends)
	}
	return nil
}

// end describes how an order ended: its status, payment and loyalty, whether its pizza
// is out although it was refunded, and the failed step.
func end(o order.Order) string {
	words := []string{string(o.Status), string(o.Payment), string(o.Loyalty)}
	if o.HandedOver {
		words = append(words, order.HandedOver)
	}
	if o.Failure != nil {
		words = append(words, string(o.Failure.Step))
	}
	return strings.Join(words, " ")
}
