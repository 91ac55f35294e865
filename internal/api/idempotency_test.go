package api_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/order"
)

const key = "Idempotency-Key"

func TestTheSameKeyAndContentGiveTheSameOrder(t *testing.T) {
	s := newShop(t)
	first := s.post(`{"flavour":"plain","errorOnStep":0}`, key, "k 1")
	require.Equal(t, http.StatusAccepted, first.Code)
	for _, test := range []struct{ name, body string }{
		{"the same body", `{"flavour":"plain","errorOnStep":0}`}, {"fields in another sequence", `{"errorOnStep":0, "flavour":"plain"}`},
		{"defaults left out", `{}`}, {"no body", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			again := s.post(test.body, key, "k 1")
			require.Equal(t, http.StatusAccepted, again.Code)
			require.Equal(t, first.Body.String(), again.Body.String())
			require.Equal(t, first.Header().Get("Location"), again.Header().Get("Location"))
		})
	}
	require.Len(t, s.executions.started, 1)
}

func TestAReplayReturnsTheCurrentOrder(t *testing.T) {
	s := newShop(t)
	id := decode[receipt](t, s.post("", key, "k")).OrderID
	_, _, err := s.orders.Apply(t.Context(), id, order.NewChange(order.Accept, time.Now()))
	require.NoError(t, err)
	s.executions.fail = func(order.Request) error { return errors.New("must not be started again") }
	require.Equal(t, "CREATED", decode[receipt](t, s.post("", key, "k")).Status)
}

func TestTheSameKeyWithOtherContentIsRefused(t *testing.T) {
	s := newShop(t)
	s.post("", key, "k")
	for _, body := range []string{`{"flavour":"funghi"}`, `{"errorOnStep":100}`, `{"perStepDelaySeconds":1}`} {
		t.Run(body, func(t *testing.T) {
			requireProblem(t, s.post(body, key, "k"), http.StatusUnprocessableEntity, "idempotency-key-reused")
		})
	}
	require.Len(t, s.executions.started, 1)
	require.Equal(t, http.StatusAccepted, s.post(`{"flavour":"funghi"}`, key, "another").Code)
}

func TestAKeyBelongsToTheCustomerWhoUsesIt(t *testing.T) {
	s := newShop(t)
	const subject = "X-Forwarded-Subject"
	ann := s.post("", key, "k", subject, "issuer ann")
	require.NotEqual(t, ann.Body.String(), s.post("", key, "k", subject, "issuer bob").Body.String())
	require.NotEqual(t, ann.Body.String(), s.post("", key, "k").Body.String())
	require.Equal(t, ann.Body.String(), s.post("", key, "k", subject, "issuer ann").Body.String())
	require.Len(t, s.executions.started, 3)
}

func TestAllEightOrdersAreReplayed(t *testing.T) {
	s := newShop(t)
	first := s.post(`{"errorOnStep":100}`, key, "k")
	require.Equal(t, first.Body.String(), s.post(`{"errorOnStep":100}`, key, "k").Body.String())
	require.Len(t, s.executions.started, 8)
}

func TestAnOrderWithAKeyStaysPendingForTheRetryToFind(t *testing.T) {
	s := newShop(t)
	var failed string
	s.executions.fail = func(r order.Request) error { failed = r.ID; return errors.New("throttled") }
	requireProblem(t, s.post("", key, "k"), http.StatusServiceUnavailable, "unavailable")
	o, err := s.orders.Get(t.Context(), failed)
	require.NoError(t, err)
	require.Equal(t, order.Pending, o.Status)

	s.executions.fail = nil
	r := decode[receipt](t, s.post("", key, "k"))
	require.Equal(t, failed, r.OrderID)
	require.Contains(t, s.executions.started, failed)
}

