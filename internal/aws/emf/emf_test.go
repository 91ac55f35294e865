package emf_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/aws/emf"
	"pizzasaga/internal/order"
	"pizzasaga/internal/workflow"
)

const namespace = "PizzaSaga/test"

// metric is a line as CloudWatch reads it: its fields by name.
type metric struct {
	name, unit string
	value      float64
	dimensions map[string]string
}

func read(t *testing.T, out *bytes.Buffer) (found []metric) {
	for line := range strings.Lines(out.String()) {
		var members map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &members))
		var head struct {
			AWS struct {
				Timestamp         int64
				CloudWatchMetrics []struct {
					Namespace  string
					Dimensions [][]string
					Metrics    []struct{ Name, Unit string }
				}
			} `json:"_aws"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &head))
		require.WithinDuration(t, time.Now(), time.UnixMilli(head.AWS.Timestamp), time.Minute)
		d := head.AWS.CloudWatchMetrics[0]
		require.Equal(t, namespace, d.Namespace)
		m := metric{d.Metrics[0].Name, d.Metrics[0].Unit, members[d.Metrics[0].Name].(float64), map[string]string{}}
		for _, name := range d.Dimensions[0] {
			m.dimensions[name] = members[name].(string)
		}
		found = append(found, m)
	}
	return found
}

func TestAnOrdersEndIsCountedWithTheDeadLettersThatWereLost(t *testing.T) {
	var out bytes.Buffer
	emf.New(&out, namespace).OrderEnded(order.Order{Status: order.RollbackFailed, DeadLetters: []order.Queue{workflow.RefundPaymentQueue},
		Timeline: []order.Milestone{{Step: order.AddLoyaltyPoints, Status: order.DeadLetterLost}}})
	require.Equal(t, []metric{
		{"Orders", "Count", 1, map[string]string{"Outcome": "ROLLBACK_FAILED"}},
		{"DeadLettersLost", "Count", 1, map[string]string{}},
	}, read(t, &out))
}
