package smoke

import (
	"fmt"
	"strings"

	"pizzasaga/internal/outcomes"
)

// alarms are those of template.yaml that the nine orders raise, without the stack's
// name.
var alarms = []string{"AddLoyaltyPointsDLQAlarm", "RefundPaymentDLQAlarm", "ReclaimLoyaltyPointsDLQAlarm"}

// announcement says what the nine orders leave behind, and how to be rid of it.
func announcement(url string) string {
	var queues []string
	for _, o := range outcomes.All() {
		if o.DeadLetter != "" {
			queues = append(queues, string(o.DeadLetter))
		}
	}
	return fmt.Sprintf(`Fault injection is on at %s. Nine orders are placed: one for each outcome, and one that is cancelled.
They leave behind, until the action redriveDeadLetters is run ("Repair" in the README):
  dead letters    one in each of the queues %s
  alarms on AWS   …-%s
`, url, strings.Join(queues, ", "), strings.Join(alarms, "\n                  …-"))
}
