package order

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestATimelineIsBounded(t *testing.T) {
	o := New(Request{ID: "1"}, time.Now())
	for range 2 * MaxMilestones {
		o.Status = Pending
		require.True(t, NewChange(Accept, time.Now()).Apply(&o))
	}
	require.Len(t, o.Timeline, MaxMilestones)
	require.Equal(t, Created, o.Status, "a full timeline does not block the order")
}

func TestACauseIsCutBetweenCharacters(t *testing.T) {
	f := NewFailure(RefundPayment, "E", "a"+strings.Repeat("é", maxCause))
	require.Equal(t, "a"+strings.Repeat("é", maxCause/2-1)+"…", f.Cause)
}

func TestALetterIsNotRemovedFromAnOrderThatHasGotOneSince(t *testing.T) {
	o := New(Request{ID: "1"}, time.Now())
	c := WithoutLetter(o, "RefundPayment", time.Now())
	require.True(t, c.Allows(o))
	o.DeadLetters = []Queue{"AddLoyaltyPoints"}
	require.False(t, c.Allows(o))
}
