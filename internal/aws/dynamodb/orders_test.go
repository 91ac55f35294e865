package dynamodb

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/awscall"
	"pizzasaga/internal/order"
	"pizzasaga/internal/testkit/awstest"
)

// table returns a store whose calls the handler answers.
func table(h http.HandlerFunc) *Orders {
	return NewOrders(sdk.NewFromConfig(awstest.Config(h)), "orders")
}

// storeCalls returns the store's calls by name.
func storeCalls() map[string]func(context.Context, *Orders) error {
	one, two := order.New(order.Request{ID: "1"}, time.Now()), order.New(order.Request{ID: "2"}, time.Now())
	record := &order.Record{Key: "key", Fingerprint: "print", Expires: time.Now().Add(time.Hour)}
	return map[string]func(context.Context, *Orders) error{
		"get": func(ctx context.Context, s *Orders) error { _, err := s.Get(ctx, "1"); return err },
		"apply": func(ctx context.Context, s *Orders) error {
			_, _, err := s.Apply(ctx, "1", order.NewChange(order.Accept, time.Now()))
			return err
		},
		"put one": func(ctx context.Context, s *Orders) error {
			_, err := s.Submit(ctx, order.Submission{Orders: []order.Order{one}})
			return err
		},
		"put two": func(ctx context.Context, s *Orders) error {
			_, err := s.Submit(ctx, order.Submission{Orders: []order.Order{one, two}})
			return err
		},
		"put once": func(ctx context.Context, s *Orders) error {
			_, err := s.Submit(ctx, order.Submission{Orders: []order.Order{one}, Record: record})
			return err
		},
	}
}

func TestTransientErrorsAreUnavailable(t *testing.T) {
	conflict := func(codes ...string) map[string]any {
		var reasons []map[string]any
		for _, c := range codes {
			reasons = append(reasons, map[string]any{"Code": c})
		}
		return map[string]any{"CancellationReasons": reasons}
	}
	for _, test := range []struct {
		name   string
		status int
		error  string
		more   map[string]any
	}{
		{"throttled", 400, "ThrottlingException", nil},
		{"table throttled", 400, "ProvisionedThroughputExceededException", nil},
		{"account throttled", 400, "RequestLimitExceeded", nil},
		{"server error", 500, "InternalServerError", nil},
		{"no server", 503, "ServiceUnavailable", nil},
		{"conflict with a transaction", 400, "TransactionConflictException", nil},
		{"conflict of transactions", 400, "TransactionCanceledException", conflict("None", "TransactionConflict")},
		{"throttled transaction", 400, "TransactionCanceledException", conflict("ThrottlingError", "None")},
		{"transaction in progress", 400, "TransactionInProgressException", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				s := table(func(w http.ResponseWriter, _ *http.Request) {
					calls++
					awstest.Error(w, test.status, test.error, test.more)
				})
				start := time.Now()
				_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: "1"}, time.Now())},
					Record: &order.Record{Key: "key"}})
				require.ErrorIs(t, err, order.ErrUnavailable)
				require.Equal(t, 5, calls)
				require.Less(t, time.Since(start), 2*time.Second, "the retries do not take long")
			})
		})
	}
}

func TestEveryCallSaysThatItMayWorkLater(t *testing.T) {
	for name, call := range storeCalls() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := table(func(w http.ResponseWriter, _ *http.Request) { awstest.Error(w, 400, "ThrottlingException", nil) })
				require.ErrorIs(t, call(t.Context(), s), order.ErrUnavailable)
			})
		})
	}
}

func TestDefiniteErrorsAreNotUnavailable(t *testing.T) {
	for _, code := range []string{"ValidationException", "AccessDeniedException", "ResourceNotFoundException"} {
		for name, call := range storeCalls() {
			t.Run(name+": "+code, func(t *testing.T) {
				attempts := 0
				s := table(func(w http.ResponseWriter, _ *http.Request) {
					attempts++
					awstest.Error(w, 400, code, nil)
				})
				err := call(t.Context(), s)
				require.ErrorContains(t, err, code)
				require.NotErrorIs(t, err, order.ErrUnavailable)
				require.NotErrorIs(t, err, order.ErrNotFound)
				require.NotErrorIs(t, err, order.ErrKeyReused)
				require.Equal(t, 1, attempts)
			})
		}
	}
}

func TestAStoreThatHangsIsUnavailableInTime(t *testing.T) {
	hangs := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := table(hangs).Get(t.Context(), "1")
		require.ErrorIs(t, err, order.ErrUnavailable)
		require.Equal(t, awscall.Timeout, time.Since(start))
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := table(hangs).Get(ctx, "1")
		require.ErrorIs(t, err, order.ErrUnavailable)
		require.Equal(t, time.Second, time.Since(start), "the caller's deadline comes first")
	})
}

func TestAFailedAttemptIsRepeated(t *testing.T) {
	stored := order.New(order.Request{ID: "1", Flavour: "funghi"}, time.Now())
	calls := 0
	s := table(func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls < 3 {
			awstest.Error(w, 500, "InternalServerError", nil)
			return
		}
		awstest.Answer(w, 200, map[string]any{"Item": wire(t, stored, "")})
	})
	o, err := s.Get(t.Context(), "1")
	require.NoError(t, err)
	require.Equal(t, stored, o)
}

