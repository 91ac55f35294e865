package local

import (
	"net/http"
	"path"
	"strings"

	"pizzasaga/internal/api"
	"pizzasaga/internal/lambdaapi"
	"pizzasaga/internal/sfnapi"
)

// routes adds the APIs of Step Functions and of Lambda to that of the shop. Requests from
// a page of another website go to the shop, which refuses them.
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
		case strings.HasPrefix(r.URL.Path, lambdaapi.Prefix) && path.Clean(r.URL.Path) == r.URL.Path: // the mux would redirect another path
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
