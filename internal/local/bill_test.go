package local

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"pizzasaga/internal/aws/emf"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/workflow"
)

// List prices in us-east-1, in USD, without any free tier: for a GB of logs, for a
// million traces, and for a month of a custom metric, of a metric that an alarm watches,
// of a GB in a table and of a GB of its point-in-time recovery.
//
// https://aws.amazon.com/cloudwatch/pricing/ /xray/pricing/ /dynamodb/pricing/on-demand/
const (
	priceLogGB    = 0.50
	priceTraces   = 5.00
	priceMetric   = 0.30
	priceAlarm    = 0.10
	priceTableGB  = 0.25
	priceBackupGB = 0.20
)

const (
	daysOfMonth = 30
	gigabyte    = 1 << 30
)

// What Lambda logs for each invocation, and the fields that the function's log line has
// only on AWS, as in Lambda's documentation.
//
// https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
const (
	trace         = `Root=1-62e900b2-710d76f009d6e7785905449a;Parent=0efbd19962d95b05;Sampled=1`
	ofLambda      = `{"time":"2026-03-21T13:12:04.512Z","type":"platform.`
	tracing       = `"tracing":{"spanId":"54565fb41ac79632","type":"X-Amzn-Trace-Id","value":"` + trace + `"}}}`
	platformStart = ofLambda + `start","record":{"requestId":"6d68ca91-49c9-448d-89b8-7ca3e6dc66aa","version":"$LATEST",` + tracing
	platformEnd   = ofLambda + `report","record":{"requestId":"6d68ca91-49c9-448d-89b8-7ca3e6dc66aa","status":"success",` +
		`"metrics":{"durationMs":10.521,"billedDurationMs":11,"memorySizeMB":128,"maxMemoryUsedMB":32},` + tracing
	onAWS = `,"requestId":"6d68ca91-49c9-448d-89b8-7ca3e6dc66aa","traceId":"` + trace + `"`
)

// perEvent is what CloudWatch adds to the size of each line, in bytes.
const perEvent = 26

// requested are sample values of the access log's variables.
var requested = map[string]string{
	"requestId": "JKJaXmPLvHcESHA=", "requestTime": "10/Mar/2026:14:32:15 +0000", "identity.sourceIp": "192.0.2.100", "routeKey": "POST /{proxy+}",
	"path": "/orders", "status": "202", "responseLength": "160", "responseLatency": "45", "integrationErrorMessage": "-", "authorizer.error": "-",
}

// workflowLogged returns how many bytes an order's workflow logs on AWS. lines is what
// the function logged in this process.
func workflowLogged(lines string, o order.Order) int {
	metrics := new(bytes.Buffer)
	emf.New(metrics, "PizzaSaga/pizza-saga").OrderEnded(o)
	invocations := strings.Count(lines, `"msg":"invocation"`)
	lines += metrics.String()
	return len(lines) + strings.Count(lines, "\n")*perEvent + invocations*aroundInvocation
}

// aroundInvocation is what an invocation logs in addition to the function's text, in bytes.
const aroundInvocation = len(platformStart+platformEnd+onAWS) + 2*perEvent

// requestLogged returns how many bytes a request to the API logs, with the given format
// of its access log.
func requestLogged(format string) int {
	function := len(`{"time":"2026-03-21T13:12:04.512Z","level":"INFO","msg":"invocation","action":"http","duration":10521000,"outcome":"ok"}`)
	access := regexp.MustCompile(`\$context\.([\w.]+)`).ReplaceAllStringFunc(format, func(name string) string {
		return requested[strings.TrimPrefix(name, "$context.")]
	})
	return function + len(access) + 2*perEvent + aroundInvocation
}

// template is the part of template.yaml that determines costs.
type template struct {
	Resources map[string]struct {
		Type       string `yaml:"Type"`
		Properties struct {
			AccessLogSettings struct {
				Format string `yaml:"Format"`
			} `yaml:"AccessLogSettings"`
			Metrics []struct {
				MetricStat map[string]any `yaml:"MetricStat"` // nil for an expression
			} `yaml:"Metrics"`
		} `yaml:"Properties"`
	} `yaml:"Resources"`
}

func readTemplate(t *testing.T) (read template) {
	text, err := os.ReadFile("../../template.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &read))
	return read
}

// accessLog returns the format of the API's access log.
func (t template) accessLog() string {
	return t.Resources["ApiStage"].Properties.AccessLogSettings.Format
}

// watched returns the number of metrics that alarms watch.
func (t template) watched() (n int) {
	for _, r := range t.Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		if len(r.Properties.Metrics) == 0 {
			n++
		}
		for _, m := range r.Properties.Metrics {
			if m.MetricStat != nil {
				n++
			}
		}
	}
	return n
}