// wire returns the order's item as DynamoDB sends it, last changed by the call.
func wire(t *testing.T, o order.Order, by string) map[string]any {
	return map[string]any{
		"pk": s("order#" + o.ID), "orderId": s(o.ID), "flavour": s(o.Flavour), "status": s(string(o.Status)), "payment": s(string(o.Payment)),
		"loyalty": s(string(o.Loyalty)), "perStepDelaySeconds": map[string]any{"N": "0"}, "errorOnStep": map[string]any{"N": "0"},
		"createdAt": s(o.CreatedAt.Format(time.RFC3339Nano)), "updatedAt": s(o.UpdatedAt.Format(time.RFC3339Nano)), "changeId": s(by),
		"timeline": map[string]any{"L": []any{map[string]any{"M": map[string]any{
			"step": s("submitOrder"), "status": s("PENDING"), "at": s(o.CreatedAt.Format(time.RFC3339Nano))}}}},
	}
}

func s(v string) map[string]any { return map[string]any{"S": v} }

// TestAChangeWhoseAnswerWasLostHasMoved loses the answer to a write that took effect, so
// that the second attempt fails because of the first one's change.
func TestAChangeWhoseAnswerWasLostHasMoved(t *testing.T) {
	for _, test := range []struct {
		name  string
		other bool // another call made the same change in between
	}{{"own change", false}, {"another's change", true}} {
		t.Run(test.name, func(t *testing.T) {
			accepted := order.New(order.Request{ID: "1"}, time.Now())
			accepted.Status = order.Created
			calls := 0
			s := table(func(w http.ResponseWriter, r *http.Request) {
				if calls++; calls == 1 {
					panic(http.ErrAbortHandler)
				}
				by := changeIDOf(t, r)
				if test.other {
					by = "another"
				}
				awstest.Error(w, 400, "ConditionalCheckFailedException", map[string]any{"Item": wire(t, accepted, by)})
			})
			o, moved, err := s.Apply(t.Context(), "1", order.NewChange(order.Accept, time.Now()))
			require.NoError(t, err)
			require.Equal(t, 2, calls)
			require.Equal(t, !test.other, moved)
			require.Equal(t, accepted, o)
		})
	}
}

// changeIDOf returns the id that an update sets.
func changeIDOf(t *testing.T, r *http.Request) string {
	var in struct {
		UpdateExpression          string
		ExpressionAttributeValues map[string]struct{ S string }
	}
	require.NoError(t, json.NewDecoder(r.Body).Decode(&in))
	for placeholder, v := range in.ExpressionAttributeValues {
		if len(v.S) == 26 {
			require.Contains(t, in.UpdateExpression, "#changeId = "+placeholder)
			return v.S
		}
	}
	t.Error("the update sets no change id")
	return ""
}

func TestAnOrderIsStoredAlthoughTheFirstAnswerWasLost(t *testing.T) {
	o := order.New(order.Request{ID: "1", Flavour: "funghi"}, time.Now())
	for _, test := range []struct {
		name, flavour string
		stored        bool
	}{{"the same order", "funghi", true}, {"another order", "another", false}} {
		t.Run(test.name, func(t *testing.T) {
			there := o
			there.Flavour = test.flavour
			calls := 0
			s := table(func(w http.ResponseWriter, _ *http.Request) {
				if calls++; calls == 1 {
					panic(http.ErrAbortHandler)
				}
				awstest.Error(w, 400, "ConditionalCheckFailedException", map[string]any{"Item": wire(t, there, "")})
			})
			_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
			require.Equal(t, test.stored, err == nil, err)
		})
	}
}

func TestATransactionIsRepeatedUnderOneToken(t *testing.T) {
	tokens := map[string]int{}
	s := table(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ ClientRequestToken string }
		require.NoError(t, json.NewDecoder(r.Body).Decode(&in))
		if tokens[in.ClientRequestToken]++; tokens[in.ClientRequestToken] == 1 {
			panic(http.ErrAbortHandler)
		}
		awstest.Answer(w, 200, nil)
	})
	o := order.New(order.Request{ID: "1"}, time.Now())
	orders, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{o}, Record: &order.Record{Key: "key"}})
	require.NoError(t, err)
	require.Equal(t, []order.Order{o}, orders)
	require.Len(t, tokens, 1)
	require.NotContains(t, tokens, "")
}

func TestAnIdempotencyRecordHasItsKeyAndTimeToLive(t *testing.T) {
	var in struct {
		TransactItems []struct {
			Put struct {
				Item                                map[string]map[string]any
				ConditionExpression                 string
				ReturnValuesOnConditionCheckFailure string
			}
		}
	}
	s := table(func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, json.NewDecoder(r.Body).Decode(&in))
		awstest.Answer(w, 200, nil)
	})
	_, err := s.Submit(t.Context(), order.Submission{Orders: []order.Order{order.New(order.Request{ID: "1"}, time.Now())},
		Record: &order.Record{Key: "hash", Fingerprint: "print", Expires: time.Unix(1800000000, 5)}})
	require.NoError(t, err)
	require.Equal(t, map[string]map[string]any{"pk": {"S": "key#hash"}, "fingerprint": {"S": "print"},
		"orderIds": {"L": []any{map[string]any{"S": "1"}}}, "expiresAt": {"N": "1800000000"}}, in.TransactItems[0].Put.Item)
	require.Equal(t, "attribute_not_exists(pk) OR expiresAt <= :now", in.TransactItems[0].Put.ConditionExpression)
	require.Equal(t, map[string]any{"S": "order#1"}, in.TransactItems[1].Put.Item["pk"])
}

func TestAReadIsConsistent(t *testing.T) {
	var in struct{ ConsistentRead bool }
	store := table(func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, json.NewDecoder(r.Body).Decode(&in))
		awstest.Answer(w, 200, nil)
	})
	_, err := store.Get(t.Context(), "1")
	require.ErrorIs(t, err, order.ErrNotFound)
	require.True(t, in.ConsistentRead)
}
