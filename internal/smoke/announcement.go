package smoke

import (
	"fmt"
	"strings"

	"pizzasaga/internal/outcomes"
)

// announcement says what the nine orders leave behind, and how to be rid of it.
func announcement(url string) string {
	var queues, alarms []string
	for _, o := range outcomes.All() {
		if o.DeadLetter != "" {
			queues = append(queues, string(o.DeadLetter))
			alarms = append(alarms, string(o.DeadLetter)+"DLQAlarm") // as template.yaml names them
		}
	}
	return fmt.Sprintf(`Fault injection is on at %s. Nine orders are placed: one for each outcome, and one that is cancelled.
They leave behind, until the action redriveDeadLetters is run ("Repair" in docs/operations.md):
  dead letters    one in each of the queues %s
  alarms on AWS   %s
`, url, strings.Join(queues, ", "), strings.Join(alarms, ", "))
}
