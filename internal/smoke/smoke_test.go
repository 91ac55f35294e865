package smoke_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/local"
	"pizzasaga/internal/smoke"
	"pizzasaga/statemachine"
)

// deployment answers the smoke's requests in place of the network and counts the orders
// placed.
type deployment struct {
	http.Handler
	placed int
}

func (d *deployment) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	if r.URL.Path == "/orders" && w.Code == http.StatusAccepted {
		d.placed += strings.Count(w.Body.String(), `"orderId"`)
	}
	return w.Result(), nil
}

// try runs the smoke against a local shop, modified by change, in the bubble's time. It
// returns what was printed and the error.
func try(t *testing.T, definition []byte, c smoke.Config, change func(*local.Shop) http.Handler) (out string, placed int, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		shop, opened := local.Open(local.Config{Definition: definition})
		require.NoError(t, opened)
		d := &deployment{Handler: shop}
		if change != nil {
			d.Handler = change(shop)
		}
		var printed bytes.Buffer
		c.URL, c.Out, c.Transport = "http://shop.example", &printed, d
		if c.Timeout == 0 {
			c.Timeout = 3 * time.Minute
		}
		err = smoke.Run(t.Context(), c)
		out, placed = printed.String(), d.placed
		require.NoError(t, shop.Close(t.Context()))
	})
	return out, placed, err
}

func TestTheLocalProgramPasses(t *testing.T) {
	out, placed, err := try(t, nil, smoke.Config{}, nil)
	require.NoError(t, err, out)
	require.Equal(t, 9, placed)
	require.Contains(t, out, "\n9 of 9 outcomes are correct\n")
	require.Regexp(t, `(?s)dead letters .*AddLoyaltyPoints, RefundPayment, ReclaimLoyaltyPoints\n.*errorOnStep`, out, "the output begins with what is left behind")
	require.Regexp(t, `(?m)^0 none, cancelled +CANCELLED +REFUNDED `, out)
	require.NotContains(t, out, "\x1b", "colours only on a terminal")
}

func TestABrokenRefundFails(t *testing.T) {
	broken := bytes.Replace(statemachine.Pizza, []byte(`"action": "refundPayment"`), []byte(`"action": "refundNothing"`), 1)
	require.NotEqual(t, statemachine.Pizza, broken)
	out, _, err := try(t, broken, smoke.Config{}, nil)
	require.EqualError(t, err, "4 of 9 outcomes are wrong", out)
	require.Equal(t, 3, strings.Count(out, "status is ROLLBACK_FAILED, not CANCELLED"), out)
}

// closed is the API of a stack for real orders: behind a gateway that requires a token,
// and without fault injection.
func closed(t *testing.T) func(*local.Shop) http.Handler {
	return func(shop *local.Shop) http.Handler {
		behind, err := api.New(api.Config{Orders: shop.Orders, Executions: shop, TokenRequired: true, Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.Header.Get("Authorization") {
			case "Bearer good":
				r.Header.Set("X-Forwarded-Subject", "smoke")
			case "":
			default:
				http.Error(w, `{"message":"Unauthorized"}`, http.StatusUnauthorized)
				return
			}
			behind.ServeHTTP(w, r)
		})
	}
}

func TestWithoutFaultInjectionAnOrderIsPlacedOnlyOnRequest(t *testing.T) {
	for _, test := range []struct {
		name   string
		config smoke.Config
		placed int
		says   string
	}{
		{"not asked for", smoke.Config{Token: "good"}, 0, "off at http://shop.example. Nothing was ordered"},
		{"asked for", smoke.Config{Token: "good", Order: true}, 1, "1 of 1 outcomes are correct"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, placed, err := try(t, nil, test.config, closed(t))
			require.NoError(t, err, out)
			require.Contains(t, out, test.says)
			require.Equal(t, test.placed, placed)
		})
	}
}

