package local

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func (w *world) ask(method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	w.shop.ServeHTTP(answer, r)
	return answer
}

func TestAnOrderLinksToItsExecution(t *testing.T) {
	inBubble(t, func(w *world) {
		id := w.place(`{"errorOnStep":4}`)
		w.await(id)
		order := w.ask("GET", "/orders/"+id, "")
		require.Equal(w, `</orders/`+id+`/execution>; rel="describedby"`, order.Header().Get("Link"))
		var execution struct {
			Order  json.RawMessage
			Events []struct{ Type, State, Error string }
		}
		require.NoError(w, json.Unmarshal(w.ask("GET", "/orders/"+id+"/execution", "").Body.Bytes(), &execution))
		require.JSONEq(w, order.Body.String(), string(execution.Order))
		require.Equal(w, "ExecutionStarted", execution.Events[0].Type)
		require.Contains(w, execution.Events, struct{ Type, State, Error string }{"TaskFailed", "PrepareOrder", "SimulatedFailure"})
	})
}

// TestRequestsFromAnotherWebsiteAreRefused covers a browser on the same machine: a page of
// any website may send a request to localhost.
func TestRequestsFromAnotherWebsiteAreRefused(t *testing.T) {
	inBubble(t, func(w *world) {
		w.await(w.place(""))
		for name, header := range map[string][]string{
			"/": {"X-Amz-Target", "AWSStepFunctions.ListExecutions"},
			"/2015-03-31/functions/pizza-saga/invocations": nil,
			"/orders": nil,
		} {
			answer := w.ask("POST", name, "{}", append(header, "Sec-Fetch-Site", "cross-site")...)
			require.Equal(w, http.StatusForbidden, answer.Code, name)
			require.Equal(w, "application/problem+json", answer.Header().Get("Content-Type"), name)
			require.NotEqual(w, http.StatusForbidden, w.ask("POST", name, "{}", header...).Code, name)
		}
	})
}

func TestAnUnknownRouteIsAProblem(t *testing.T) {
	inBubble(t, func(w *world) {
		w.await(w.place(""))
		for _, target := range []string{"GET /orders//x", "GET /orders/x/execution", "GET /web/nothing.js", "GET /2015-03-31/functions", "POST /2015-03-31//functions/x/invocations", "PUT /"} {
			method, path, _ := strings.Cut(target, " ")
			answer := w.ask(method, path, "")
			require.Equal(w, "application/problem+json", answer.Header().Get("Content-Type"), target)
			require.Empty(w, answer.Header().Get("Link"), target)
		}
	})
}
