package smoke

import (
	"fmt"
	"strings"

	"pizzasaga/internal/outcomes"
)

// announcement says what the nine orders leave behind, and how to remove it.
func announcement(url string) string {
	var queues, alarms []string
	for _, o := range outcomes.All() {
		if o.DeadLetter != "" {
			queues = append(queues, string(o.DeadLetter))
			alarms = append(alarms, string(o.DeadLetter)+"DLQAlarm") // as template.yaml names them
		}
	}
	return fmt.Sprintf(`Fault injection is on at %s. Placing nine orders: one for each outcome, and one that is cancelled.
Until you run the action redriveDeadLetters ("Repair" in docs/operations.md), they leave behind:
  dead letters    one in each of the queues %s
  alarms on AWS   %s
`, url, strings.Join(queues, ", "), strings.Join(alarms, ", "))
}
