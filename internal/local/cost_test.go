package local

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/asl"
	"pizzasaga/internal/order"
	"pizzasaga/internal/outcomes"
	"pizzasaga/internal/simulated"
	"pizzasaga/internal/workflow"
)

// List prices in us-east-1, in USD per million, without any free tier.
//
// https://aws.amazon.com/step-functions/pricing/ /lambda/pricing/
// /dynamodb/pricing/on-demand/ /api-gateway/pricing/ /sqs/pricing/
const (
	priceTransition  = 25.00
	priceInvocation  = 0.20
	priceArmGBSecond = 13.3334
	priceX86GBSecond = 16.6667
	priceWriteUnit   = 0.625
	priceReadUnit    = 0.125
	priceHTTPRequest = 1.00
	priceRESTRequest = 3.50
	priceSQSRequest  = 0.40
)

// memoryGB is the function's memory. gbSeconds is the assumed use of one invocation,
// 10 ms of it. The delay in an order's request is added.
const (
	memoryGB  = 128.0 / 1024
	gbSeconds = 0.010 * memoryGB
)

// usage is how much an order uses of each service.
type usage struct {
	transitions, invocations, writeUnits, readUnits, httpRequests, sqsRequests int
	delay                                                                      time.Duration // of all invocations, from perStepDelaySeconds
	logged, stored                                                             int           // bytes that the workflow logs, and bytes of the item
}

// cost returns the cost of a million such orders, in USD, without logs and storage.
func (u usage) cost() float64 {
	return float64(u.transitions)*priceTransition + float64(u.invocations)*(priceInvocation+gbSeconds*priceArmGBSecond) +
		float64(u.writeUnits)*priceWriteUnit + float64(u.readUnits)*priceReadUnit +
		float64(u.httpRequests)*priceHTTPRequest + float64(u.sqsRequests)*priceSQSRequest +
		u.delay.Seconds()*memoryGB*priceArmGBSecond
}

// original is the same cost for the TypeScript design that this one follows: 7
// states; 6 invocations on x86; 5 writes; a message sent, received and deleted; a
// request to a REST API. Its reads from SSM cost nothing.
const original = 7*priceTransition + 6*(priceInvocation+gbSeconds*priceX86GBSecond) + 5*priceWriteUnit + 3*priceSQSRequest + priceRESTRequest

// writing is how long a write takes in the bubble. Adding points takes half as long, so
// that the race between points and kitchen always has the same winner: a kitchen that
// fails at once is faster than the points, one that writes first is slower.
const writing = time.Millisecond

// metered counts the read and write units that DynamoDB would charge for.
type metered struct {
	order.Orders
	mu   *sync.Mutex // for used: branches write concurrently
	used *usage
}

func (m metered) Get(ctx context.Context, id string) (order.Order, error) {
	o, err := m.Orders.Get(ctx, id)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used.readUnits += units(o, 4096)
	return o, err
}

func (m metered) Apply(ctx context.Context, id string, c order.Change) (order.Order, bool, error) {
	time.Sleep(writing)
	o, moved, err := m.Orders.Apply(ctx, id, c)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used.writeUnits += units(o, 1024) // a write whose condition fails is charged, too
	return o, moved, err
}

// units returns how many units DynamoDB charges for an order's item, for a unit of size bytes.
func units(o order.Order, size int) int { return (itemBytes(o) + size - 1) / size }

// itemBytes returns the size of the item that internal/aws/dynamodb stores for an order:
// its JSON, its key and the id of its last change.
func itemBytes(o order.Order) int {
	text, _ := json.Marshal(o)
	var item map[string]any
	_ = json.Unmarshal(text, &item)
	item["pk"], item["changeId"] = "order#"+o.ID, rand.Text()
	return itemSize(item) - 3 // an item lacks the overhead of a map
}

// itemSize returns the size of a value as DynamoDB counts it, in bytes.
//
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func itemSize(v any) (size int) {
	switch v := v.(type) {
	case string:
		if _, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return len("2006-01-02T15:04:05.000Z") // even if trailing zeros are omitted, so that the size is constant
		}
		return len(v)
	case map[string]any:
		size = 3
		for name, value := range v {
			size += 1 + len(name) + itemSize(value)
		}
	case []any:
		size = 3
		for _, value := range v {
			size += 1 + itemSize(value)
		}
	default: // a number of one or two digits
		size = 2
	}
	return size
}

