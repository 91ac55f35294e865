package order

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type standing struct {
	Status  Status
	Payment Payment
	Loyalty Loyalty
}

func (s standing) order() Order {
	return Order{Status: s.Status, Payment: s.Payment, Loyalty: s.Loyalty}
}

// reachable is every standing that any sequence of transitions can lead to,
// with the ones that lead directly to it.
func reachable() map[standing][]standing {
	first := New(Request{ID: "1"}, time.Now())
	start := standing{first.Status, first.Payment, first.Loyalty}
	from := map[standing][]standing{start: nil}
	for queue := []standing{start}; len(queue) > 0; queue = queue[1:] {
		for _, t := range Transitions() {
			o := queue[0].order()
			if !(Change{Transition: t}).Apply(&o) {
				continue
			}
			next := standing{o.Status, o.Payment, o.Loyalty}
			if _, seen := from[next]; !seen {
				queue = append(queue, next)
			}
			from[next] = append(from[next], queue[0])
		}
	}
	return from
}

func TestNoOrderEndsInAStandingThatContradictsItself(t *testing.T) {
	for s := range reachable() {
		switch s.Status {
		case Cancelled:
			require.Equal(t, PaymentRefunded, s.Payment, "%v", s)
			require.Contains(t, []Loyalty{LoyaltyNone, LoyaltyReclaimed}, s.Loyalty, "%v", s)
		case DeliveryConfirmed:
			require.Equal(t, PaymentPaid, s.Payment, "%v", s)
			require.Contains(t, []Loyalty{LoyaltyNone, LoyaltyAdded, LoyaltyAddFailed}, s.Loyalty, "%v", s)
		case PaymentFailed:
			require.Contains(t, []Payment{PaymentDeclined, PaymentRefunded}, s.Payment, "%v", s)
			require.Equal(t, LoyaltyNone, s.Loyalty, "%v", s)
		case Failed:
			require.Equal(t, standing{Failed, PaymentNone, LoyaltyNone}, s)
		}
	}
}

func TestMoneyThatIsOnItsWayBackIsNeverChargedAgain(t *testing.T) {
	back := map[Payment]bool{PaymentRefunding: true, PaymentRefunded: true, PaymentRefundFailed: true}
	for s, before := range reachable() {
		for _, b := range before {
			if back[b.Payment] {
				require.True(t, back[s.Payment], "%v -> %v", b, s)
				require.NotEqual(t, [2]Loyalty{LoyaltyNone, LoyaltyAdded}, [2]Loyalty{b.Loyalty, s.Loyalty}, "points after the refund began: %v -> %v", b, s)
			}
		}
	}
}

func TestAnEndedOrderMovesOnlyToBeRepaired(t *testing.T) {
	for s, before := range reachable() {
		for _, b := range before {
			if b.Status.Ended() && b.Status != RollbackFailed {
				require.Equal(t, standing{DeliveryConfirmed, PaymentPaid, LoyaltyAdded}, s, "from %v", b)
			}
		}
	}
}

func TestEveryStatusCanBeReached(t *testing.T) {
	seen := map[string]bool{}
	for s := range reachable() {
		seen[string(s.Status)], seen["payment "+string(s.Payment)], seen["loyalty "+string(s.Loyalty)] = true, true, true
	}
	require.Len(t, seen, 12+7+5)
}

func TestATransitionTakenTwiceChangesNothing(t *testing.T) {
	for s := range reachable() {
		for _, tr := range Transitions() {
			o := s.order()
			c := NewChange(tr, time.Now())
			if !c.Apply(&o) {
				continue
			}
			once := o
			require.False(t, c.Apply(&o), "%+v from %v", tr, s)
			require.Equal(t, once, o)
			require.NoError(t, c.Settle(o, false), "%+v from %v", tr, s)
		}
	}
}

func TestAStepThatComesTooLateIsToldSo(t *testing.T) {
	cancelled := standing{Cancelled, PaymentRefunded, LoyaltyNone}.order()
	for _, tr := range []Transition{Accept, StartPayment, TakePayment, AddPoints, StartCooking, FinishCooking, StartDelivery, Confirm} {
		err := NewChange(tr, time.Now()).Settle(cancelled, false)
		require.ErrorIs(t, err, ErrClosed)
		require.ErrorContains(t, err, string(tr.Step))
	}
}

func TestATimelineIsBounded(t *testing.T) {
	o := New(Request{ID: "1"}, time.Now())
	for range 2 * MaxMilestones {
		o.Status = Pending
		require.True(t, NewChange(Accept, time.Now()).Apply(&o))
	}
	require.Len(t, o.Timeline, MaxMilestones)
	require.Equal(t, Created, o.Status, "a full timeline holds nothing up")
}

func TestACauseIsCutBetweenCharacters(t *testing.T) {
	f := NewFailure(RefundPayment, "E", "a"+strings.Repeat("é", maxCause))
	require.Equal(t, "a"+strings.Repeat("é", maxCause/2-1)+"…", f.Cause)
}

func TestFailingCompensationsNeedARollbackFirst(t *testing.T) {
	for _, f := range Faults() {
		require.Equal(t, f >= FaultPrepareOrder && f != FaultProcessOrder, f.Hits(PrepareOrder), "fault %d", f)
		if f != FaultNone {
			require.True(t, f.Hits(f.Step()))
		}
		require.False(t, f.Hits("none"))
	}
}

func TestARequestThatNoStepCanWorkOnIsInvalid(t *testing.T) {
	for name, r := range map[string]Request{
		"orderId":             {},
		"perStepDelaySeconds": {ID: "1", PerStepDelaySeconds: 21},
		"errorOnStep":         {ID: "1", ErrorOnStep: AllFaults},
	} {
		require.ErrorIs(t, r.Validate(), ErrInvalid)
		require.ErrorContains(t, r.Validate(), name)
	}
	require.NoError(t, Request{ID: "1", PerStepDelaySeconds: 20, ErrorOnStep: 7}.Validate())
}
