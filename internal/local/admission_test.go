package local

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOrdersAreRefusedWhileTooManyAreUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop, err := Open(Config{})
		require.NoError(t, err)
		shop.limit = 3
		post := func() *httptest.ResponseRecorder {
			answer := httptest.NewRecorder()
			shop.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/orders", strings.NewReader(`{"perStepDelaySeconds":10}`)))
			return answer
		}
		for range shop.limit {
			require.Equal(t, http.StatusAccepted, post().Code)
		}
		refused := post()
		require.Equal(t, http.StatusServiceUnavailable, refused.Code)
		require.NotEmpty(t, refused.Header().Get("Retry-After"))
		time.Sleep(time.Hour)
		require.Equal(t, http.StatusAccepted, post().Code)
		require.NoError(t, shop.Close(t.Context()))
	})
}