func TestConcurrentRequestsWithOneKeyGetTheSameOrder(t *testing.T) {
	s := newShop(t)
	bodies := make([]string, 50)
	var customers sync.WaitGroup
	for i := range bodies {
		customers.Go(func() { bodies[i] = s.post(`{"flavour":"funghi"}`, key, "k").Body.String() })
	}
	customers.Wait()
	for _, b := range bodies {
		require.Equal(t, bodies[0], b)
	}
	require.Len(t, s.executions.started, 1)
}

func TestAKeyIsForgottenAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		first := decode[receipt](t, s.post("", key, "k")).OrderID
		time.Sleep(24*time.Hour - time.Millisecond)
		require.Equal(t, first, decode[receipt](t, s.post("", key, "k")).OrderID)
		time.Sleep(time.Millisecond)
		require.NotEqual(t, first, decode[receipt](t, s.post(`{"flavour":"funghi"}`, key, "k")).OrderID)
	})
}

func TestAKeyIsNotStored(t *testing.T) {
	var stored order.Submission
	s := newShop(t, func(c *api.Config) { c.Orders = spy{c.Orders, &stored} })
	s.post("", key, "secret")
	require.Len(t, stored.Record.Key, 64)
	require.NotContains(t, stored.Record.Key+stored.Record.Fingerprint, "secret")
	require.WithinDuration(t, time.Now().Add(24*time.Hour), stored.Record.Expires, time.Minute)
	require.NotContains(t, s.log.String(), "secret")
}

func TestAKeyIsOnePrintableValue(t *testing.T) {
	s := newShop(t)
	for name, header := range map[string][]string{
		"empty":       {key, ""},
		"too long":    {key, strings.Repeat("k", 129)},
		"a tab":       {key, "a\tb"},
		"not ASCII":   {key, "schlüssel"},
		"given twice": {key, "a", key, "a"},

		"empty, in quotes": {key, `""`},
		"open":             {key, `"a`},
		"a quote alone":    {key, `"`},
		"more behind":      {key, `"a";b=1`},
		"a list":           {key, `"a", "b"`},
		"an odd escape":    {key, `"a\b"`},
		"an open escape":   {key, `"a\`},
		"too long inside":  {key, `"` + strings.Repeat("k", 129) + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			p := requireProblem(t, s.post("", header...), http.StatusBadRequest, "malformed-request")
			require.Contains(t, p.Detail, "Idempotency-Key must be one value of 1 to 128 printable ASCII characters, with or without double quotes.")
		})
	}
	require.Empty(t, s.executions.started)
	require.Equal(t, http.StatusAccepted, s.post("", key, strings.Repeat("~", 128)).Code)
}

func TestAKeyInQuotesIsTheSameKey(t *testing.T) {
	s := newShop(t)
	for bare, quoted := range map[string]string{
		"abc": `"abc"`, `a"b`: `"a\"b"`, `a\b`: `"a\\b"`, strings.Repeat("~", 128): `"` + strings.Repeat("~", 128) + `"`, "a, b": `"a, b"`,
	} {
		t.Run(bare, func(t *testing.T) {
			first, again := s.post("", key, bare), s.post("", key, quoted)
			require.Equal(t, http.StatusAccepted, again.Code, again.Body)
			require.Equal(t, first.Body.String(), again.Body.String())
		})
	}
	require.NotEqual(t, s.post("", key, "abc").Body.String(), s.post("", key, "'abc'").Body.String())
}

func TestAReplaySaysThatItIsOne(t *testing.T) {
	for _, body := range []string{`{}`, `{"errorOnStep":100}`} {
		t.Run(body, func(t *testing.T) {
			s := newShop(t)
			require.Empty(t, s.post(body).Header().Get("Idempotent-Replayed"))
			require.Empty(t, s.post(body, key, "k").Header().Get("Idempotent-Replayed"))
			require.Equal(t, "true", s.post(body, key, `"k"`).Header().Get("Idempotent-Replayed"))
			require.Empty(t, s.post(`{"flavour":"funghi"}`, key, "k").Header().Get("Idempotent-Replayed"))
		})
	}
}
