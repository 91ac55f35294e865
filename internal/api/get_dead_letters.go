package api

import "net/http"

// getDeadLetters lists the messages in the dead letter queues.
func (a *api) getDeadLetters(w http.ResponseWriter, r *http.Request) error {
	return respondTagged(w, r, struct {
		DeadLetters []DeadLetter `json:"deadLetters"`
	}{a.BackOffice.DeadLetters(r.Context())})
}
