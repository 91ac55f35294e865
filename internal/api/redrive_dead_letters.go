package api

import (
	"encoding/json"
	"fmt"
	"net/http"

	"pizzasaga/internal/workflow"
)

// redriveDeadLetters redrives the letters of one queue or of all, and reports each
// result. A body is ignored.
func (a *api) redriveDeadLetters(w http.ResponseWriter, r *http.Request) error {
	q, err := parameters(r, "queue")
	if err != nil {
		return err
	}
	queue, err := choice(q, "queue", workflow.Queues())
	if err != nil {
		return err
	}
	reports, err := a.BackOffice.Redrive(r.Context(), queue)
	if err != nil {
		return fmt.Errorf("redrive: %w", err)
	}
	return respond(w, "application/json", http.StatusOK, struct {
		Queues []json.RawMessage `json:"queues"`
	}{reports})
}
