package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// FuzzBody orders with any body. A body that is no order is refused with 400 or 413, and
// nothing is stored. Any other body means what encoding/json reads from it, and its order
// is one that the workflow accepts.
func FuzzBody(f *testing.F) {
	for _, body := range []string{"", "{}", `{"flavour":"Käse","perStepDelaySeconds":20,"errorOnStep":7}`, `{"errorOnStep":100}`,
		`{"flavour":"a","flavour":"b"}`, `{"Flavour":"a"}`, `{"flavour":null}`, `{"perStepDelaySeconds":1e1}`, `{"errorOnStep":1.0}`,
		`[]`, `{}{}`, "{\"flavour\":\"\xff\"}", `{"flavour":"\ud800"}`, `{"flavour":"\u0000"}`, `{"errorOnStep":99999999999999999999}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := newShop(t)
		w := s.post(body)
		if w.Code != http.StatusAccepted {
			require.Contains(t, []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge}, w.Code)
			require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
			require.True(t, json.Valid(w.Body.Bytes()))
			require.Empty(t, s.executions.started)
			return
		}
		var meant struct {
			Flavour             *string
			PerStepDelaySeconds int
			ErrorOnStep         order.Fault
		}
		if len(body) > 0 {
			_ = json.Unmarshal([]byte(body), &meant) // a blank body is no error either
		}
		for _, r := range s.executions.started {
			require.NoError(t, workflow.Validate(r))
			require.True(t, utf8.ValidString(r.Flavour))
			if meant.Flavour != nil {
				require.Equal(t, *meant.Flavour, r.Flavour)
			}
			require.Equal(t, meant.PerStepDelaySeconds, r.PerStepDelaySeconds)
			if meant.ErrorOnStep != workflow.AllFaults {
				require.Equal(t, meant.ErrorOnStep, r.ErrorOnStep)
			}
		}
		require.NotEmpty(t, s.executions.started)
	})
}
