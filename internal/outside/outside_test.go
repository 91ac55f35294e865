package outside

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
)

var calls = map[string]struct {
	make    func(context.Context, Systems, order.Request) error
	refused error
}{
	"/charge":   {func(ctx context.Context, s Systems, r order.Request) error { return s.Charge(ctx, r) }, order.ErrDeclined},
	"/refund":   {func(ctx context.Context, s Systems, r order.Request) error { return s.Refund(ctx, r) }, order.ErrRefused},
	"/add":      {func(ctx context.Context, s Systems, r order.Request) error { return s.Add(ctx, r) }, order.ErrRefused},
	"/reclaim":  {func(ctx context.Context, s Systems, r order.Request) error { return s.Reclaim(ctx, r) }, order.ErrRefused},
	"/prepare":  {func(ctx context.Context, s Systems, r order.Request) error { return s.Prepare(ctx, r) }, order.ErrRefused},
	"/handOver": {func(ctx context.Context, s Systems, r order.Request) error { return s.HandOver(ctx, r) }, order.ErrRefused},
	"/void":     {func(ctx context.Context, s Systems, r order.Request) error { _, err := s.Void(ctx, r); return err }, order.ErrRefused},
}

func TestEachCallIsAPostOfTheRequest(t *testing.T) {
	wanted := order.Request{ID: "1", Flavour: "Funghi", PerStepDelaySeconds: 2}
	for path, c := range calls {
		t.Run(path, func(t *testing.T) {
			status := http.StatusOK
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var got order.Request
				if r.Method != http.MethodPost || r.URL.Path != path || json.NewDecoder(r.Body).Decode(&got) != nil || got != wanted {
					status = http.StatusNotFound
				}
				w.WriteHeader(status)
				_, _ = w.Write([]byte(`{"handedOver":true}`))
			}))
			defer server.Close()
			require.NoError(t, c.make(t.Context(), at(t, server.URL+"/"), wanted))
			status = http.StatusConflict
			require.ErrorIs(t, c.make(t.Context(), at(t, server.URL), wanted), c.refused)
			status = http.StatusInternalServerError
			require.ErrorIs(t, c.make(t.Context(), at(t, server.URL), wanted), order.ErrUnavailable)
			server.Close()
			require.ErrorIs(t, c.make(t.Context(), at(t, server.URL), wanted), order.ErrUnavailable)
		})
	}
}

func TestVoidReportsWhetherThePizzaWasHandedOver(t *testing.T) {
	for answer, out := range map[string]bool{`{"handedOver":true}`: true, `{"handedOver":false}`: false} {
		t.Run(answer, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
			defer server.Close()
			got, err := at(t, server.URL).Void(t.Context(), order.Request{})
			require.NoError(t, err)
			require.Equal(t, out, got)
		})
	}
}

func at(t *testing.T, url string) Systems {
	t.Helper()
	s, err := At(url)
	require.NoError(t, err)
	return s
}

func TestARedirectIsNoSuccess(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/charge" {
			http.Redirect(w, r, "/login", http.StatusFound)
		}
	}))
	defer server.Close()
	require.ErrorIs(t, at(t, server.URL).Charge(t.Context(), order.Request{}), order.ErrUnavailable)
}

func TestOnlyAnAddressOverHTTPIsAccepted(t *testing.T) {
	for _, url := range []string{"", "garbage", "ftp://x", "http://", "127.0.0.1:4000", "localhost:4000"} {
		t.Run(url, func(t *testing.T) {
			_, err := At(url)
			require.ErrorContains(t, err, "need a URL such as http://127.0.0.1:4000")
		})
	}
}
