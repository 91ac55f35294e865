package local

import (
	"net/http"
	"path"
	"strings"

	"pizzasaga/internal/api"
	"pizzasaga/internal/lambdaapi"
	"pizzasaga/internal/sfnapi"
)

// routes adds to the API of the shop the APIs of Step Functions and of Lambda. What a
// page of another website sends goes to the shop, which refuses it.
func (s *Shop) routes(shop, stepFunctions http.Handler) http.Handler {
	lambda := http.NewServeMux()
	lambda.Handle(lambdaapi.Pattern, s.function.invokeAPI())
	lambda.Handle("/", shop)
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case protection.Check(r) != nil:
			shop.ServeHTTP(w, r)
		case sfnapi.Meant(r):
			stepFunctions.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, lambdaapi.Prefix) && path.Clean(r.URL.Path) == r.URL.Path: // any other the mux redirects
			lambda.ServeHTTP(w, r)
		default:
			shop.ServeHTTP(w, r)
		}
	})
}

// events returns the events of an order's execution for the API.
func (s *Shop) events(orderID string) ([]api.Event, bool) {
	history, err := s.history(orderID)
	if err != nil {
		return nil, false
	}
	var events []api.Event
	for _, e := range history {
		shown := api.Event{Type: string(e.Type), State: e.State, At: e.Time}
		if failure := e.Failure(); failure != nil {
			shown.Error = failure.Error
		}
		events = append(events, shown)
	}
	return events, true
}
