package function

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

// config is the function's environment, which template.yaml sets.
type config struct {
	table          string
	stateMachine   string // ARN
	queues         map[order.Queue]string
	region         string
	endpoint       string // of an emulator; empty on AWS
	faultInjection bool
	tokenRequired  bool
	metrics        string        // CloudWatch namespace
	retention      time.Duration // of settled orders; 0 keeps them
}

// minRetentionDays is longer than a dead letter is kept. A redrive needs the order, even
// if nothing is owed any more.
const minRetentionDays = 15

// parse reads the environment. Its error lists everything that is missing or wrong.
func parse(getenv func(string) string) (config, error) {
	var wrong []string
	need := func(name string) string {
		v := getenv(name)
		if v == "" {
			wrong = append(wrong, name+" is not set")
		}
		return v
	}
	c := config{
		table:        need("TABLE_NAME"),
		stateMachine: need("STATE_MACHINE_ARN"),
		queues: map[order.Queue]string{
			workflow.AddLoyaltyPointsQueue:     need("ADD_LOYALTY_POINTS_DLQ_URL"),
			workflow.RefundPaymentQueue:        need("REFUND_PAYMENT_DLQ_URL"),
			workflow.ReclaimLoyaltyPointsQueue: need("RECLAIM_LOYALTY_POINTS_DLQ_URL"),
		},
		region:   need("AWS_REGION"),
		endpoint: getenv("AWS_ENDPOINT_URL"),
		metrics:  cmp.Or(getenv("METRICS_NAMESPACE"), "PizzaSaga"),
	}
	toggle := func(name string, otherwise bool) bool {
		switch v := getenv(name); v {
		case "":
			return otherwise
		case "on", "off":
			return v == "on"
		default:
			wrong = append(wrong, fmt.Sprintf("%s is %q, but must be on or off", name, v))
			return otherwise
		}
	}
	c.faultInjection = toggle("FAULT_INJECTION", true)
	c.tokenRequired = toggle("TOKEN_REQUIRED", false)
	days, err := strconv.Atoi(cmp.Or(getenv("ORDER_RETENTION_DAYS"), "0"))
	if err != nil || days != 0 && days < minRetentionDays {
		wrong = append(wrong, fmt.Sprintf("ORDER_RETENTION_DAYS must be 0 (keep orders for ever) or at least %d", minRetentionDays))
	}
	c.retention = time.Duration(days) * 24 * time.Hour
	if wrong != nil {
		return c, fmt.Errorf("the function's environment: %s", strings.Join(wrong, "; "))
	}
	return c, nil
}
