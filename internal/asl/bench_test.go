package asl_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pizzasaga/internal/asl"
)

// The benchmarks run the workflow that is deployed, with functions that only
// read their payload and answer it.

func orderMachine(tb testing.TB) *asl.Machine {
	definition, err := os.ReadFile("../../statemachine/pizza.asl.json")
	require.NoError(tb, err)
	machine, err := asl.Load(definition, map[string]string{
		"FunctionArn":                "arn:aws:lambda:us-east-1:123456789012:function:pizza",
		"AddLoyaltyPointsDLQUrl":     "http://localhost/AddLoyaltyPoints",
		"RefundPaymentDLQUrl":        "http://localhost/RefundPayment",
		"ReclaimLoyaltyPointsDLQUrl": "http://localhost/ReclaimLoyaltyPoints",
	})
	require.NoError(tb, err)
	return machine
}

type benchOrder struct {
	OrderID             string `json:"orderId"`
	Flavour             string `json:"flavour"`
	PerStepDelaySeconds int    `json:"perStepDelaySeconds"`
	ErrorOnStep         int    `json:"errorOnStep"`
}

type benchPayload struct {
	Action string     `json:"action"`
	Order  benchOrder `json:"order"`
}

type benchAnswer struct {
	OrderID string `json:"orderId"`
	Status  string `json:"status"`
	Payment string `json:"payment"`
	Loyalty string `json:"loyalty"`
}

// step is the function behind every Task.
func step(_ context.Context, _ string, payload []byte) ([]byte, error) {
	var p benchPayload
	if err := json.Unmarshal(payload, &p); err != nil {
		return nil, err
	}
	return json.Marshal(benchAnswer{p.Order.OrderID, "CREATED", "NONE", "NONE"})
}

func orderEngine(tb testing.TB) *asl.Engine {
	engine, err := asl.New(asl.Config{
		Machine: orderMachine(tb),
		Resources: map[string]asl.Resource{
			"lambda:invoke": asl.LambdaInvoke(step),
			"sqs:sendMessage": asl.SQSSendMessage(func(context.Context, string, string) (string, error) {
				return "1", nil
			}),
		},
	})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, engine.Close(context.Background())) })
	return engine
}

func orderInput(name string, delay int) []byte {
	input, _ := json.Marshal(benchOrder{name, "plain", delay, 0})
	return input
}

// BenchmarkByHand calls the functions of an order in their order, as the
// interpreter calls them: payload out, answer in.
func BenchmarkByHand(b *testing.B) {
	b.ReportAllocs()
	for i := range b.N {
		o := benchOrder{strconv.Itoa(i), "plain", 0, 0}
		for _, action := range []string{"createOrder", "processPayment", "addLoyaltyPoints", "prepareOrder", "processOrder", "completeOrder"} {
			payload, _ := json.Marshal(benchPayload{action, o})
			text, err := step(b.Context(), "pizza", payload)
			var answer benchAnswer
			if err != nil || json.Unmarshal(text, &answer) != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkOrder runs whole orders one after another, with full history.
func BenchmarkOrder(b *testing.B) {
	engine := orderEngine(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		runOrder(b, engine, strconv.Itoa(i))
	}
}

// BenchmarkOrders runs orders side by side: compare -cpu 1 with -cpu 2.
func BenchmarkOrders(b *testing.B) {
	engine := orderEngine(b)
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			runOrder(b, engine, "")
		}
	})
}

func runOrder(b *testing.B, engine *asl.Engine, name string) {
	x, err := engine.Start(name, orderInput(name, 0))
	if err == nil {
		x, err = engine.Wait(b.Context(), x.ARN)
	}
	if err != nil || x.Status != asl.Succeeded {
		b.Fatal(x.Status, x.Error, x.Cause, err)
	}
}

// BenchmarkWaiting holds orders in CookPizza and measures what one of them
// takes of memory, and how long it takes to wake and end one more beside them.
func BenchmarkWaiting(b *testing.B) {
	for _, waiting := range []int{1000, 100000} {
		b.Run(fmt.Sprint(waiting), func(b *testing.B) {
			engine := orderEngine(b)
			before := heapInUse()
			for i := range waiting {
				_, err := engine.Start(strconv.Itoa(i), orderInput(strconv.Itoa(i), 1000))
				require.NoError(b, err)
			}
			settle(b, engine, waiting)
			each := float64(heapInUse()-before) / float64(waiting)
			b.ResetTimer()
			for i := range b.N {
				runOrder(b, engine, "woken-"+strconv.Itoa(i))
			}
			b.ReportMetric(each, "B/waiting")
		})
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse
}

// settle waits until all orders wait in CookPizza, the last one started last.
func settle(b *testing.B, engine *asl.Engine, waiting int) {
	for {
		n := 0
		for _, x := range engine.List() {
			history, err := engine.History(x.ARN)
			require.NoError(b, err)
			for _, e := range history {
				if d, ok := e.Details.(*asl.StateEnteredDetails); ok && d.Name == "CookPizza" {
					n++
				}
			}
		}
		if n == waiting {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}
