package browsertest

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"pizzasaga/internal/workflow"

	"github.com/stretchr/testify/require"
)

// look is a request for an order, or for its execution.
type look struct {
	path, tag string
	at        time.Time
}

// looks records each request for the shop's orders.
func (s *shop) looks() func() []look {
	var mu sync.Mutex
	var seen []look
	next := s.handler
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/orders/") {
			mu.Lock()
			seen = append(seen, look{r.URL.Path, r.Header.Get("If-None-Match"), time.Now()})
			mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
	return func() []look {
		mu.Lock()
		defer mu.Unlock()
		return seen
	}
}

func TestALookIsOneRequestForChanges(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	looks := s.looks()
	tb := newTab(t, s.url())
	tb.choose(workflow.FaultNone, 1)
	tb.click("button.primary")
	tb.waitText(headline, "Delivered. Enjoy your pizza.")
	seen := looks()
	require.Greater(t, len(seen), 3)
	order := seen[0].path
	require.NotContains(t, order, "/execution")
	for i, l := range seen[1:] {
		require.Equal(t, order+"/execution", l.path, "look %d", i)
		if i > 0 {
			require.NotEmpty(t, l.tag, "look %d", i)
		}
	}
}

func TestThePageWaitsAsLongAsTheShopSays(t *testing.T) {
	t.Parallel()
	s := openStrictShop(t, false)
	looks, says := s.looks(), s.handler
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		says.ServeHTTP(later{w}, r)
	})
	tb := newTab(t, s.url())
	tb.choose(workflow.FaultNone, 0)
	tb.click("button.primary")
	tb.waitText(headline, "Your order is in.")
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for len(looks()) < 2 {
		select {
		case <-tick.C:
		case <-tb.ctx.Done():
			require.Fail(t, "the page sent no further request")
		}
	}
	require.Greater(t, looks()[1].at.Sub(looks()[0].at), 1900*time.Millisecond)
}

// later tells a client to come back after two seconds.
type later struct{ http.ResponseWriter }

func (w later) WriteHeader(status int) {
	w.Header().Set("Retry-After", "2")
	w.ResponseWriter.WriteHeader(status)
}