// measure runs an order with the fault and returns its usage.
func measure(t *testing.T, fault order.Fault, delaySeconds int) (u usage) {
	var log bytes.Buffer
	mu := new(sync.Mutex)
	slow := func(ctx context.Context, r order.Request) error {
		start := time.Now()
		err := simulated.Gateway{}.Charge(ctx, r)
		mu.Lock()
		defer mu.Unlock()
		u.delay += time.Since(start)
		return err
	}
	inBubble(t, func(w *world) {
		w.parts.store = metered{w.orders, mu, &u}
		w.parts.programme = programme{func(ctx context.Context, r order.Request) error {
			time.Sleep(writing / 2)
			return w.points.give(ctx, r)
		}, w.points.takeBack}
		if delaySeconds > 0 {
			w.parts.gateway, w.parts.programme, w.parts.kitchen = bank{slow, slow}, programme{slow, slow}, kitchen{prepare: slow, handOver: slow}
		}
		var err error
		w.shop, err = open(Config{Logger: slog.New(slog.NewJSONHandler(&log, nil))}, w.orders, w.queues, w.parts)
		require.NoError(w, err)
		r := w.run(fmt.Sprintf(`{"errorOnStep":%d,"perStepDelaySeconds":%d}`, fault, delaySeconds))
		u.logged, u.stored = workflowLogged(log.String(), r.Order), itemBytes(r.Order)
		events, err := w.shop.history(r.Order.ID)
		require.NoError(w, err)
		// Submitting takes a request, an invocation and a write. The workflow does the rest.
		u.httpRequests, u.invocations = 1, 1
		u.writeUnits += units(order.New(r.Order.Request, r.Order.CreatedAt), 1024)
		for _, e := range events {
			if e.Entered() {
				u.transitions++
			}
			scheduled, ok := e.Details.(*asl.TaskScheduledDetails)
			if !ok {
				continue
			}
			if e.Attempt > 1 {
				u.transitions++ // a retry
			}
			if scheduled.ResourceType == "lambda" {
				u.invocations++
			} else {
				u.sqsRequests++
			}
		}
	})
	require.Equal(t, u.invocations-1, strings.Count(log.String(), `"msg":"invocation"`), "the shop answers requests without the function")
	return u
}

var update = flag.Bool("update", false, "rewrite the tables of costs")

// ordersTable is the table of docs/costs.md, from its head to its last row.
var ordersTable = regexp.MustCompile(`(?m)^\| errorOnStep \| states.*\n(?:\|.*\n)+`)

func TestTheDocumentHasTheCostOfAnOrder(t *testing.T) {
	var table strings.Builder
	table.WriteString("| errorOnStep | states, with retries | invocations | write units | read units | messages | USD per million orders |\n|---|--:|--:|--:|--:|--:|--:|\n")
	for _, o := range outcomes.All() {
		u := measure(t, o.Fault, 0)
		fmt.Fprintf(&table, "| %d %s | %d | %d | %d | %d | %d | %.2f |\n", o.Fault, workflow.FaultStep(o.Fault),
			u.transitions, u.invocations, u.writeUnits, u.readUnits, u.sqsRequests, u.cost())
	}
	fmt.Fprintf(&table, "| the original design, without a failure | 7 | 6 | 5 | 0 | 3 | %.2f |\n", original)
	document := keep(t, ordersTable, table.String())
	read := usage{httpRequests: 1, invocations: 1, readUnits: 1}
	says(t, document, "each read is %.2f USD per million", read.cost())
}

// says requires that a text contains another, regardless of line breaks.
func says(t *testing.T, text, what string, args ...any) {
	t.Helper()
	what = fmt.Sprintf(what, args...)
	require.True(t, strings.Contains(strings.Join(strings.Fields(text), " "), what), "the text does not contain %q", what)
}

// keep requires that docs/costs.md has the table, or writes it, and returns the
// document.
func keep(t *testing.T, place *regexp.Regexp, table string) string {
	t.Helper()
	const file = "../../docs/costs.md"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	if *update {
		text = place.ReplaceAllLiteral(text, []byte(table))
		require.NoError(t, os.WriteFile(file, text, 0o644))
	}
	require.True(t, table == string(place.Find(text)), "a table in docs/costs.md is out of date; write it again: go test ./internal/local -run Cost -update\n%s", table)
	return string(text)
}
