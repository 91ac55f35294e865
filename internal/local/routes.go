package local

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"pizzasaga/asl"
	"pizzasaga/internal/lambdaapi"
	"pizzasaga/internal/sfnapi"
)

// routes adds to the API of the shop what only this program can offer: the APIs
// of Step Functions and of Lambda, and the events of an order's execution, for the
// page. An order's answer links to them, so that the page need not ask where there
// are none.
func (s *Shop) routes(shop, stepFunctions http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if sfnapi.Meant(r) {
			stepFunctions.ServeHTTP(w, r)
			return
		}
		shop.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", fmt.Sprintf(`<%s/execution>; rel="describedby"`, r.URL.EscapedPath()))
		shop.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /orders/{id}/execution", s.getExecution)
	mux.Handle(lambdaapi.Pattern, s.function.invokeAPI())
	return mux
}

// pageEvent is an event of an execution as the page reads it.
type pageEvent struct {
	Type  asl.EventType `json:"type"`
	State string        `json:"state,omitempty"`
	At    time.Time     `json:"at"`
	Error string        `json:"error,omitempty"`
}

func (s *Shop) getExecution(w http.ResponseWriter, r *http.Request) {
	events, err := s.history(r.PathValue("id"))
	if err != nil {
		http.Error(w, "no such execution", http.StatusNotFound)
		return
	}
	answer := struct {
		Events []pageEvent `json:"events"`
	}{}
	for _, e := range events {
		shown := pageEvent{Type: e.Type, State: e.State, At: e.Time}
		if failure := e.Failure(); failure != nil {
			shown.Error = failure.Error
		}
		answer.Events = append(answer.Events, shown)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(answer) // a client that went away cannot be told
}