func TestATokenThatIsMissingOrRefusedOrdersNothing(t *testing.T) {
	for _, test := range []struct{ name, token, says string }{
		{"missing", "", "a token is required: give it with -token"},
		{"refused", "bad", "refused the token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, placed, err := try(t, nil, smoke.Config{Token: test.token, Order: true}, closed(t))
			require.ErrorContains(t, err, test.says)
			require.Empty(t, out)
			require.Zero(t, placed)
		})
	}
}

func TestOrdersThatDoNotEndInTimeAreShownWithTheirLastStatus(t *testing.T) {
	out, _, err := try(t, nil, smoke.Config{Timeout: 10500 * time.Millisecond}, nil)
	require.EqualError(t, err, "not done within 10.5s\n3 of 9 outcomes are wrong", out)
	require.Regexp(t, `(?m)^6 refundPayment .*\n  wrong outcome: it has not ended\n`, out)
}

func TestAnInterruptEndsTheWatch(t *testing.T) {
	var out string
	synctest.Test(t, func(t *testing.T) {
		shop, err := local.Open(local.Config{})
		require.NoError(t, err)
		ctx, interrupt := context.WithCancelCause(t.Context())
		time.AfterFunc(5500*time.Millisecond, func() { interrupt(errors.New("interrupted")) })
		began := time.Now()
		var printed bytes.Buffer
		err = smoke.Run(ctx, smoke.Config{URL: "http://shop.example", Timeout: time.Hour, Out: &printed, Transport: &deployment{Handler: shop}})
		out = printed.String()
		require.EqualError(t, err, "interrupted\n3 of 9 outcomes are wrong", out)
		require.Equal(t, 5500*time.Millisecond, time.Since(began))
		require.NoError(t, shop.Close(t.Context()))
	})
}

func TestAThrottledDeploymentPasses(t *testing.T) {
	out, placed, err := try(t, nil, smoke.Config{}, func(shop *local.Shop) http.Handler {
		var second time.Time
		left := 0
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if now := time.Now().Truncate(time.Second); now != second {
				second, left = now, 3
			}
			if left--; left < 0 {
				http.Error(w, `{"message":"Too Many Requests"}`, http.StatusTooManyRequests)
				return
			}
			shop.ServeHTTP(w, r)
		})
	})
	require.NoError(t, err, out)
	require.Equal(t, 9, placed)
	require.Contains(t, out, "answered 429: Too Many Requests; trying again in 1s")
}

func TestADeploymentThatCannotReadOrdersFailsBeforeAnythingIsOrdered(t *testing.T) {
	_, placed, err := try(t, nil, smoke.Config{}, func(shop *local.Shop) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/", shop)
		mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"message":"Internal Server Error"}`, http.StatusInternalServerError)
		})
		return mux
	})
	require.ErrorContains(t, err, "answered 500: Internal Server Error")
	require.Zero(t, placed)
}

func TestACancellationThatComesTooLateFails(t *testing.T) {
	out, _, err := try(t, nil, smoke.Config{}, func(shop *local.Shop) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/", shop)
		mux.HandleFunc("POST /orders/{id}/cancel", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(20 * time.Second) // of the bubble
			shop.ServeHTTP(w, r)
		})
		return mux
	})
	require.EqualError(t, err, "1 of 9 outcomes are wrong", out)
	require.Contains(t, out, "was not cancelled: It is too late to cancel this order")
	require.Contains(t, out, "cancelled by the customer is false, not true")
}

func TestTheAnnouncedAlarmsAreInTheTemplate(t *testing.T) {
	template, err := os.ReadFile("../../template.yaml")
	require.NoError(t, err)
	out, _, err := try(t, nil, smoke.Config{}, nil)
	require.NoError(t, err)
	_, announced, found := strings.Cut(out, "alarms on AWS   ")
	require.True(t, found, out)
	announced, _, _ = strings.Cut(announced, "\n")
	for name := range strings.SplitSeq(announced, ", ") {
		require.Contains(t, string(template), "\n  "+name+":\n    Type: AWS::CloudWatch::Alarm\n")
	}
}
