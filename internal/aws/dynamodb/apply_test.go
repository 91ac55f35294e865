package dynamodb

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/awstest"
)

// TestAnOrderExpiresUntilItsFirstChange: nothing was promised for an order that was never
// started.
func TestAnOrderExpiresUntilItsFirstChange(t *testing.T) {
	created := time.Unix(1800000000, 999e6)
	var in struct {
		Item                     map[string]map[string]any
		UpdateExpression         string
		ExpressionAttributeNames map[string]string
	}
	store := table(func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, json.NewDecoder(r.Body).Decode(&in))
		awstest.Answer(w, 200, nil)
	})
	_, err := store.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: "1"}, created)}})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"N": fmt.Sprint(1800000000 + 25*60*60)}, in.Item["expiresAt"])

	for _, transition := range order.Transitions() {
		t.Run(fmt.Sprintf("%s %s%s%s", transition.Step, transition.ToStatus, transition.ToPayment, transition.ToLoyalty), func(t *testing.T) {
			_, _, err := store.Apply(t.Context(), "1", order.NewChange(transition, created))
			require.NoError(t, err)
			require.Regexp(t, ` REMOVE #expiresAt$`, in.UpdateExpression)
			require.Equal(t, "expiresAt", in.ExpressionAttributeNames["#expiresAt"])
		})
	}
}

func TestAnOrderExpiresOnceItIsSettled(t *testing.T) {
	const month = 30 * 24 * time.Hour
	now := order.Time(time.Unix(1800000000, 0))
	settled := order.Order{Request: order.Request{ID: "1"}, Status: order.EndStatuses()[0], Payment: order.PaymentPaid, Loyalty: order.LoyaltyAdded, UpdatedAt: now}
	owed := settled
	owed.Loyalty = order.LoyaltyAddFailed
	for _, test := range []struct {
		name      string
		retention time.Duration
		becomes   order.Order
		lost      bool // the first answer is lost
		expires   bool
	}{
		{"settled", month, settled, false, true},
		{"settled, and the answer was lost", month, settled, true, true},
		{"settled, without retention", 0, settled, false, false},
		{"owed its points", month, owed, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var updates []update
			store := table(func(w http.ResponseWriter, r *http.Request) {
				var u update
				require.NoError(t, json.NewDecoder(r.Body).Decode(&u))
				updates = append(updates, u)
				switch {
				case len(updates) > 1:
					awstest.Error(w, 400, "ConditionalCheckFailedException", nil) // the order has changed again, which is not a failure
				case test.lost:
					awstest.Error(w, 400, "ConditionalCheckFailedException", map[string]any{"Item": wire(t, test.becomes, u.by())})
				default:
					awstest.Answer(w, 200, map[string]any{"Attributes": wire(t, test.becomes, u.by())})
				}
			})
			store.Retention = test.retention
			o, moved, err := store.Apply(t.Context(), "1", order.Change{})
			require.NoError(t, err)
			require.True(t, moved)
			require.Equal(t, test.becomes.Summary(), o.Summary())
			if !test.expires {
				require.Len(t, updates, 1)
				return
			}
			require.Len(t, updates, 2)
			second := updates[1]
			require.Equal(t, "SET expiresAt = :at", second.UpdateExpression)
			require.Equal(t, map[string]any{"N": fmt.Sprint(now.Add(month).Unix())}, second.ExpressionAttributeValues[":at"])
			require.Equal(t, "changeId = :by", second.ConditionExpression)
			require.Equal(t, map[string]any{"S": updates[0].by()}, second.ExpressionAttributeValues[":by"])
		})
	}
}

// update is a request to change an item.
type update struct {
	UpdateExpression, ConditionExpression string
	ExpressionAttributeValues             map[string]map[string]any
}

// by is the id of the change.
func (u update) by() string {
	placeholder := regexp.MustCompile(`#changeId = (:v\d+)`).FindStringSubmatch(u.UpdateExpression)[1]
	return u.ExpressionAttributeValues[placeholder]["S"].(string)
}

func TestAConditionSaysWhatTheChangeDemands(t *testing.T) {
	const there = "attribute_exists(#pk)"
	for _, test := range []struct {
		name    string
		change  order.Change
		demands []string // :v stands for a value
		sets    string   // among other things
	}{
		{"any change", order.Change{}, []string{there}, "#updatedAt = :v"},
		{"unless cancelled", order.Change{Transition: order.Transition{UnlessCancelRequested: true}},
			[]string{there, "attribute_not_exists(#cancelRequestedAt)"}, ""},
		{"if cancelled", order.Change{Transition: order.Transition{IfCancelRequested: true}},
			[]string{there, "attribute_exists(#cancelRequestedAt)"}, ""},
		{"a cancellation", order.Change{Transition: order.Transition{UnlessCancelRequested: true, ToCancelRequested: true}},
			[]string{there, "attribute_not_exists(#cancelRequestedAt)"}, "#cancelRequestedAt = :v"},
		{"a hand-over", order.Change{Transition: order.Transition{ToHandedOver: true}},
			[]string{there, "attribute_not_exists(#handedOver)"}, "#handedOver = :v"},
		{"unchanged dead letters", order.Change{OnlyIf: []order.Queue{"A"}, Rest: []order.Queue{}},
			[]string{there, "#deadLetters = :v"}, "#deadLetters = :v"},
		{"no dead letter yet", order.Change{OnlyIf: []order.Queue{}, DeadLetters: []order.Queue{"A"}},
			[]string{there, "(#deadLetters = :v OR attribute_not_exists(#deadLetters))"}, "#deadLetters = list_append(if_not_exists(#deadLetters, :v), :v)"},
		{"its statuses", order.Change{Transition: order.Transition{Status: []order.Status{"A", "B"}, Payment: []order.Payment{"C"}, Loyalty: []order.Loyalty{"D"}}},
			[]string{there, "#status IN (:v, :v)", "#payment IN (:v)", "#loyalty IN (:v)"}, ""},
		{"a first failure", order.Change{Failure: &order.Failure{}}, []string{there}, "#failure = if_not_exists(#failure, :v)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in, err := updateInput(test.change, "me")
			require.NoError(t, err)
			value := regexp.MustCompile(`:v\d+`)
			require.Equal(t, strings.Join(test.demands, " AND "), value.ReplaceAllString(*in.ConditionExpression, ":v"))
			require.Contains(t, value.ReplaceAllString(*in.UpdateExpression, ":v"), test.sets)
		})
	}
}