// traced returns the fraction of calls that X-Ray records if they come at random, at the
// rate per second: the first of each second, and 5 % of the others.
func traced(rate float64) float64 {
	first := 1 - math.Exp(-rate)
	return (first + 0.05*(rate-first)) / rate
}

// billTable is the table of docs/costs.md, from its head to its last row.
var billTable = regexp.MustCompile(`(?m)^\| USD a month.*\n(?:\|.*\n)+`)

func TestTheDocumentHasTheCostOfAMonth(t *testing.T) {
	read := readTemplate(t)
	u := measure(t, workflow.FaultNone, 0)
	happy, size, item := u.cost(), u.logged+requestLogged(read.accessLog()), u.stored+100 // DynamoDB adds 100 bytes to each item
	const traces = 2                                                                      // the request to the API, and the execution with its steps
	rows := []struct {
		name string
		cost func(orders float64) float64 // of a month, for a number of orders a day
	}{
		{"the orders themselves", func(n float64) float64 { return n * daysOfMonth / 1e6 * happy }},
		{fmt.Sprintf("logs, %.1f KB an order", float64(size)/1000), func(n float64) float64 { return n * daysOfMonth * float64(size) / gigabyte * priceLogGB }},
		{"X-Ray, two traces an order, sampled", func(n float64) float64 { return n * daysOfMonth / 1e6 * traces * traced(n/86400) * priceTraces }},
		{"custom metrics: orders by each of the five final statuses", func(n float64) float64 {
			return priceMetric * min(n/24, float64(len(order.EndStatuses()))) // only hours with a value are charged
		}},
		{fmt.Sprintf("alarms, on %d metrics", read.watched()), func(float64) float64 { return priceAlarm * float64(read.watched()) }},
		{fmt.Sprintf("a year of orders, %.1f KB each, with point-in-time recovery", float64(item)/1000), func(n float64) float64 {
			return n * 365 * float64(item) / gigabyte * (priceTableGB + priceBackupGB)
		}},
	}
	days, sums := []float64{10, 1_000, 100_000}, make([]float64, 3)
	bill := new(strings.Builder)
	bill.WriteString("| USD a month, at orders a day | 10 | 1,000 | 100,000 |\n|---|--:|--:|--:|\n")
	for _, r := range rows {
		fmt.Fprintf(bill, "| %s |", r.name)
		for i, n := range days {
			sums[i] += r.cost(n)
			fmt.Fprintf(bill, " %.2f |", r.cost(n))
		}
		bill.WriteString("\n")
	}
	fmt.Fprintf(bill, "| together | %.2f | %.2f | %.2f |\n", sums[0], sums[1], sums[2])
	keep(t, billTable, bill.String())
}

// demoTable is the table of docs/costs.md.
var demoTable = regexp.MustCompile("(?m)^\\| `perStepDelaySeconds` \\| invocations.*\\n(?:\\|.*\\n)+")

// TestTheDocumentHasTheCostOfAnOpenDemo prices the most expensive request that a demo
// accepts, all eight outcomes in one, with the longest delay and without a delay.
func TestTheDocumentHasTheCostOfAnOpenDemo(t *testing.T) {
	const requests = 10 * 86400 // a day, at the default ApiRateLimit
	request := requestLogged(readTemplate(t).accessLog())
	table := new(strings.Builder)
	table.WriteString("| `perStepDelaySeconds` | invocations | function time | states | logs | USD a request | USD a day |\n|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, delaySeconds := range []int{order.MaxPerStepDelaySeconds, 0} {
		all, log := usage{httpRequests: 1, invocations: 1}, request
		for _, o := range outcomes.All() {
			u := measure(t, o.Fault, delaySeconds)
			all.transitions += u.transitions
			all.invocations += u.invocations - 1
			all.writeUnits += u.writeUnits + 1 // the orders are stored in a transaction, which costs twice as much
			all.readUnits += u.readUnits
			all.sqsRequests += u.sqsRequests
			all.delay += u.delay
			log += u.logged
		}
		took := all.delay.Seconds() + float64(all.invocations)*gbSeconds/memoryGB
		cost := all.cost()/1e6 + float64(log)/gigabyte*priceLogGB
		fmt.Fprintf(table, "| %d | %d | %.0f s | %d | %.0f KB | %.4f | %.0f |\n", delaySeconds, all.invocations, took, all.transitions, float64(log)/1000, cost, requests*cost)
	}
	document := keep(t, demoTable, table.String())
	const daily = 86400 * priceTransition / 1e6 // of a state transition a second
	says(t, document, "800 a second are %.0f USD a day, and 5,000, as in us-east-1, us-west-2 and eu-west-1, %.0f", 800*daily, 5000*daily)
}
