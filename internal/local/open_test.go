package local

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
)

// shopIn opens a shop with a data file.
func shopIn(t *testing.T, file string) *Shop {
	t.Helper()
	shop, err := Open(Config{Data: file})
	require.NoError(t, err)
	return shop
}

func placeIn(t *testing.T, s *Shop, body string) string {
	t.Helper()
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(body)))
	require.Equal(t, http.StatusAccepted, answer.Code, answer.Body)
	return answer.Header().Get("Location")[len("/orders/"):]
}

func TestAnOrderContinuesAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "shop.data")
		first := shopIn(t, file)
		id := placeIn(t, first, `{"perStepDelaySeconds":10}`)
		time.Sleep(15 * time.Second)
		before, err := first.Orders.Get(t.Context(), id)
		require.NoError(t, err)
		require.NoError(t, first.Close(t.Context()))
		time.Sleep(10 * time.Minute)

		second := shopIn(t, file)
		again, err := second.Orders.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, before, again)
		x, err := second.Wait(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, asl.Succeeded, x.Status)
		o, err := second.Orders.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, delivered, o.Status)
		run, err := second.Run(o)
		require.NoError(t, err)
		require.NotContains(t, run.Path(), "✗", "closing is not a failure")
		require.NoError(t, second.Close(t.Context()))
	})
}

func TestClosingAShopWithADataFileDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := shopIn(t, filepath.Join(t.TempDir(), "shop.data"))
		placeIn(t, shop, `{"perStepDelaySeconds":20}`)
		time.Sleep(time.Second)
		began := time.Now()
		require.NoError(t, shop.Close(t.Context()))
		require.Zero(t, time.Since(began))
	})
}

func TestAnEndedOrderAndItsHistorySurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "shop.data")
		first := shopIn(t, file)
		id := placeIn(t, first, `{"errorOnStep":6}`)
		_, err := first.Wait(t.Context(), id)
		require.NoError(t, err)
		o, err := first.Orders.Get(t.Context(), id)
		require.NoError(t, err)
		before, err := first.Run(o)
		require.NoError(t, err)
		require.NoError(t, first.Close(t.Context()))

		second := shopIn(t, file)
		o, err = second.Orders.Get(t.Context(), id)
		require.NoError(t, err)
		after, err := second.Run(o)
		require.NoError(t, err)
		require.Equal(t, before, after)
		require.Equal(t, []order.Queue{"RefundPayment"}, after.DeadLetters)
		require.NoError(t, second.Close(t.Context()))
	})
}

// TestAStoppedExecutionIsReconciledAfterARestart closes the file before the
// reconciliation ends.
func TestAStoppedExecutionIsReconciledAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "shop.data")
		first := shopIn(t, file)
		id := placeIn(t, first, `{"perStepDelaySeconds":10}`)
		time.Sleep(15 * time.Second)
		_, err := first.engine.Stop(first.engine.ExecutionARN(id), "", "")
		require.NoError(t, err)
		require.NoError(t, first.Close(t.Context()))

		second := shopIn(t, file)
		second.reconciles.Wait()
		o, err := second.Orders.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, order.Cancelled, o.Status)
		require.Equal(t, order.PaymentRefunded, o.Payment)
		require.NoError(t, second.Close(t.Context()))
	})
}

func TestOldOrdersAreForgottenUnlessSomethingIsOwed(t *testing.T) {
	for name, data := range map[string]string{"in memory": "", "in a file": filepath.Join(t.TempDir(), "shop.data")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shop, err := Open(Config{Data: data, Keep: 3})
				require.NoError(t, err)
				run := func(body string) string {
					id := placeIn(t, shop, body)
					_, err := shop.Wait(t.Context(), id)
					require.NoError(t, err)
					synctest.Wait()
					return id
				}
				owed := run(`{"errorOnStep":6}`)
				settled := run(`{"errorOnStep":4}`)
				for range 6 {
					run(`{}`)
				}
				_, err = shop.history(owed)
				require.NoError(t, err)
				_, err = shop.history(settled)
				require.ErrorIs(t, err, asl.ErrExecutionDoesNotExist)
				_, err = shop.Orders.Get(t.Context(), settled)
				require.ErrorIs(t, err, order.ErrNotFound)
				require.Len(t, shop.Orders.List(), len(shop.engine.List()))
				if data != "" {
					saved, err := shop.data.Executions()
					require.NoError(t, err)
					require.Len(t, saved, len(shop.engine.List()))
				}
				require.NoError(t, shop.Close(t.Context()))
			})
		})
	}
}

func TestARestartKeepsWhatWasKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "shop.data")
		names := func(keep, orders int) (names []string) {
			shop, err := Open(Config{Data: file, Keep: keep})
			require.NoError(t, err)
			for i := range orders {
				body := `{}`
				if i < 2 {
					body = `{"errorOnStep":3}` // owed its points
				}
				_, err := shop.Wait(t.Context(), placeIn(t, shop, body))
				require.NoError(t, err)
				time.Sleep(time.Second)
			}
			for _, x := range shop.engine.List() {
				names = append(names, x.Name)
			}
			require.Len(t, shop.Orders.List(), len(names))
			require.NoError(t, shop.Close(t.Context()))
			return names
		}
		first := names(3, 8)
		require.Len(t, first, 2+3)
		for range 2 {
			require.Equal(t, first, names(3, 0))
		}
		require.Len(t, names(1, 0), 2+1)
	})
}
