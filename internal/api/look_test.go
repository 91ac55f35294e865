package api_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/api"
	"pizzasaga/internal/order"
)

// history has the events of one order's execution.
func history(orderID string, events ...api.Event) func(*api.Config) {
	return func(c *api.Config) {
		c.History = func(id string) ([]api.Event, bool) { return events, id == orderID }
	}
}

func TestACurrentCopyIsNotSentAgain(t *testing.T) {
	s := newShop(t, history("A1", api.Event{Type: "ExecutionStarted"}))
	s.have(t, order.Pending, order.PaymentNone, false)
	for _, path := range []string{"/orders/A1", "/orders/A1/execution"} {
		t.Run(path, func(t *testing.T) {
			first := s.do("GET", path, "")
			tag := first.Header().Get("ETag")
			require.Regexp(t, `^"[\w-]+"$`, tag)
			require.Equal(t, "private, no-cache", first.Header().Get("Cache-Control"))
			for name, header := range map[string][]string{
				"its tag": {"If-None-Match", tag}, "any tag": {"If-None-Match", "*"}, "among others": {"If-None-Match", `"a", W/` + tag},
				"in a separate header": {"If-None-Match", `"a"`, "If-None-Match", tag},
			} {
				t.Run(name, func(t *testing.T) {
					for _, method := range []string{"GET", "HEAD"} {
						again := s.do(method, path, "", header...)
						require.Equal(t, http.StatusNotModified, again.Code)
						require.Empty(t, again.Body.String())
						require.Equal(t, tag, again.Header().Get("ETag"))
						require.NotEmpty(t, again.Header().Get("Retry-After"))
					}
				})
			}
			for name, other := range map[string]string{"no quotes": tag[1 : len(tag)-1], "another": `"a"`, "nothing": ""} {
				t.Run(name, func(t *testing.T) {
					require.Equal(t, first.Body.String(), s.do("GET", path, "", "If-None-Match", other).Body.String())
				})
			}
		})
	}
}

func TestAnOrderThatMovedHasAnotherTag(t *testing.T) {
	s := newShop(t)
	s.have(t, order.Pending, order.PaymentNone, false)
	before := s.do("GET", "/orders/A1", "").Header().Get("ETag")
	_, moved, err := s.orders.Apply(t.Context(), "A1", order.NewChange(order.Accept, time.Now()))
	require.NoError(t, err)
	require.True(t, moved)
	require.Equal(t, http.StatusOK, s.do("GET", "/orders/A1", "", "If-None-Match", before).Code)
}

func TestRetryAfterIsWhenTheOrderMayHaveMoved(t *testing.T) {
	for _, test := range []struct {
		name   string
		status order.Status
		delay  int // seconds
		waited time.Duration
		asked  bool // to cancel, half a second ago
		want   string
	}{
		{"no delay", order.Paid, 0, 0, false, "1"},
		{"just moved, and may move again", order.Paid, 20, 900 * time.Millisecond, false, "1"},
		{"most of the delay is left", order.Paid, 20, time.Second, false, "19"},
		{"rounded up", order.Paid, 20, 17100 * time.Millisecond, false, "3"},
		{"the delay is nearly over", order.TakingPayment, 20, 19900 * time.Millisecond, false, "1"},
		{"the delay is over", order.TakingPayment, 20, time.Minute, false, "1"},
		{"no step is working on it yet", order.Created, 20, 2 * time.Second, false, "1"},
		{"a request to cancel is not a step", order.CookingStarted, 20, 5 * time.Second, true, "15"},
		{"being rolled back", order.RollingBack, 20, 5 * time.Second, false, "15"},
		{"ended", order.Cancelled, 20, 5 * time.Second, false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t)
				o := order.New(order.Request{ID: "A1", Flavour: "plain", PerStepDelaySeconds: test.delay}, time.Now().Add(-time.Hour))
				o.Status = test.status
				o.Timeline = append(o.Timeline, order.Milestone{Step: order.ProcessPayment, Status: string(test.status), At: time.Now().Add(-test.waited)})
				if test.asked {
					o.Timeline = append(o.Timeline, order.Milestone{Step: order.CancelOrder, Status: order.CancelRequested, At: time.Now().Add(-time.Second / 2)})
				}
				_, err := s.orders.Submit(t.Context(), order.Submission{Orders: []order.Order{o}})
				require.NoError(t, err)
				require.Equal(t, test.want, s.do("GET", "/orders/A1", "").Header().Get("Retry-After"))
			})
		})
	}
}

func TestAnExecutionIsShownWithItsOrder(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := newShop(t, history("A1", api.Event{Type: "ExecutionStarted", At: at}, api.Event{Type: "TaskFailed", State: "RefundPayment", At: at, Error: "Internal"}))
	s.have(t, order.Paid, order.PaymentPaid, false)
	w := s.do("GET", "/orders/A1/execution", "")
	require.Equal(t, http.StatusOK, w.Code)
	require.JSONEq(t, `{"order":`+s.do("GET", "/orders/A1", "").Body.String()+`,"events":[
		{"type":"ExecutionStarted","at":"2026-03-01T12:00:00Z"},
		{"type":"TaskFailed","state":"RefundPayment","at":"2026-03-01T12:00:00Z","error":"Internal"}]}`, w.Body.String())
}

func TestAnOrderLinksToItsExecutionIfThereIsOne(t *testing.T) {
	const link = `</orders/A1/execution>; rel="describedby"`
	t.Run("there is", func(t *testing.T) {
		s := newShop(t, history("A1"))
		s.have(t, order.Pending, order.PaymentNone, false)
		require.Equal(t, link, s.do("GET", "/orders/A1", "").Header().Get("Link"))
		require.Empty(t, s.do("GET", "/orders/none", "").Header().Get("Link"))
		requireProblem(t, s.do("GET", "/orders/none/execution", ""), http.StatusNotFound, "order-not-found")
	})
	t.Run("its execution never started", func(t *testing.T) {
		s := newShop(t, history("another"))
		s.have(t, order.Pending, order.PaymentNone, false)
		require.Empty(t, s.do("GET", "/orders/A1", "").Header().Get("Link"))
		requireProblem(t, s.do("GET", "/orders/A1/execution", ""), http.StatusNotFound, "execution-not-found")
	})
	t.Run("no execution can be read here", func(t *testing.T) {
		s := newShop(t)
		s.have(t, order.Pending, order.PaymentNone, false)
		require.Empty(t, s.do("GET", "/orders/A1", "").Header().Get("Link"))
	})
}
